// Working: leases, outcomes in any order, retries.
#pragma once

#include "tests/conformance/ledger_suite.hpp"

namespace ecert::hub {

using queue::outcome_class;

TEST_P(ledger_suite, a_task_carries_everything_a_worker_needs) {
    auto r = push("A/1", "<a/>");
    r.traceparent = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
    const accepted a = take_in(r);
    const auto t = take_one();
    EXPECT_EQ(t.verb, queue::verb::deliver);
    EXPECT_EQ(t.id, queue::task_id(a.delivery, "deliver"));
    EXPECT_EQ(t.message, a.delivery);
    EXPECT_EQ(t.attempt, 1u);
    EXPECT_EQ(t.start_by, time_.now() + 2min);
    EXPECT_EQ(t.channel, "ippc");
    EXPECT_EQ(t.envelope, r.envelope);
    EXPECT_EQ(t.content->bytes, "<a/>");
    EXPECT_EQ(t.traceparent, r.traceparent);
}

TEST_P(ledger_suite, nothing_is_taken_twice_inside_its_lease) {
    take_in(push("A/1", "<a/>"));
    EXPECT_EQ(take().size(), 1u);
    time_.advance(2min + 60s + 1s + 60s - 1ms);
    EXPECT_EQ(end_leases(), 0u);
    EXPECT_TRUE(take().empty());
    time_.advance(1ms);
    EXPECT_EQ(end_leases(), 1u);
    time_.advance(1min);
    EXPECT_EQ(take_one().attempt, 2u);
}

TEST_P(ledger_suite, due_names_the_partners_with_work_and_when) {
    take_in(push("A/1", "<a/>"));
    auto later = push("A/2", "<b/>");
    later.partner = "NZ";
    later.channel = "nz";
    take_in(later);
    tell(take_one("NZ"), outcome_class::temporary);
    const auto due = good(books_->due(time_.now()));
    ASSERT_EQ(due.size(), 2u);
    EXPECT_EQ(due[0].partner, "NL");
    EXPECT_EQ(due[0].ready, 1u);
    EXPECT_EQ(due[1].channel, "nz");
    EXPECT_EQ(due[1].ready, 0u) << "it waits for its back-off";
    EXPECT_GT(due[1].due, time_.now());
    EXPECT_EQ(*good(books_->next_due()), time_.now());
}

TEST_P(ledger_suite, delivered_ends_where_the_partner_never_answers) {
    auto r = push("A/1", "<a/>");
    r.completes = completes_at::delivered;
    const accepted a = take_in(r);
    const auto done = tell(take_one(), outcome_class::delivered);
    EXPECT_TRUE(done.known);
    EXPECT_TRUE(done.ended);
    EXPECT_EQ(done.before, state::queued);
    EXPECT_EQ(done.after, state::delivered);
    run(books_->acknowledge(answer_to(a.delivery, 39)));
    EXPECT_EQ(state_now(a.delivery), state::acknowledged) << "an answer still raises it";
    EXPECT_EQ(count_events(a.delivery, "ended"), 1);
}

TEST_P(ledger_suite, a_temporary_failure_comes_again_later_with_the_same_id) {
    const accepted a = take_in(push("A/1", "<a/>"));
    const auto first = take_one();
    const auto done = tell(first, outcome_class::temporary);
    EXPECT_EQ(done.verdict.act, act::again);
    EXPECT_EQ(done.after, state::waiting);
    EXPECT_TRUE(take().empty());
    time_.advance(done.verdict.at - time_.now());
    const auto second = take_one();
    EXPECT_EQ(second.message, a.delivery);
    EXPECT_EQ(second.id, first.id);
    EXPECT_EQ(second.attempt, 2u);
}

TEST_P(ledger_suite, a_late_outcome_of_an_old_attempt_raises_progress_and_never_lowers_it) {
    const accepted a = take_in(push("A/1", "<a/>"));
    const auto first = take_one();
    time_.advance(5min);
    end_leases();
    time_.advance(1min);
    const auto second = take_one();
    EXPECT_EQ(tell(first, outcome_class::delivered).after, state::delivered);
    const auto late = tell(second, outcome_class::temporary);
    EXPECT_EQ(late.after, state::delivered) << "a late `temporary` takes nothing back";
    EXPECT_EQ(late.verdict.act, act::finish);
    tell(first, outcome_class::refused);
    EXPECT_EQ(state_now(a.delivery), state::delivered);
    time_.advance(2h);
    EXPECT_TRUE(take().empty());
}

TEST_P(ledger_suite, an_outcome_told_twice_changes_nothing_the_second_time) {
    const accepted a = take_in(push("A/1", "<a/>"));
    const auto t = take_one();
    tell(t, outcome_class::temporary);
    tell(t, outcome_class::temporary);
    time_.advance(1h);
    EXPECT_EQ(take_one().attempt, 2u);
    EXPECT_EQ(count_events(a.delivery, "outcome"), 2) << "all are recorded";
}

TEST_P(ledger_suite, an_outcome_of_nothing_we_know_is_kept_and_alerted) {
    take_in(push("A/1", "<a/>"));
    auto o = outcome_of(take_one(), outcome_class::delivered);
    o.work += 1000;
    const auto none = tell(o);
    EXPECT_FALSE(none.known);
    EXPECT_EQ(none.alerts.size(), 1u);
    o.work -= 1000;
    o.id = queue::task_id(o.id, "deliver");
    EXPECT_FALSE(tell(o).known) << "the row is another delivery's";
    EXPECT_EQ(counted(state::delivered), 0u);
}

TEST_P(ledger_suite, returned_and_unpublished_spend_no_attempt) {
    const accepted a = take_in(push("A/1", "<a/>"));
    auto handed_back = outcome_of(take_one(), outcome_class::returned);
    handed_back.retry_after = 10s;
    EXPECT_FALSE(tell(handed_back).verdict.counts);
    EXPECT_TRUE(take().empty());
    time_.advance(10s);
    const auto t = take_one();
    good(books_->unpublished(t.work, t.attempt, time_.now(), 10s));
    time_.advance(10s);
    EXPECT_EQ(tell(take_one(), outcome_class::temporary).verdict.at, time_.now() + 5s)
        << "the first back-off: nothing was spent before";
    EXPECT_EQ(state_now(a.delivery), state::waiting);
}

TEST_P(ledger_suite, a_duplicate_counts_as_delivered_unless_their_digest_differs) {
    const accepted a = take_in(push("A/1", "<a/>"));
    auto same = outcome_of(take_one(), outcome_class::duplicate);
    same.peer_digest = crypto::sha256_of("<a/>");
    EXPECT_EQ(tell(same).after, state::delivered);

    const accepted b = take_in(push("A/2", "<b/>"));
    auto other = outcome_of(take_one(), outcome_class::duplicate);
    other.peer_digest = crypto::sha256_of("<something else/>");
    const auto done = tell(other);
    EXPECT_EQ(done.after, state::parked);
    EXPECT_EQ(done.verdict.reason, "digest-differs");
    EXPECT_FALSE(done.alerts.empty());
    EXPECT_EQ(state_now(a.delivery), state::delivered);
    EXPECT_EQ(state_now(b.delivery), state::parked);
}

TEST_P(ledger_suite, retries_send_the_first_translation) {
    take_in(push("A/1", "<a/>"));
    auto o = outcome_of(take_one(), outcome_class::temporary);
    const std::string made = "<translated/>";
    o.translation = queue::content_ref{made.size(), crypto::sha256_of(made), made};
    tell(o);
    time_.advance(1h);
    const auto again = take_one();
    ASSERT_TRUE(again.translation);
    EXPECT_EQ(again.translation->bytes, made);

    auto other = outcome_of(again, outcome_class::temporary);
    other.translation = queue::content_ref{1, crypto::sha256_of("x"), "x"};
    EXPECT_FALSE(tell(other).alerts.empty());
    time_.advance(1h);
    EXPECT_EQ(take_one().translation->bytes, made) << "never other bytes under one id";
}

TEST_P(ledger_suite, a_lost_outcome_and_a_changed_dialect_park) {
    const accepted a = take_in(push("A/1", "<a/>"));
    dialect_ = crypto::sha256_of("dialect of Monday");
    take_one();
    time_.advance(5min);
    end_leases();
    time_.advance(1h);
    dialect_ = crypto::sha256_of("dialect of Tuesday");
    EXPECT_TRUE(take().empty());
    EXPECT_EQ(state_now(a.delivery), state::parked);
    good(books_->retry(a.delivery, "operator:root", "they never had it", time_.now()));
    EXPECT_EQ(take().size(), 1u);
}

TEST_P(ledger_suite, where_a_repeat_is_not_known_they_are_asked_first) {
    policy_.honours_message_id = false;
    policy_.can_track = true;
    const accepted a = take_in(push("A/1", "<a/>"));
    const auto sent = take_one();
    const auto done = tell(sent, outcome_class::ambiguous);
    EXPECT_EQ(done.verdict.act, act::ask);
    time_.advance(1h);
    const auto asking = take_one();
    EXPECT_EQ(asking.verb, queue::verb::track);
    EXPECT_EQ(asking.relates_to, a.delivery);
    EXPECT_EQ(asking.id, queue::task_id(a.delivery, "track"));
    EXPECT_FALSE(asking.content);
    auto found = outcome_of(asking, outcome_class::sent);
    found.reference = "HUB-77";
    EXPECT_EQ(tell(found).after, state::sent);
    EXPECT_EQ(seen(a.delivery).peer_reference, "HUB-77") << "their number is adopted";
    time_.advance(2h);
    EXPECT_TRUE(take().empty());
}

TEST_P(ledger_suite, what_they_know_an_earlier_link_by_is_not_the_later_one) {
    policy_.honours_message_id = false;
    policy_.can_track = true;
    take_in(push("A/1", "<a/>"));
    auto known = outcome_of(take_one(), outcome_class::delivered);
    known.reference = "HUB-77";
    tell(known);
    const accepted second = take_in(push("A/1", "<w/>", 40));
    tell(take_one(), outcome_class::ambiguous);
    time_.advance(1min);
    auto found = outcome_of(take_one(), outcome_class::sent);
    ASSERT_EQ(found.id, queue::task_id(second.delivery, "track"));
    found.reference = "HUB-77";
    EXPECT_EQ(tell(found).after, state::waiting);
    EXPECT_EQ(seen(second.delivery).peer_reference, "");
    time_.advance(1min);
    auto at_last = outcome_of(take_one(), outcome_class::sent);
    at_last.reference = "HUB-78";
    EXPECT_EQ(tell(at_last).after, state::sent);
}

TEST_P(ledger_suite, absent_is_asked_again_and_then_parks_where_a_repeat_is_not_known) {
    policy_.honours_message_id = false;
    policy_.can_track = true;
    const accepted a = take_in(push("A/1", "<a/>"));
    tell(take_one(), outcome_class::ambiguous);
    for (int asked = 0; state_now(a.delivery) == state::waiting && asked < 100; ++asked) {
        time_.advance(1min);
        for (const auto& t : take()) {
            EXPECT_EQ(t.verb, queue::verb::track) << "never sent a second time";
            tell(t, outcome_class::absent);
        }
    }
    EXPECT_EQ(state_now(a.delivery), state::parked);
}

TEST_P(ledger_suite, counters_follow_every_change) {
    for (int i = 0; i < 5; ++i) take_in(push("A/" + std::to_string(i), "<a/>"));
    const auto out = take("NL", 4);
    tell(out[0], outcome_class::delivered);
    tell(out[1], outcome_class::refused);
    tell(out[2], outcome_class::sent);
    EXPECT_EQ(counted(state::waiting), 1u);
    EXPECT_EQ(counted(state::queued), 1u);
    EXPECT_EQ(counted(state::delivered), 1u);
    EXPECT_EQ(counted(state::refused), 1u);
    EXPECT_EQ(counted(state::sent), 1u);
}

TEST_P(ledger_suite, an_outcome_that_comes_twice_changes_nothing_the_second_time) {
    const accepted a = take_in(push("A/1", "<a/>"));
    const auto o = outcome_of(take_one(), outcome_class::temporary);
    EXPECT_FALSE(tell(o).repeat);
    const auto before = events(a.delivery).size();
    time_.advance(1h);
    const auto second = take_one();
    const auto again = tell(o);
    EXPECT_TRUE(again.repeat);
    EXPECT_TRUE(again.known);
    EXPECT_EQ(again.after, state::queued) << "the attempt that is out goes on";
    EXPECT_EQ(events(a.delivery).size(), before + 2) << "the second attempt, and that it came";
    auto other = o;
    other.text = "a second worker made the same attempt";
    EXPECT_FALSE(tell(other).repeat);
    EXPECT_EQ(tell(second, outcome_class::delivered).after, state::delivered);
}

TEST_P(ledger_suite,
       a_task_given_up_by_the_queue_goes_alone_and_is_poison_when_it_is_given_up_again) {
    const accepted a = take_in(push("A/1", "<a/>"));
    const accepted b = take_in(push("A/2", "<b/>"));
    for (const auto& t : take()) tell(t, outcome_class::poison);
    EXPECT_EQ(state_now(a.delivery), state::waiting) << "its worker may have died of the other";
    EXPECT_EQ(state_now(b.delivery), state::waiting);
    time_.advance(1h);
    const auto alone = take();
    ASSERT_EQ(alone.size(), 1u);
    EXPECT_TRUE(alone[0].suspect);
    EXPECT_EQ(tell(alone[0], outcome_class::poison).after, state::parked);
    EXPECT_EQ(good(books_->custody_of(a.delivery)).reason, "poison");
    const auto other = take_one();
    EXPECT_TRUE(other.suspect);
    EXPECT_EQ(tell(other, outcome_class::delivered).after, state::delivered);
    EXPECT_FALSE(take_in(push("A/3", "<c/>")).repeat);
    EXPECT_FALSE(take_one().suspect);
}

TEST_P(ledger_suite, what_a_queue_gave_up_stays_suspect_when_the_hub_starts_anew) {
    reopen_beside_workers();
    take_in(push("A/1", "<a/>"));
    tell(take_one(), outcome_class::poison);
    reopen_beside_workers();
    time_.advance(1h);
    EXPECT_TRUE(take_one().suspect);
}

}  // namespace ecert::hub
