#include "hub/operators/waiting.hpp"

#include <gtest/gtest.h>

namespace ecert::hub {
namespace {

const time_point now{1h};
const outside gone{"b1:5672: refused", false}, unserved{"", true}, both{"b1:5672: refused", true};

custody_view work(state s, std::optional<time_point> next) {
    custody_view v;
    v.partner = "NZ";
    v.state = s;
    v.holder = "hub";
    v.reason = "as the ledger says";
    v.next_try = next;
    return v;
}

std::string reason(custody_view v, const outside& is) {
    say_why_it_waits(v, is, now);
    return v.reason;
}

TEST(waiting, due_work_names_what_it_waits_for) {
    const auto due = work(state::waiting, now);
    EXPECT_EQ(reason(due, {}), "as the ledger says");
    EXPECT_EQ(reason(due, gone), "waits for the queue: b1:5672: refused");
    EXPECT_EQ(reason(due, unserved), "waits: no worker serves NZ");
    EXPECT_EQ(reason(due, both), "waits for the queue: b1:5672: refused") << "that comes first";
}

TEST(waiting, work_in_the_queue_that_nobody_takes_says_so) {
    auto out = work(state::queued, {});
    EXPECT_EQ(reason(out, unserved), "waits: no worker serves NZ");
    EXPECT_EQ(reason(out, gone), "as the ledger says") << "it is out already";
    say_why_it_waits(out, unserved, now);
    EXPECT_EQ(out.holder, "queue");
}

TEST(waiting, what_is_due_later_ended_or_stopped_keeps_its_own_reason) {
    EXPECT_EQ(reason(work(state::waiting, now + 1ms), both), "as the ledger says");
    EXPECT_EQ(reason(work(state::parked, {}), both), "as the ledger says");
    EXPECT_EQ(reason(work(state::held, {}), both), "as the ledger says");
    auto over = work(state::waiting, now);
    over.ended = true;
    EXPECT_EQ(reason(over, both), "as the ledger says");
}

TEST(waiting, it_is_an_operator_who_must_act_and_nothing_is_parked) {
    auto due = work(state::waiting, now);
    say_why_it_waits(due, unserved, now);
    EXPECT_EQ(due.state, state::waiting);
    EXPECT_EQ(due.who_must_act, "operator: start an adapter for NZ; it goes on by itself then");
}

}  // namespace
}  // namespace ecert::hub
