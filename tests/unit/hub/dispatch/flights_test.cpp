#include "hub/dispatch/flights.hpp"

#include <gtest/gtest.h>

namespace ecert::hub {
namespace {

using std::chrono_literals::operator""s;

flight one(std::int64_t work, std::uint32_t attempt, duration end, bool suspect = false) {
    return {work, attempt, "NL", "hub", time_point{end}, suspect};
}

TEST(flights, count_per_channel_and_partner_until_they_land) {
    flights f;
    f.depart(one(1, 1, 10s));
    f.depart({2, 1, "NZ", "hub", time_point{20s}, false});
    EXPECT_EQ(f.on("hub"), 2u);
    EXPECT_EQ(f.of("NL"), 1u);
    EXPECT_TRUE(f.land(1, 1));
    EXPECT_EQ(f.on("hub"), 1u);
    EXPECT_EQ(f.of("NL"), 0u);
    EXPECT_EQ(f.next_end(), time_point{20s});
}

TEST(flights, an_outcome_of_another_attempt_lands_nothing) {
    flights f;
    f.depart(one(1, 2, 10s));
    EXPECT_FALSE(f.land(1, 1));
    EXPECT_FALSE(f.land(9, 1));
    EXPECT_EQ(f.on("hub"), 1u);
}

TEST(flights, a_lost_outcome_frees_its_place_when_the_lease_ends) {
    flights f;
    f.depart(one(1, 1, 10s));
    f.depart(one(2, 1, 20s));
    EXPECT_TRUE(f.lost(time_point{duration{9999}}).empty());
    const auto lost = f.lost(time_point{10s});
    ASSERT_EQ(lost.size(), 1u);
    EXPECT_EQ(lost[0].work, 1);
    EXPECT_EQ(f.on("hub"), 1u);
    EXPECT_FALSE(f.land(1, 1)) << "it was counted out already";
}

TEST(flights, a_new_attempt_replaces_the_one_before) {
    flights f;
    f.depart(one(1, 1, 10s, true));
    f.depart(one(1, 2, 30s));
    EXPECT_EQ(f.on("hub"), 1u);
    EXPECT_FALSE(f.suspect_out());
    EXPECT_EQ(f.next_end(), time_point{30s});
}

TEST(flights, know_whether_a_suspect_is_out) {
    flights f;
    f.depart(one(1, 1, 10s, true));
    EXPECT_TRUE(f.suspect_out());
    f.land(1, 1);
    EXPECT_FALSE(f.suspect_out());
    EXPECT_TRUE(f.empty());
}

TEST(flights, a_suspect_that_stands_aside_is_none_until_it_is_alone_again) {
    flights out;
    out.depart({.work = 1, .attempt = 2, .partner = "NL", .channel = "c", .suspect = true});
    EXPECT_TRUE(out.suspect_out());
    out.suspect(1, 2, false);
    out.suspect(1, 2, false);
    EXPECT_FALSE(out.suspect_out());
    out.suspect(1, 1, true);
    out.suspect(9, 1, true);
    EXPECT_FALSE(out.suspect_out());
    out.suspect(1, 2, true);
    EXPECT_TRUE(out.suspect_out());
    out.land(1, 2);
    EXPECT_FALSE(out.suspect_out());
    EXPECT_EQ(out.suspects_back(), 2u);
}

}  // namespace
}  // namespace ecert::hub
