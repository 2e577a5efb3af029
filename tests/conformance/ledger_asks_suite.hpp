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

TEST_P(ledger_asks, a_retry_of_an_asking_that_parked_asks_again) {
    const auto d = in_custody();
    tell(next(), queue::outcome_class::unrecognised);
    ASSERT_EQ(state_now(d), state::parked);
    good(books_->retry(d, "operator:root", "a rule was added", time_.now()));
    const auto again = take_one();
    EXPECT_EQ(again.verb, queue::verb::track) << "they have it: sent now, they would have two";
    EXPECT_EQ(again.reference, "HUB-7");
    tell(again, queue::outcome_class::sent, "HUB-7");
    EXPECT_EQ(state_now(d), state::sent);
}

TEST_P(ledger_asks, a_retry_after_ten_days_of_failed_askings_asks_again) {
    const auto d = in_custody();
    while (state_now(d) != state::parked) tell(next(), queue::outcome_class::temporary);
    EXPECT_EQ(good(books_->custody_of(d)).reason, "horizon-passed");
    good(books_->retry(d, "operator:root", "they are back", time_.now()));
    EXPECT_EQ(take_one().verb, queue::verb::track);
}

TEST_P(ledger_asks, a_retry_of_a_send_that_nobody_could_be_asked_about_yet_asks_first) {
    const auto d = take_in(push("A/1", "<a/>")).delivery;
    tell(take_one(), queue::outcome_class::ambiguous);
    tell(next(), queue::outcome_class::unrecognised);
    good(books_->retry(d, "operator:root", "a rule was added", time_.now()));
    EXPECT_EQ(take_one().verb, queue::verb::track);
}

TEST_P(ledger_asks, a_retry_sends_what_they_refused_or_do_not_have) {
    const auto d = in_custody();
    tell(next(), queue::outcome_class::refused);
    good(books_->retry(d, "operator:root", "their rules changed", time_.now()));
    auto again = take_one();
    EXPECT_EQ(again.verb, queue::verb::deliver);
    tell(again, queue::outcome_class::sent, "HUB-8");
    while (state_now(d) != state::parked) tell(next(), queue::outcome_class::absent);
    good(books_->retry(d, "operator:root", "it never arrived", time_.now()));
    EXPECT_EQ(take_one().verb, queue::verb::deliver);
}

TEST_P(ledger_asks, a_late_proof_of_custody_makes_a_retry_ask) {
    const auto d = take_in(push("A/1", "<a/>")).delivery;
    const auto first = take_one();
    time_.advance(5min);
    end_leases();
    while (state_now(d) != state::parked) tell(next(), queue::outcome_class::absent);
    tell(first, queue::outcome_class::sent, "HUB-7");
    good(books_->retry(d, "operator:root", "it never arrived", time_.now()));
    const auto again = take_one();
    EXPECT_EQ(again.verb, queue::verb::track);
    EXPECT_EQ(again.reference, "HUB-7");
}

TEST_P(ledger_asks, the_number_of_what_they_refused_is_not_asked_about_after_a_new_send) {
    const auto d = in_custody("HUB-7");
    tell(next(), queue::outcome_class::refused, "HUB-7");
    good(books_->retry(d, "operator:root", "their rules changed", time_.now()));
    tell(take_one(), queue::outcome_class::ambiguous);
    const auto asks = next();
    EXPECT_EQ(asks.verb, queue::verb::track);
    EXPECT_EQ(asks.reference, "") << "HUB-7 is refused for ever; this send may be HUB-8";
    tell(asks, queue::outcome_class::sent, "HUB-8");
    EXPECT_EQ(seen(d).peer_reference, "HUB-8");
}

TEST_P(ledger_asks, a_number_that_they_lost_is_not_asked_about_after_a_new_send) {
    const auto d = in_custody("HUB-7");
    while (state_now(d) != state::parked) tell(next(), queue::outcome_class::absent);
    good(books_->retry(d, "operator:root", "it never arrived", time_.now()));
    tell(take_one(), queue::outcome_class::ambiguous);
    EXPECT_EQ(next().reference, "");
}

TEST_P(ledger_asks, a_late_refusal_does_not_rename_what_they_took) {
    policy_.send_again_when_absent = true;
    const auto d = take_in(push("A/1", "<a/>")).delivery;
    const auto first = take_one();
    time_.advance(5min);
    end_leases();
    auto second = next();
    for (; second.verb == queue::verb::track; second = next())
        tell(second, queue::outcome_class::absent);
    tell(second, queue::outcome_class::sent, "HUB-8");
    tell(first, queue::outcome_class::refused, "HUB-7");
    EXPECT_EQ(seen(d).peer_reference, "HUB-8");
    EXPECT_EQ(next().reference, "HUB-8");
}

TEST_P(ledger_asks, what_is_found_under_the_number_of_another_is_absent) {
    policy_.send_again_when_absent = true;
    const auto a = in_custody("HUB-1");
    auto second = push("A/1", "<b/>");
    second.supersedes = seen(a).certificate;
    const auto b = take_in(second).delivery;
    tell(take_one(), queue::outcome_class::ambiguous);
    const auto found = tell(next(), queue::outcome_class::sent, "HUB-1");
    EXPECT_EQ(found.after, state::waiting) << "they have A, and B never arrived";
    EXPECT_EQ(found.alerts.size(), 1u);
    EXPECT_EQ(seen(b).peer_reference, "");
    while (state_now(b) == state::waiting) {
        const auto asks = next();
        ASSERT_EQ(asks.verb, queue::verb::track);
        EXPECT_EQ(asks.reference, "");
        tell(asks, queue::outcome_class::sent, "HUB-1");
    }
    EXPECT_EQ(state_now(b), state::parked);
    EXPECT_EQ(good(books_->custody_of(b)).reason, "absent-after-send");
    EXPECT_EQ(count_events(b, "alert"), 2)
        << "told once, and that it is parked: both may be there, and only the first be found";
    EXPECT_EQ(count_events(b, "sent"), 0);
}

TEST_P(ledger_asks, a_number_is_its_own_whichever_attempt_brought_it) {
    const auto a = take_in(push("A/1", "<a/>")).delivery;
    const auto first = take_one();
    time_.advance(5min);
    end_leases();
    tell(first, queue::outcome_class::sent, "HUB-1");
    tell(next(), queue::outcome_class::absent);
    tell(next(), queue::outcome_class::sent, "HUB-1");
    EXPECT_EQ(state_now(a), state::sent);
}

TEST_P(ledger_asks, what_is_in_custody_at_one_channel_is_not_asked_for_at_another) {
    channel_ = "ippc";
    const auto d = in_custody();
    channel_ = "nl";
    time_.advance(1min);
    EXPECT_TRUE(take().empty()) << "HUB-7 is something else there";
    EXPECT_EQ(state_now(d), state::parked);
    const auto told = good(books_->custody_of(d));
    EXPECT_EQ(told.reason, "channel-changed");
    EXPECT_NE(told.who_must_act.find("ippc"), std::string::npos) << told.who_must_act;
    channel_ = "ippc";
    good(books_->retry(d, "operator:root", "moved back", time_.now()));
    EXPECT_EQ(take_one().verb, queue::verb::track);
}

TEST_P(ledger_asks, what_was_sent_after_the_partner_moved_is_asked_for_where_it_was_sent) {
    take_in(push("A/1", "<a/>"));
    channel_ = "nl";
    const auto sent = take_one();
    EXPECT_EQ(sent.channel, "nl");
    tell(sent, queue::outcome_class::sent, "NL-1");
    time_.advance(1min);
    EXPECT_EQ(take_one().verb, queue::verb::track);
}

TEST_P(ledger_asks, askings_that_find_nothing_new_leave_no_trace_however_often) {
    const auto d = in_custody();
    tell(next(), queue::outcome_class::sent, "HUB-7");
    overdue();
    const auto before = good(books_->audit()).events;
    for (int asked = 0; asked < 50; ++asked) {
        tell(next(), queue::outcome_class::sent, "HUB-7");
        overdue();
    }
    EXPECT_EQ(good(books_->audit()).events, before + 1) << "that its receipt is overdue";
    EXPECT_EQ(count_events(d, "sent"), 1);
    tell(next(), queue::outcome_class::delivered, "HUB-7");
    EXPECT_EQ(count_events(d, "outcome"), 2) << "that they took it, and that the receiver did";
    EXPECT_EQ(state_now(d), state::delivered);
}

TEST_P(ledger_asks, what_they_never_take_is_asked_for_once_a_day_in_the_end) {
    in_custody();
    time_point before = time_.now();
    for (int asked = 0; asked < 20; ++asked) {
        before = time_.now();
        tell(next(), queue::outcome_class::sent, "HUB-7");
        overdue();
    }
    EXPECT_EQ(time_.now() - before, 24h);
}

TEST_P(ledger_asks, an_asking_that_fails_is_told) {
    const auto d = in_custody();
    const auto before = count_events(d, "outcome");
    tell(next(), queue::outcome_class::temporary);
    EXPECT_EQ(count_events(d, "outcome"), before + 1);
}

}  // namespace ecert::hub
