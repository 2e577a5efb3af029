// What became of what we sent, where a partner does not know a repeat and can be asked: it is never
// sent a second time by accident, never taken for another, and asking leaves no heap behind.
#pragma once

#include "tests/conformance/ledger_suite.hpp"

namespace ecert::hub {

class ledger_asks : public ledger_suite {
  protected:
    ledger_asks() {
        policy_.can_track = true;
        policy_.honours_message_id = false;
        policy_.track_after = 1min;
        policy_.retry.jitter = 0;
    }
    applied tell(const queue::task& t, queue::outcome_class what, std::string reference = {}) {
        auto o = outcome_of(t, what);
        o.reference = std::move(reference);
        return ledger_suite::tell(o);
    }
    // What is due next, however long it takes.
    queue::task next() {
        const auto due = good(books_->next_due()).value();
        if (due > time_.now()) time_.advance(due - time_.now());
        return take_one();
    }
    uuid in_custody(std::string reference = "HUB-7") {
        const auto d = take_in(push("A/1", "<a/>")).delivery;
        tell(take_one(), queue::outcome_class::sent, std::move(reference));
        return d;
    }
};

TEST_P(ledger_asks, absent_settles_from_the_first_time_it_was_said) {
    take_in(push("A/1", "<a/>"));
    tell(take_one(), queue::outcome_class::ambiguous);
    const auto sent = time_.now();
    auto asks = next();
    while (time_.now() < sent + 11min) {
        ASSERT_EQ(asks.verb, queue::verb::track);
        tell(asks, queue::outcome_class::temporary);
        asks = next();
    }
    EXPECT_EQ(tell(asks, queue::outcome_class::absent).verdict.act, act::ask)
        << "they came up a moment ago";
    const auto first_said = time_.now();
    while (tell(asks = next(), queue::outcome_class::absent).verdict.act == act::ask)
        EXPECT_EQ(asks.verb, queue::verb::track);
    EXPECT_EQ(time_.now(), first_said + policy_.retry.settle);
}

TEST_P(ledger_asks, any_other_answer_begins_the_settling_anew) {
    const auto d = in_custody();
    tell(next(), queue::outcome_class::absent);
    time_.advance(9min);
    tell(next(), queue::outcome_class::temporary);
    time_.advance(9min);
    EXPECT_EQ(tell(next(), queue::outcome_class::absent).verdict.act, act::ask);
    EXPECT_EQ(state_now(d), state::sent);
}

}  // namespace ecert::hub
