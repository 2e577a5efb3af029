#include "adapters/http/admission.hpp"

#include <gmock/gmock.h>

#include <memory>
#include <vector>

namespace ecert::http::tests {
namespace {

constexpr auto start = steady_point{} + 1h;

// Nothing but how it was ended.
class fake_transport final : public transport {
  public:
    awaitable<io_result> read_some(std::span<char>, steady_point) override {
        co_return io_result{};
    }
    awaitable<io_result> write_some(std::string_view, steady_point) override {
        co_return io_result{};
    }
    awaitable<void> close(steady_point) override { co_return; }
    void cancel() override { cancelled = true; }
    void abort() override { aborted = true; }
    bool quiet() const override { return true; }
    const std::optional<crypto::certificate>& peer() const override { return nobody_; }
    std::optional<unsigned> unix_user() const override { return {}; }
    std::string remote() const override { return {}; }

    bool cancelled = false, aborted = false;

  private:
    std::optional<crypto::certificate> nobody_;
};

class an_admission : public testing::Test {
  protected:
    std::vector<std::string> out;
    admission door{{.connections = 4,
                    .per_identity = 2,
                    .handshakes = 4,
                    .handshakes_per_source = 3,
                    .grace = 1'000ms},
                   [this](const guest& one) { out.push_back(one.source() + one.identity()); }};
    struct line {
        fake_transport io;
        guest who;
        line(admission& at, std::string from) : who{at, std::move(from)} { who.io = &io; }
    };
    std::vector<std::unique_ptr<line>> lines;

    line& comes(const std::string& from) {
        return *lines.emplace_back(std::make_unique<line>(door, from));
    }
    // A connection that has a place: its handshake was at `now`, and it rests since.
    seat sits(const std::string& as, steady_point now) {
        auto& one = comes("");
        door.shakes_hands(one.who, now);
        return door.sit(one.who, as, now);
    }
};

TEST_F(an_admission, counts_unfinished_handshakes_beside_the_connections) {
    for (int i = 0; i < 4; ++i) door.shakes_hands(comes(std::to_string(i)).who, start);
    EXPECT_TRUE(door.full_until(start)) << "no fifth handshake";
    for (int i = 0; i < 4; ++i)
        EXPECT_EQ(door.sit(lines[i]->who, std::to_string(i), start), seat::given);
    EXPECT_FALSE(door.full_until(start)) << "connections take no place of handshakes";
}

TEST_F(an_admission, lets_the_busiest_source_pay_when_no_handshake_has_a_place) {
    auto& honest = comes("honest");
    door.shakes_hands(honest.who, start);
    for (int i = 0; i < 3; ++i) door.shakes_hands(comes("silent").who, start + 1ms);
    EXPECT_TRUE(door.full_until(start + 500ms)) << "who is quick is not put out";
    EXPECT_THAT(out, testing::IsEmpty());
    EXPECT_FALSE(door.full_until(start + 2s));
    EXPECT_THAT(out, testing::ElementsAre("silent"));
    EXPECT_TRUE(lines[1]->io.aborted);
    EXPECT_FALSE(honest.io.aborted) << "it is the oldest, but not of the busiest source";
}

TEST_F(an_admission, looks_past_a_source_whose_handshakes_are_young) {
    door.shakes_hands(comes("old").who, start);
    door.shakes_hands(comes("old").who, start);
    for (int i = 0; i < 2; ++i) door.shakes_hands(comes("young").who, start + 1s);
    EXPECT_FALSE(door.full_until(start + 1s));
    EXPECT_TRUE(lines[0]->io.aborted);
}

TEST_F(an_admission, gives_a_source_beyond_its_part_no_grace) {
    for (int i = 0; i < 4; ++i) door.shakes_hands(comes("flood").who, start);
    EXPECT_FALSE(door.full_until(start)) << "another comes, and need not wait";
    EXPECT_TRUE(lines[3]->io.aborted) << "those before it may be about to end";
    door.shakes_hands(comes("honest").who, start);
    EXPECT_TRUE(door.full_until(start)) << "now each has no more than its part";
    EXPECT_THAT(out, testing::ElementsAre("flood"));
}

TEST_F(an_admission, gives_one_identity_its_part_of_the_connections) {
    EXPECT_EQ(sits("greedy", start), seat::given);
    EXPECT_EQ(sits("greedy", start), seat::given);
    EXPECT_EQ(sits("greedy", start), seat::identity_has_its_part);
    EXPECT_EQ(sits("honest", start), seat::given);
    EXPECT_EQ(sits("greedy", start + 1s), seat::given) << "its longest idle one makes room";
    EXPECT_TRUE(lines[0]->io.cancelled);
    EXPECT_FALSE(lines[3]->io.cancelled) << "nobody else pays";
}

TEST_F(an_admission, closes_the_longest_idle_connection_when_all_are_taken) {
    for (const auto* one : {"a", "b", "c", "d"}) sits(one, start);
    lines[0]->who.works();
    lines[1]->who.rests(start + 10s);
    EXPECT_EQ(sits("e", start + 10s), seat::given);
    EXPECT_THAT(out, testing::ElementsAre("c"));
    EXPECT_FALSE(lines[0]->io.cancelled) << "it is at work";
}

TEST_F(an_admission, refuses_when_all_are_at_work) {
    for (const auto* one : {"a", "b", "c", "d"}) sits(one, start);
    for (auto& one : lines) one->who.works();
    EXPECT_EQ(sits("e", start + 10s), seat::all_taken);
    lines.erase(lines.begin());
    EXPECT_EQ(sits("e", start + 10s), seat::given) << "a place that was given up";
}

TEST_F(an_admission, puts_silent_ones_out_also_when_every_place_of_both_kinds_is_taken) {
    for (const auto* one : {"a", "b", "c", "d"}) sits(one, start);
    for (int i = 0; i < 4; ++i) door.shakes_hands(comes("silent").who, start);
    EXPECT_EQ(door.full_until(start + 1s), steady_point::max()) << "until it is gone";
    EXPECT_TRUE(lines[4]->io.aborted);
    lines.erase(lines.begin() + 4);
    EXPECT_FALSE(door.full_until(start + 1s));
}

TEST_F(an_admission, bounds_those_who_are_leaving_too) {
    for (int i = 0; i < 8; ++i) comes("leaving");
    EXPECT_EQ(door.full_until(start), steady_point::max());
    lines.pop_back();
    EXPECT_FALSE(door.full_until(start));
}

TEST(source_of, takes_the_network_of_a_subscriber_for_its_address) {
    const auto of = [](const char* text) { return source_of(boost::asio::ip::make_address(text)); };
    EXPECT_EQ(of("192.0.2.7"), "192.0.2.7");
    EXPECT_EQ(of("::ffff:192.0.2.7"), "192.0.2.7");
    EXPECT_EQ(of("2001:db8:1:2:3::4"), of("2001:db8:1:2:ffff::1"));
    EXPECT_NE(of("2001:db8:1:2::1"), of("2001:db8:1:3::1"));
}

}  // namespace
}  // namespace ecert::http::tests
