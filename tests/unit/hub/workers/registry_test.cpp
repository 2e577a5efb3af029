#include "hub/workers/registry.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace ecert::hub {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

crypto::sha256 digest(std::uint8_t value) {
    crypto::sha256 d;
    d.bytes.fill(value);
    return d;
}

class hosts : public testing::Test {
  protected:
    moment_of_hosts now() const { return {time.now(), time.steady()}; }

    queue::heartbeat beat(const std::string& host = "abroad") const {
        return {host,
                "0.1.0",
                time.now(),
                time.now(),
                0,
                "",
                {{"NZ", "nz", digest(1), digest(2)}},
                {{"cn", time.now() + std::chrono::hours{24 * 300}}}};
    }
    queue::heartbeat_answer take(const queue::heartbeat& h) {
        return known.take(h, {"NZ", "AU"}, planned, now());
    }
    std::vector<std::string> told(const std::vector<std::string>& waiting = {}) {
        std::vector<std::string> kinds;
        for (const auto& t : known.to_tell(waiting, now())) kinds.push_back(t.kind);
        return kinds;
    }

    manual_clock time{parse_rfc3339("2026-11-25T00:00:00Z").value()};
    planned_profiles planned{{"NZ", {"nz", digest(1), digest(2)}},
                             {"AU", {"au", digest(3), digest(4)}}};
    registry known{"0.1.0", time.steady()};
};

TEST_F(hosts, one_that_agrees_serves_its_partners_and_is_told_nothing) {
    EXPECT_THAT(take(beat()).differs, IsEmpty());
    EXPECT_TRUE(known.serves("NZ", time.steady()));
    EXPECT_FALSE(known.serves("AU", time.steady()));
    time.advance(29s);
    EXPECT_THAT(told({"NZ"}), IsEmpty());
}

TEST_F(hosts, a_clock_more_than_five_seconds_off_is_told_both_ways) {
    for (const auto off : {-6s, 6s}) {
        auto h = beat();
        h.now += off;
        EXPECT_THAT(take(h).differs, ElementsAre(HasSubstr("6 s ")));
    }
    auto h = beat();
    h.now += 5s;
    EXPECT_THAT(take(h).differs, IsEmpty());
}

TEST_F(hosts, other_digests_do_not_count_as_serving) {
    auto h = beat();
    h.partners[0].dialect = digest(9);
    EXPECT_THAT(take(h).differs, ElementsAre(HasSubstr("another dialect of NZ")));
    EXPECT_FALSE(known.serves("NZ", time.steady()));
    h = beat();
    h.partners[0].profile = digest(9);
    EXPECT_THAT(take(h).differs, ElementsAre(HasSubstr("another profile of NZ")));
    h = beat();
    h.partners[0].channel = "other";
    EXPECT_THAT(take(h).differs, ElementsAre(HasSubstr("by channel other")));
}

TEST_F(hosts, a_partner_that_its_file_does_not_allow_is_not_served) {
    EXPECT_THAT(known.take(beat(), {"AU"}, planned, now()).differs,
                ElementsAre(HasSubstr("does not allow")));
    EXPECT_FALSE(known.serves("NZ", time.steady()));
}

TEST_F(hosts, version_queue_and_keys_are_looked_at) {
    auto h = beat();
    h.version = "0.0.9";
    h.queue_trouble = "no broker answers";
    h.keys[0].not_after = time.now() + std::chrono::hours{24 * 29};
    take(h);
    EXPECT_THAT(told(), testing::UnorderedElementsAre("other-version", "queue", "key-ends"));
}

TEST_F(hosts, silence_ends_serving_and_is_told) {
    take(beat());
    time.advance(31s);
    EXPECT_FALSE(known.serves("NZ", time.steady()));
    EXPECT_THAT(told({"NZ"}), testing::UnorderedElementsAre("silent", "partner-unserved"));
    ASSERT_EQ(known.rows(time.steady()).size(), 1u);
    EXPECT_TRUE(known.rows(time.steady())[0].silent);
}

TEST_F(hosts, who_says_that_it_stops_serves_nobody_and_is_not_missed) {
    time.advance(31s);
    auto h = beat();
    take(h);
    h.stopping = true;
    take(h);
    EXPECT_FALSE(known.serves("NZ", time.steady()));
    EXPECT_THAT(told({"NZ"}), ElementsAre("partner-unserved"));
    time.advance(31s);
    EXPECT_THAT(told({}), IsEmpty());
    EXPECT_TRUE(known.rows(time.steady())[0].stopped);
    EXPECT_FALSE(known.rows(time.steady())[0].silent);
    take(beat());
    EXPECT_TRUE(known.serves("NZ", time.steady()));
}

TEST_F(hosts, a_partner_with_nothing_waiting_is_not_missed) {
    time.advance(31s);
    EXPECT_THAT(told({}), IsEmpty());
}

TEST_F(hosts, a_hub_that_has_just_started_misses_nobody_yet) {
    time.advance(29s);
    EXPECT_THAT(told({"NZ"}), IsEmpty());
    time.advance(2s);
    EXPECT_THAT(told({"NZ"}), ElementsAre("partner-unserved"));
}

TEST_F(hosts, a_trouble_is_told_once_then_daily_and_anew_after_it_was_over) {
    time.advance(31s);
    EXPECT_THAT(told({"NZ"}), ElementsAre("partner-unserved"));
    EXPECT_THAT(told({"NZ"}), IsEmpty());
    time.advance(24h);
    EXPECT_THAT(told({"NZ"}), ElementsAre("partner-unserved"));
    take(beat());
    EXPECT_THAT(told({"NZ"}), IsEmpty());
    time.advance(31s);
    EXPECT_THAT(told({"NZ"}), testing::UnorderedElementsAre("silent", "partner-unserved"));
}

TEST_F(hosts, a_later_heartbeat_replaces_the_earlier) {
    auto h = beat();
    h.partners[0].profile = digest(9);
    take(h);
    take(beat());
    EXPECT_TRUE(known.serves("NZ", time.steady()));
    EXPECT_THAT(told(), IsEmpty());
}

}  // namespace
}  // namespace ecert::hub
