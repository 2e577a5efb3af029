#include "hub/dispatch/rate.hpp"

#include <gtest/gtest.h>

#include <limits>

namespace ecert::hub {
namespace {

using std::chrono_literals::operator""s;
using std::chrono_literals::operator""ms;
using std::chrono_literals::operator""h;

steady_point at(duration since_start) { return steady_point{since_start}; }

TEST(rate, none_is_no_limit) {
    const rate r{0};
    EXPECT_EQ(r.available(at(0s)), std::numeric_limits<unsigned>::max());
    EXPECT_EQ(r.wait(at(0s)), 0ms);
}

TEST(rate, holds_one_second_of_attempts_and_fills_evenly) {
    rate r{10};
    EXPECT_EQ(r.available(at(5s)), 10u);
    r.take(10, at(5s));
    EXPECT_EQ(r.available(at(5s)), 0u);
    EXPECT_EQ(r.wait(at(5s)), 100ms);
    EXPECT_EQ(r.available(at(5'100ms)), 1u);
    EXPECT_EQ(r.available(at(5'250ms)), 2u);
    EXPECT_EQ(r.available(at(1h)), 10u) << "no more than a second's worth is saved up";
}

TEST(rate, below_one_a_second_still_lets_one_go) {
    rate r{0.1};
    EXPECT_EQ(r.available(at(0s)), 1u);
    r.take(1, at(0s));
    EXPECT_EQ(r.wait(at(0s)), 10s);
    EXPECT_EQ(r.available(at(9'999ms)), 0u);
    EXPECT_EQ(r.available(at(10s)), 1u);
}

TEST(rate, over_an_hour_gives_what_was_set) {
    rate r{3};
    unsigned sent = 0;
    for (duration now = 0s; now < 1h;) {
        const auto can = r.available(at(now));
        r.take(can, at(now));
        sent += can;
        now += r.wait(at(now));
    }
    EXPECT_NEAR(sent, 3 * 3600, 12);
}

TEST(rate, a_change_keeps_what_is_in_the_bucket) {
    rate r{10};
    r.take(10, at(0s));
    r.change(100, at(0s));
    EXPECT_EQ(r.available(at(0s)), 0u);
    EXPECT_EQ(r.available(at(500ms)), 50u);
    r.change(0, at(500ms));
    EXPECT_EQ(r.available(at(500ms)), std::numeric_limits<unsigned>::max());
}

}  // namespace
}  // namespace ecert::hub
