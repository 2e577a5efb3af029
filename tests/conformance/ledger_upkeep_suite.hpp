// People, crashes and deadlines.
#pragma once

#include "queue/lease.hpp"
#include "tests/conformance/ledger_suite.hpp"

namespace ecert::hub {

using queue::outcome_class;

TEST_P(ledger_suite, refused_is_reopened_by_an_operator_with_the_same_id) {
    const accepted a = take_in(push("A/1", "<a/>"));
    const auto done = tell(take_one(), outcome_class::refused);
    EXPECT_EQ(done.after, state::refused);
    EXPECT_FALSE(done.alerts.empty());
    time_.advance(24h);
    EXPECT_TRUE(take().empty());
    EXPECT_EQ(good(books_->retry(a.delivery, "operator:root", "they fixed it", time_.now())),
              state::waiting);
    const auto again = take_one();
    EXPECT_EQ(again.message, a.delivery);
    EXPECT_EQ(again.attempt, 2u);
    const auto all = events(a.delivery);
    const auto retried =
        std::find_if(all.begin(), all.end(), [](const auto& e) { return e.kind == "retried"; });
    ASSERT_NE(retried, all.end());
    EXPECT_EQ(retried->actor, "operator:root");
    EXPECT_NE(retried->detail.find("they fixed it"), std::string::npos);
}

TEST_P(ledger_suite, hold_and_cancel_wait_for_the_outcome_of_what_is_out) {
    const accepted a = take_in(push("A/1", "<a/>"));
    const auto out = take_one();
    EXPECT_EQ(good(books_->hold(a.delivery, "operator:root", "look first", time_.now())),
              state::queued);
    tell(out, outcome_class::temporary);
    EXPECT_EQ(state_now(a.delivery), state::held);
    time_.advance(24h);
    EXPECT_TRUE(take().empty());
    EXPECT_EQ(good(books_->release(a.delivery, "operator:root", "fine", time_.now())),
              state::waiting);
    const auto second = take_one();
    good(books_->cancel(a.delivery, "operator:root", "no longer wanted", time_.now()));
    EXPECT_EQ(state_now(a.delivery), state::queued);
    EXPECT_EQ(tell(second, outcome_class::delivered).after, state::delivered) << "it got there";
    EXPECT_EQ(run(books_->cancel(a.delivery, "operator:root", "", time_.now())).error().kind,
              failure_kind::conflict);
}

TEST_P(ledger_suite, acts_that_make_no_sense_are_refused_with_a_reason) {
    const accepted a = take_in(push("A/1", "<a/>"));
    const auto no = run(books_->retry(a.delivery, "operator:root", "", time_.now()));
    EXPECT_EQ(no.error().kind, failure_kind::conflict);
    EXPECT_NE(no.error().text.find("A/1"), std::string::npos);
    EXPECT_EQ(run(books_->hold(uuid{}, "operator:root", "", time_.now())).error().kind,
              failure_kind::not_found);
}

TEST_P(ledger_suite, a_proof_of_delivery_after_cancel_is_recorded_and_alerts) {
    const accepted a = take_in(push("A/1", "<a/>"));
    const auto out = take_one();
    time_.advance(5min);
    end_leases();
    good(books_->cancel(a.delivery, "operator:root", "gone", time_.now()));
    const auto late = tell(out, outcome_class::delivered);
    EXPECT_EQ(late.after, state::cancelled);
    EXPECT_EQ(late.alerts.size(), 1u);
    EXPECT_EQ(count_events(a.delivery, "ended"), 1);
}

TEST_P(ledger_suite, after_a_crash_what_was_out_is_settled_and_runs_alone) {
    take_in(push("A/1", "<a/>"));
    take_in(push("A/2", "<b/>"));
    take_in(push("A/3", "<c/>"));
    EXPECT_EQ(take("NL", 2).size(), 2u);
    reopen_after_a_crash();
    EXPECT_TRUE(take("NL", 0).empty());
    EXPECT_EQ(end_leases(), 2u) << "leases of an older epoch are void at once";
    time_.advance(1h);
    const auto now = take();
    ASSERT_EQ(now.size(), 2u) << "one suspect, and the one that was not out";
    EXPECT_EQ(std::count_if(now.begin(), now.end(), [](const auto& t) { return t.suspect; }), 1);
    EXPECT_TRUE(take().empty()) << "the other suspect waits for it";
    for (const auto& t : now) tell(t, outcome_class::delivered);
    EXPECT_EQ(take().size(), 1u);
}

TEST_P(ledger_suite, three_crashes_around_a_suspect_park_it_as_poison) {
    const accepted a = take_in(push("A/1", "<a/>"));
    for (int life = 0; life < 10 && state_now(a.delivery) != state::parked; ++life) {
        EXPECT_EQ(take().size(), 1u);
        reopen_after_a_crash();
        end_leases();
        time_.advance(2h);
        EXPECT_LE(life, 3) << "once to become suspect, three times to be sure";
    }
    EXPECT_EQ(state_now(a.delivery), state::parked);
    EXPECT_EQ(good(books_->custody_of(a.delivery)).reason, "poison");
}

TEST_P(ledger_suite, starts_that_never_got_to_work_count_against_no_suspect) {
    const accepted a = take_in(push("A/1", "<a/>"));
    take();
    for (int start = 0; start < 5; ++start) reopen_after_a_crash();
    EXPECT_NE(state_now(a.delivery), state::parked);
    EXPECT_EQ(end_leases(), 1u);
    time_.advance(2h);
    EXPECT_TRUE(take_one().suspect);
}

TEST_P(ledger_suite, a_suspect_that_stepped_aside_does_not_count_and_is_one_again_afterwards) {
    take_in(push("A/1", "<a/>"));
    take_one();
    for (int life = 0; life < 10; ++life) {  // many more than would park it
        reopen_after_a_crash();
        time_.advance(1h);
        end_leases();
        time_.advance(1h);
        const auto t = take_one();
        EXPECT_TRUE(t.suspect) << life;
        good(books_->alone(t.work, t.attempt, false));
    }
}

TEST_P(ledger_suite, a_suspect_that_is_alone_again_counts) {
    const accepted a = take_in(push("A/1", "<a/>"));
    take_one();
    for (int life = 0; life < 3; ++life) {
        reopen_after_a_crash();
        time_.advance(1h);
        end_leases();
        time_.advance(1h);
        const auto t = take_one();
        good(books_->alone(t.work, t.attempt, false));
        good(books_->alone(t.work, t.attempt + 1, true));  // of no attempt that is out
        good(books_->alone(t.work, t.attempt, true));
    }
    reopen_after_a_crash();
    EXPECT_EQ(state_now(a.delivery), state::parked);
    EXPECT_EQ(good(books_->custody_of(a.delivery)).reason, "poison");
}

TEST_P(ledger_suite, while_a_suspect_stands_aside_another_may_go) {
    take_in(push("A/1", "<a/>"));
    take_in(push("A/2", "<b/>"));
    take();
    reopen_after_a_crash();
    time_.advance(1h);
    end_leases();
    time_.advance(1h);
    const auto first = take();
    ASSERT_EQ(first.size(), 1u);
    EXPECT_TRUE(take().empty());
    good(books_->alone(first[0].work, first[0].attempt, false));
    EXPECT_EQ(take().size(), 1u);
}

TEST_P(ledger_suite, a_clean_stop_makes_no_suspects) {
    take_in(push("A/1", "<a/>"));
    take();
    reopen();
    EXPECT_EQ(end_leases(), 1u);
    time_.advance(1h);
    EXPECT_FALSE(take_one().suspect);
}

TEST_P(ledger_suite, leases_of_workers_that_live_on_stay_open_until_their_own_time) {
    reopen_beside_workers();
    take_in(push("A/1", "<a/>"));
    take_in(push("A/2", "<b/>"));
    const auto out = take();
    ASSERT_EQ(out.size(), 2u);
    time_.advance(1min);
    reopen_beside_workers();
    EXPECT_EQ(end_leases(), 0u) << "the worker may be sending it this moment";
    EXPECT_TRUE(take().empty());
    const auto open = good(books_->leased(time_.now()));
    ASSERT_EQ(open.size(), 2u);
    EXPECT_EQ(open[0].work, out[0].work);
    EXPECT_EQ(open[0].attempt, 1u);
    EXPECT_EQ(open[0].partner, "NL");
    EXPECT_EQ(open[0].channel, "ippc");
    EXPECT_EQ(open[0].ends, queue::lease_end(out[0], {}));
    time_.advance(open[0].ends - time_.now());
    EXPECT_TRUE(good(books_->leased(time_.now())).empty());
    EXPECT_EQ(end_leases(), 2u);
}

TEST_P(ledger_suite, the_outcome_of_a_worker_that_outlived_the_hub_is_applied_as_always) {
    reopen_beside_workers();
    const accepted a = take_in(push("A/1", "<a/>"));
    const auto out = take_one();
    reopen_beside_workers();
    EXPECT_EQ(tell(out, outcome_class::delivered).after, state::delivered);
    EXPECT_EQ(end_leases(), 0u);
    EXPECT_TRUE(good(books_->leased(time_.now())).empty());
    EXPECT_EQ(count_events(a.delivery, "lease-over"), 0);
}

TEST_P(ledger_suite, a_hub_that_dies_beside_its_workers_makes_no_suspects) {
    reopen_beside_workers();
    const accepted a = take_in(push("A/1", "<a/>"));
    for (int life = 0; life < 5; ++life) {
        EXPECT_FALSE(take_one().suspect) << life;
        reopen_beside_workers();
        time_.advance(2h);
        EXPECT_EQ(end_leases(), 1u);
        time_.advance(2h);
    }
    EXPECT_EQ(state_now(a.delivery), state::waiting);
}

TEST_P(ledger_suite, how_leases_end_follows_from_the_process_that_gave_them) {
    const accepted a = take_in(push("A/1", "<a/>"));
    take_one();
    reopen_beside_workers();
    EXPECT_EQ(end_leases(), 1u) << "its workers died with it";
    time_.advance(1h);
    take_one();
    reopen_after_a_crash();
    EXPECT_EQ(end_leases(), 0u) << "a worker elsewhere may have it";
    time_.advance(1h);
    EXPECT_EQ(end_leases(), 1u);
}

TEST_P(ledger_suite, leases_that_ended_with_their_process_are_not_open) {
    take_in(push("A/1", "<a/>"));
    take_one();
    EXPECT_EQ(good(books_->leased(time_.now())).size(), 1u);
    reopen_after_a_crash();
    EXPECT_TRUE(good(books_->leased(time_.now())).empty());
}

TEST_P(ledger_suite, what_is_done_to_the_node_itself_is_an_event_of_the_chain) {
    const auto before = good(books_->audit()).events;
    good(books_->note_act("queues-rebuilt", "operator:root", R"({"reason":"x"})", time_.now()));
    const auto after = good(books_->audit());
    EXPECT_EQ(after.events, before + 1);
    EXPECT_TRUE(after.whole);
}

TEST_P(ledger_suite, overdue_receipts_are_asked_for_and_alerted_once) {
    policy_.can_track = true;
    const accepted a = take_in(push("A/1", "<a/>"));
    tell(take_one(), outcome_class::sent);
    time_.advance(policy_.receipt_deadline - 1ms);
    EXPECT_TRUE(overdue().empty());
    time_.advance(1ms);
    EXPECT_EQ(overdue().size(), 1u);
    EXPECT_TRUE(overdue().empty());
    const auto asking = take_one();
    EXPECT_EQ(asking.verb, queue::verb::track);
    EXPECT_EQ(tell(asking, outcome_class::delivered).after, state::delivered);
    time_.advance(policy_.acknowledgement_deadline);
    EXPECT_EQ(overdue().size(), 1u) << "their authority's answer has a deadline of its own";
    EXPECT_TRUE(overdue().empty());
    EXPECT_EQ(count_events(a.delivery, "alert"), 2);
}

TEST_P(ledger_suite, what_stays_in_their_custody_is_asked_for_again_and_again) {
    policy_.can_track = true;
    const accepted a = take_in(push("A/1", "<a/>"));
    tell(take_one(), outcome_class::sent);
    time_.advance(policy_.receipt_deadline);
    for (int asked = 0; asked < 5; ++asked) {
        overdue();
        const auto asking = take_one();
        EXPECT_EQ(asking.verb, queue::verb::track);
        tell(asking, outcome_class::sent);
        time_.advance(24h - 1ms);
        overdue();
        EXPECT_TRUE(take().empty()) << "an overdue receipt is asked for once a day";
        time_.advance(1ms);
    }
    EXPECT_EQ(count_events(a.delivery, "alert"), 1) << "alerted once";
    EXPECT_EQ(good(books_->custody_of(a.delivery)).who_must_act.find("operator: "), 0u);
}

TEST_P(ledger_suite, an_overdue_receipt_that_is_absent_there_is_sent_again_only_after_settling) {
    policy_.can_track = true;
    take_in(push("A/1", "<a/>"));
    tell(take_one(), outcome_class::sent);
    time_.advance(policy_.receipt_deadline);
    overdue();
    tell(take_one(), outcome_class::absent);
    time_.advance(5min);
    EXPECT_EQ(take_one().verb, queue::verb::track) << "still within the settle time";
}

TEST_P(ledger_suite, work_due_later_than_any_retry_may_be_is_due_now) {
    take_in(push("A/1", "<a/>"));
    time_.jump_wall(24h * 365);
    tell(take_one(), outcome_class::temporary);
    time_.jump_wall(-24h * 365);
    EXPECT_TRUE(take().empty());
    EXPECT_EQ(overdue().size(), 1u);
    EXPECT_EQ(take().size(), 1u);
}

TEST_P(ledger_suite, a_lease_given_by_a_clock_that_went_back_does_not_last_for_ever) {
    take_in(push("A/1", "<a/>"));
    time_.jump_wall(24h * 365);
    take_one();
    time_.jump_wall(-24h * 365);
    EXPECT_EQ(end_leases(), 0u) << "nothing is published again inside a lease";
    time_.advance(15min);
    EXPECT_EQ(end_leases(), 1u);
}

TEST_P(ledger_suite, a_lease_lasts_as_long_as_the_settings_it_was_given_under_say) {
    take_in(push("A/1", "<a/>"));
    lease_terms patient{.limits = {.attempt_limit = 1h}, .now = time_.now()};
    EXPECT_EQ(good(books_->take_due("NL", 1, patient)).size(), 1u);
    EXPECT_EQ(end_leases(), 0u);
    const auto whole =
        patient.limits.start_by + 1h + patient.limits.attempt_limit_per_mib + patient.limits.skew;
    time_.advance(whole - 1ms);
    EXPECT_EQ(end_leases(), 0u) << "it would go out twice at once";
    time_.advance(1ms);
    EXPECT_EQ(end_leases(), 1u);
}

TEST_P(ledger_suite, a_late_proof_of_custody_stops_what_waits_to_be_sent_again) {
    const accepted a = take_in(push("A/1", "<a/>"));
    const auto first = take_one();
    time_.advance(5min);
    end_leases();
    EXPECT_EQ(tell(first, outcome_class::sent).after, state::sent);
    time_.advance(1h);
    EXPECT_TRUE(take().empty());
    EXPECT_EQ(state_now(a.delivery), state::sent);
}

TEST_P(ledger_suite, a_chain_blocked_too_long_alerts_withdrawals_first) {
    take_in(push("A/1", "<a/>"));
    take_in(push("A/2", "<b/>"));
    take();
    auto replacement = push("A/3", "<c/>");
    replacement.replaces = {"A/1"};
    take_in(replacement);
    take_in(push("A/2", "<w/>", 40));
    time_.advance(15min);
    const auto texts = overdue();
    ASSERT_EQ(texts.size(), 2u);
    EXPECT_NE(texts[0].find("withdrawal"), std::string::npos);
    EXPECT_TRUE(overdue().empty());
}

}  // namespace ecert::hub
