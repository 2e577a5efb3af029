#include "hub/dispatch/circuit.hpp"

#include <gtest/gtest.h>

namespace ecert::hub {
namespace {

using phase = circuit::phase;

steady_point at(duration since_start) { return steady_point{since_start}; }

class circuit_test : public testing::Test {
  protected:
    circuit_test() { c.configure(circuit_settings{}, 64); }
    void fail(int times, duration when = 0s) {
        for (int i = 0; i < times; ++i) c.failure(100 + i, at(when));
    }
    // Opens, waits, sends work 1 as the probe.
    void probe(duration when) {
        ASSERT_TRUE(c.wants_probe(at(when)));
        c.probe_sent(1);
        ASSERT_EQ(c.now_in(), phase::probing);
    }
    circuit c;
};

TEST_F(circuit_test, opens_after_so_many_failures_in_a_row) {
    fail(4);
    EXPECT_EQ(c.now_in(), phase::closed);
    fail(1);
    EXPECT_EQ(c.now_in(), phase::open);
    EXPECT_EQ(c.room(0, at(29s)), 0u);
}

TEST_F(circuit_test, a_success_between_failures_keeps_it_closed) {
    fail(4);
    c.success(7, at(0s));
    fail(4);
    EXPECT_EQ(c.now_in(), phase::closed);
}

TEST_F(circuit_test, misconfigured_opens_at_once_and_remembers_by_whom) {
    c.open_at_once(42, at(0s));
    EXPECT_EQ(c.now_in(), phase::open);
    EXPECT_EQ(c.opener(), 42);
}

TEST_F(circuit_test, one_probe_goes_when_its_time_is_over_and_no_second) {
    fail(5);
    EXPECT_FALSE(c.wants_probe(at(29'999ms)));
    EXPECT_EQ(c.room(0, at(30s)), 1u);
    probe(30s);
    EXPECT_EQ(c.room(1, at(1h)), 0u);
    EXPECT_FALSE(c.wants_probe(at(1h)));
}

TEST_F(circuit_test, a_failed_probe_doubles_the_time_up_to_the_longest) {
    fail(5);
    duration now = 30s;
    for (duration wait : {60s, 120s, 240s, 480s, 600s, 600s}) {
        probe(now);
        c.failure(1, at(now));
        EXPECT_EQ(c.until(), at(now + wait));
        now += wait;
    }
}

TEST_F(circuit_test, a_good_probe_ramps_up_until_it_is_closed) {
    fail(5);
    probe(30s);
    c.success(1, at(31s));
    for (unsigned allowed : {4u, 8u, 16u, 32u}) {
        EXPECT_EQ(c.now_in(), phase::ramp);
        EXPECT_EQ(c.allowed(), allowed);
        EXPECT_EQ(c.room(1, at(31s)), allowed - 1);
        EXPECT_EQ(c.room(allowed + 5, at(31s)), 0u);
        c.success(2, at(32s));
    }
    EXPECT_EQ(c.now_in(), phase::closed);
}

TEST_F(circuit_test, a_failure_while_it_ramps_opens_it_for_the_first_time_span) {
    fail(5);
    probe(30s);
    c.failure(1, at(30s));
    probe(90s);
    c.success(1, at(90s));
    c.failure(2, at(100s));
    EXPECT_EQ(c.now_in(), phase::open);
    EXPECT_EQ(c.until(), at(130s));
}

TEST_F(circuit_test, what_was_sent_before_it_opened_changes_nothing_afterwards) {
    fail(5);
    const auto until = c.until();
    c.failure(7, at(20s));
    c.open_at_once(8, at(20s));
    c.success(9, at(20s));
    EXPECT_EQ(c.now_in(), phase::open);
    EXPECT_EQ(c.until(), until);
    probe(30s);
    c.failure(7, at(31s));
    c.success(9, at(31s));
    c.open_at_once(8, at(31s));
    EXPECT_EQ(c.now_in(), phase::probing);
}

TEST_F(circuit_test, a_probe_that_proved_nothing_makes_room_for_another) {
    fail(5);
    probe(30s);
    c.probe_lost(99);
    EXPECT_EQ(c.now_in(), phase::probing) << "somebody else's loss";
    c.probe_lost(1);
    EXPECT_TRUE(c.wants_probe(at(30s)));
}

TEST_F(circuit_test, a_window_no_larger_than_the_ramp_closes_with_the_probe) {
    c.configure(circuit_settings{}, 4);
    fail(5);
    probe(30s);
    c.success(1, at(30s));
    EXPECT_EQ(c.now_in(), phase::closed);
}

}  // namespace
}  // namespace ecert::hub
