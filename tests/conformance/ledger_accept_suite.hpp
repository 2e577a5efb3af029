// Taking in: duplicates, conflicts, chains, ids.
#pragma once

#include "tests/conformance/ledger_suite.hpp"

namespace ecert::hub {

TEST_P(ledger_suite, the_same_push_twice_is_one_certificate_with_one_receipt) {
    const accepted first = take_in(push("A/1", "<a/>"));
    time_.advance(1h);
    const accepted second = take_in(push("A/1", "<a/>"));
    EXPECT_FALSE(first.repeat);
    EXPECT_TRUE(second.repeat);
    EXPECT_EQ(first.certificate, second.certificate);
    EXPECT_EQ(first.receipt, second.receipt) << "the very same bytes";
    EXPECT_EQ(take().size(), 1u);
    EXPECT_EQ(counted(state::queued), 1u);
}

TEST_P(ledger_suite, other_bytes_under_a_live_number_are_refused) {
    const accepted first = take_in(push("A/1", "<a/>"));
    const auto answer = offer(push("A/1", "<b/>"));
    const auto& why = std::get<conflict>(answer);
    EXPECT_EQ(why.why, accept_conflict::other_content);
    EXPECT_EQ(why.other, first.certificate);
    EXPECT_NE(why.text.find("Supersedes"), std::string::npos) << "says what to do";
    EXPECT_EQ(counted(state::waiting), 1u) << "what is refused leaves nothing behind";
}

TEST_P(ledger_suite, supersedes_closes_the_earlier_link_and_the_next_one_goes) {
    const accepted first = take_in(push("A/1", "<a/>"));
    auto next = push("A/1", "<b/>");
    next.supersedes = first.certificate;
    const accepted second = take_in(next);
    EXPECT_EQ(state_now(first.certificate), state::cancelled);
    EXPECT_EQ(seen(second.certificate).link, 2u);
    EXPECT_EQ(take_one().message, second.delivery);
    EXPECT_TRUE(take().empty()) << "the superseded one never goes";
    EXPECT_EQ(count_events(first.delivery, "ended"), 1);
}

TEST_P(ledger_suite, supersedes_must_name_a_link_of_this_chain) {
    const accepted other = take_in(push("A/2", "<x/>"));
    take_in(push("A/1", "<a/>"));
    auto next = push("A/1", "<b/>");
    next.supersedes = other.certificate;
    EXPECT_EQ(refused(next), accept_conflict::supersedes_unknown);
}

TEST_P(ledger_suite, superseding_what_is_out_waits_for_its_outcome) {
    const accepted first = take_in(push("A/1", "<a/>"));
    const auto out = take_one();
    auto next = push("A/1", "<b/>");
    next.supersedes = first.certificate;
    const accepted second = take_in(next);
    EXPECT_EQ(state_now(first.certificate), state::queued);
    EXPECT_TRUE(take().empty()) << "the next link does not overtake it";
    tell(out, queue::outcome_class::temporary);
    EXPECT_EQ(state_now(first.certificate), state::cancelled);
    EXPECT_EQ(take_one().message, second.delivery);
}

TEST_P(ledger_suite, other_bytes_are_the_next_link_once_the_earlier_was_refused) {
    const accepted first = take_in(push("A/1", "<a/>"));
    tell(take_one(), queue::outcome_class::refused);
    const accepted second = take_in(push("A/1", "<b/>"));
    EXPECT_EQ(state_now(first.certificate), state::cancelled);
    EXPECT_EQ(take_one().message, second.delivery);
}

TEST_P(ledger_suite, an_idempotency_key_is_bound_to_its_request) {
    auto first = push("A/1", "<a/>");
    first.idempotency_key = "k1";
    const accepted one = take_in(first);
    EXPECT_TRUE(take_in(first).repeat);
    auto other = push("A/2", "<b/>");
    other.idempotency_key = "k1";
    EXPECT_EQ(refused(other), accept_conflict::key_reused);
    other.agency = "GACC";
    EXPECT_FALSE(take_in(other).repeat) << "keys are an agency's own";
    EXPECT_EQ(take_in(first).receipt, one.receipt);
}

TEST_P(ledger_suite, an_earlier_link_again_needs_a_key_of_its_own) {
    const accepted issue = take_in(push("A/1", "<a/>"));
    tell(take_one(), queue::outcome_class::delivered);
    take_in(push("A/1", "<w/>", 40));
    tell(take_one(), queue::outcome_class::delivered);
    const auto answer = offer(push("A/1", "<a/>"));
    EXPECT_EQ(std::get<conflict>(answer).why, accept_conflict::earlier_link);
    EXPECT_EQ(std::get<conflict>(answer).other, issue.certificate);

    auto again = push("A/1", "<a/>");
    again.idempotency_key = "second issue";
    const accepted third = take_in(again);
    EXPECT_FALSE(third.repeat);
    EXPECT_NE(third.certificate, issue.certificate) << "another occurrence, another id";
    EXPECT_EQ(seen(third.certificate).link, 3u);
}

TEST_P(ledger_suite, what_was_refused_is_told_when_pushed_again_and_goes_with_a_key_of_its_own) {
    auto first_push = push("A/1", "<a/>");
    first_push.idempotency_key = "first";
    const accepted first = take_in(first_push);
    tell(take_one(), queue::outcome_class::refused);
    time_.advance(1h);
    const auto answer = offer(push("A/1", "<a/>"));
    const auto& why = std::get<conflict>(answer);
    EXPECT_EQ(why.why, accept_conflict::closed);
    EXPECT_EQ(why.other, first.certificate);
    EXPECT_EQ(why.state, state::refused);
    EXPECT_NE(why.reason.find("they said refused"), std::string::npos) << why.reason;
    EXPECT_NE(why.text.find("Idempotency-Key"), std::string::npos) << why.text;
    EXPECT_EQ(take_in(first_push).receipt, first.receipt) << "its own key: a true retry";

    auto again = push("A/1", "<a/>");
    again.idempotency_key = "second";
    const accepted second = take_in(again);
    EXPECT_NE(second.certificate, first.certificate);
    EXPECT_EQ(seen(second.certificate).link, 2u);
    EXPECT_EQ(state_now(first.certificate), state::cancelled);
    EXPECT_EQ(count_events(first.delivery, "ended"), 1);
    EXPECT_EQ(take_one().message, second.delivery) << "nothing stands in its way";
    EXPECT_TRUE(take_in(push("A/1", "<a/>")).repeat) << "the latest again, and it lives";
}

TEST_P(ledger_suite, what_was_refused_and_retried_by_an_operator_is_a_repeat_again) {
    const accepted a = take_in(push("A/1", "<a/>"));
    tell(take_one(), queue::outcome_class::refused);
    EXPECT_EQ(refused(push("A/1", "<a/>")), accept_conflict::closed);
    good(books_->retry(a.delivery, "operator:root", "they mended it", time_.now()));
    EXPECT_TRUE(take_in(push("A/1", "<a/>")).repeat);
}

TEST_P(ledger_suite, what_was_rejected_or_cancelled_is_told_with_the_reason) {
    const accepted a = take_in(push("A/1", "<a/>"));
    tell(take_one(), queue::outcome_class::delivered);
    auto no = answer_to(a.delivery, 41);
    no.reason = "pests";
    run(books_->acknowledge(no));
    EXPECT_EQ(std::get<conflict>(offer(push("A/1", "<a/>"))).reason, "pests");

    const accepted b = take_in(push("A/2", "<b/>"));
    time_.advance(1s);
    good(books_->cancel(b.delivery, "operator:root", "sent by mistake", time_.now()));
    const auto answer = offer(push("A/2", "<b/>"));
    EXPECT_EQ(std::get<conflict>(answer).state, state::cancelled);
    EXPECT_EQ(std::get<conflict>(answer).reason, "sent by mistake");
}

TEST_P(ledger_suite, a_withdrawal_of_what_they_never_took_may_be_pushed_twice) {
    take_in(push("A/1", "<a/>"));
    const accepted withdrawal = take_in(push("A/1", "<w/>", 40));
    time_.advance(1h);
    const accepted again = take_in(push("A/1", "<w/>", 40));
    EXPECT_TRUE(again.repeat);
    EXPECT_EQ(again.receipt, withdrawal.receipt);
}

TEST_P(ledger_suite, a_withdrawal_never_overtakes_its_issue) {
    const accepted issue = take_in(push("A/1", "<a/>"));
    const auto out = take_one();
    const accepted withdrawal = take_in(push("A/1", "<w/>", 40));
    EXPECT_TRUE(take().empty()) << "the issue is out: its withdrawal waits";
    tell(out, queue::outcome_class::temporary);
    time_.advance(1h);
    const auto again = take_one();
    EXPECT_EQ(again.message, issue.delivery);
    EXPECT_TRUE(take().empty());
    tell(again, queue::outcome_class::delivered);
    EXPECT_EQ(take_one().message, withdrawal.delivery);
}

TEST_P(ledger_suite, custody_alone_does_not_let_the_next_link_go) {
    take_in(push("A/1", "<a/>"));
    const auto out = take_one();
    const accepted withdrawal = take_in(push("A/1", "<w/>", 40));
    tell(out, queue::outcome_class::sent);
    EXPECT_TRUE(take().empty());
    run(books_->acknowledge(answer_to(out.message, 39)));
    EXPECT_EQ(take_one().message, withdrawal.delivery);
}

TEST_P(ledger_suite, withdrawing_what_they_never_took_cancels_both) {
    const accepted issue = take_in(push("A/1", "<a/>"));
    const accepted withdrawal = take_in(push("A/1", "<w/>", 40));
    EXPECT_EQ(state_now(issue.certificate), state::cancelled);
    EXPECT_EQ(state_now(withdrawal.certificate), state::cancelled);
    EXPECT_TRUE(take().empty());
    EXPECT_EQ(count_events(issue.delivery, "ended"), 1);
    EXPECT_EQ(count_events(withdrawal.delivery, "ended"), 1);

    const accepted refused_one = take_in(push("A/2", "<a/>"));
    tell(take_one(), queue::outcome_class::refused);
    take_in(push("A/2", "<w/>", 40));
    EXPECT_EQ(state_now(refused_one.certificate), state::cancelled);
    EXPECT_TRUE(take().empty());
}

TEST_P(ledger_suite, a_publish_that_came_back_leaves_an_issue_that_was_never_transmitted) {
    const accepted issue = take_in(push("A/1", "<a/>"));
    const auto out = take_one();
    good(books_->unpublished(out.work, out.attempt, time_.now(), 10s));
    const accepted withdrawal = take_in(push("A/1", "<w/>", 40));
    EXPECT_EQ(state_now(issue.certificate), state::cancelled);
    EXPECT_EQ(state_now(withdrawal.certificate), state::cancelled);
}

TEST_P(ledger_suite, a_replacement_waits_for_the_chains_it_replaces) {
    take_in(push("A/1", "<a/>"));
    take_in(push("A/2", "<b/>"));
    auto replacement = push("A/3", "<c/>");
    replacement.replaces = {"A/1", "A/2", "never heard of"};
    const accepted third = take_in(replacement);
    const auto out = take();
    ASSERT_EQ(out.size(), 2u);
    tell(out[0], queue::outcome_class::delivered);
    EXPECT_TRUE(take().empty()) << "one of the two is still on its way";
    tell(out[1], queue::outcome_class::delivered);
    EXPECT_EQ(take_one().message, third.delivery);
    const auto all = events(third.certificate);
    EXPECT_NE(all.front().detail.find("never heard of"), std::string::npos) << "noted";
}

TEST_P(ledger_suite, numbers_are_opaque_and_belong_to_the_agency) {
    const std::string odd = std::string{"植检/№\"';--\n"} + '\x01' + "%_";
    const accepted one = take_in(push(odd, "<a/>"));
    EXPECT_EQ(seen(one.certificate).envelope.number, odd);
    auto same_elsewhere = push(odd, "<a/>");
    same_elsewhere.agency = "GACC";
    EXPECT_FALSE(take_in(same_elsewhere).repeat);
    EXPECT_EQ(run(books_->certificate(one.certificate, "GACC")).error().kind,
              failure_kind::not_found);
    EXPECT_EQ(run(books_->events(one.certificate, "GACC")).error().kind, failure_kind::not_found);
}

TEST_P(ledger_suite, a_certificate_may_go_to_two_partners) {
    const accepted nl = take_in(push("A/1", "<a/>"));
    auto to_nz = push("A/1", "<a/>");
    to_nz.partner = "NZ";
    const accepted nz = take_in(to_nz);
    EXPECT_EQ(nl.certificate, nz.certificate);
    EXPECT_NE(nl.delivery, nz.delivery);
    EXPECT_EQ(take("NZ").size(), 1u);
    EXPECT_EQ(seen(nl.delivery).partner, "NL");
}

TEST_P(ledger_suite, what_is_pushed_again_after_a_restore_gets_the_same_ids) {
    take_in(push("A/1", "<a/>"));
    const auto yesterday = [&] {
        close();
        auto copy = place_->copy();
        books_ = place_->open(time_);
        return copy;
    }();
    const accepted lost = take_in(push("A/2", "<b/>"));
    const auto out = take();
    close();

    place_ = yesterday->copy();
    books_ = place_->open(time_);
    const accepted again = take_in(push("A/2", "<b/>"));
    EXPECT_FALSE(again.repeat);
    EXPECT_EQ(again.certificate, lost.certificate);
    EXPECT_EQ(again.delivery, lost.delivery) << "the partner sees a retry, never a double";
    EXPECT_TRUE(take_in(push("A/1", "<a/>")).repeat);
    const auto outcome = tell(out.back(), queue::outcome_class::delivered);
    EXPECT_FALSE(outcome.known) << "an attempt that this ledger never made";
    EXPECT_EQ(state_now(again.delivery), state::delivered) << "but a proof all the same";
}

TEST_P(ledger_suite, every_size_of_content_comes_back_byte_for_byte) {
    for (const std::size_t size : {0u, 1u, 10'000u, 131'072u, 131'073u, 1u << 20, (1u << 20) + 1}) {
        std::string bytes(size, 'x');
        for (std::size_t i = 0; i < size; i += 7) bytes[i] = static_cast<char>(i);
        const auto one = take_in(push("S/" + std::to_string(size), bytes));
        const auto back = good(books_->content(seen(one.certificate).digest));
        EXPECT_EQ(crypto::read_all(*back, 2u << 20), bytes);
        const auto task = take_one();
        EXPECT_EQ(task.content->size, size);
        EXPECT_EQ(task.content->bytes.has_value(), size <= queue::inline_limit);
    }
    EXPECT_EQ(run(books_->content(crypto::sha256_of("never stored"))).error().kind,
              failure_kind::not_found);
}

TEST_P(ledger_suite, a_withdrawal_that_came_to_nothing_goes_out_when_they_had_it_after_all) {
    const accepted issue = take_in(push("A/1", "<a/>"));
    const auto t = take_one();
    good(books_->unpublished(t.work, t.attempt, time_.now(), 1min));
    const accepted early = take_in(push("A/1", "<w/>", 40));
    EXPECT_EQ(state_now(early.delivery), state::cancelled);
    EXPECT_TRUE(take_in(push("A/1", "<w/>", 40)).repeat);
    tell(t, queue::outcome_class::delivered);
    EXPECT_EQ(count_events(issue.delivery, "alert"), 1) << "it says: issue a withdrawal";
    const accepted again = take_in(push("A/1", "<w/>", 40));
    EXPECT_FALSE(again.repeat);
    EXPECT_EQ(take_one().message, again.delivery);
    EXPECT_EQ(take_in(push("A/1", "<w/>", 40)).delivery, again.delivery);
}

}  // namespace ecert::hub
