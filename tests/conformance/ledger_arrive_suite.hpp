// Arriving: certificates of partners, acknowledgements, our authority's answers, the replay cache.
#pragma once

#include "tests/conformance/ledger_suite.hpp"

namespace ecert::hub {

TEST_P(ledger_suite, a_repeat_is_stored_once_and_gets_the_very_same_receipt) {
    const auto first = good(books_->arrive(incoming("m1", "NZ/1", "<a/>")));
    time_.advance(1h);
    const auto second = good(books_->arrive(incoming("m1", "NZ/1", "<a/>")));
    EXPECT_FALSE(first.repeat);
    EXPECT_TRUE(second.repeat);
    EXPECT_EQ(second.receipt, first.receipt);
    EXPECT_EQ(second.inbound, first.inbound);
    EXPECT_EQ(good(books_->inbox({.agency = "NPPO"}, false)).rows.size(), 1u);
    auto other_partner = incoming("m1", "NZ/1", "<a/>");
    other_partner.partner = "AU";
    EXPECT_FALSE(good(books_->arrive(other_partner)).repeat) << "ids are the partner's own";
}

TEST_P(ledger_suite, the_same_id_with_other_content_is_refused_and_alerted) {
    const auto first = good(books_->arrive(incoming("m1", "NZ/1", "<a/>")));
    const auto second = good(books_->arrive(incoming("m1", "NZ/1", "<b/>")));
    EXPECT_TRUE(second.other_content);
    EXPECT_TRUE(second.receipt.empty());
    EXPECT_EQ(count_events(first.inbound, "alert"), 1);
    EXPECT_EQ(run(books_->content(crypto::sha256_of("<b/>"))).error().kind,
              failure_kind::not_found);
}

TEST_P(ledger_suite, without_a_message_id_equality_with_the_latest_tells_a_repeat) {
    EXPECT_FALSE(good(books_->arrive(incoming("", "NZ/1", "<a/>"))).repeat);
    EXPECT_TRUE(good(books_->arrive(incoming("", "NZ/1", "<a/>"))).repeat);
    EXPECT_FALSE(good(books_->arrive(incoming("", "NZ/1", "<w/>", 40))).repeat);
    EXPECT_FALSE(good(books_->arrive(incoming("", "NZ/1", "<a/>"))).repeat) << "issued anew";
}

TEST_P(ledger_suite, a_withdrawal_that_came_first_is_not_revived_by_its_issue) {
    good(books_->arrive(incoming("m2", "NZ/1", "<w/>", 40)));
    const auto issue = good(books_->arrive(incoming("m1", "NZ/1", "<a/>")));
    EXPECT_TRUE(issue.withdrawn_before);
    EXPECT_TRUE(good(books_->inbound(issue.inbound, "NPPO", false)).withdrawn);
    const auto anew = good(books_->arrive(incoming("m3", "NZ/1", "<a2/>")));
    EXPECT_FALSE(anew.withdrawn_before) << "one withdrawal, one issue";
}

TEST_P(ledger_suite, a_withdrawal_marks_the_issue_before_it) {
    const auto issue = good(books_->arrive(incoming("m1", "NZ/1", "<a/>")));
    good(books_->arrive(incoming("m2", "NZ/1", "<w/>", 40)));
    EXPECT_TRUE(good(books_->inbound(issue.inbound, "NPPO", false)).withdrawn);
    EXPECT_FALSE(good(books_->arrive(incoming("m3", "NZ/1", "<a2/>"))).withdrawn_before);
}

TEST_P(ledger_suite, the_responsible_agency_alone_sees_and_answers) {
    const auto i = good(books_->arrive(incoming("m1", "NZ/1", "<a/>")));
    EXPECT_EQ(run(books_->inbound(i.inbound, "GACC", false)).error().kind, failure_kind::not_found);
    EXPECT_TRUE(run(books_->inbound(i.inbound, "GACC", true)).has_value());
    EXPECT_TRUE(good(books_->inbox({.agency = "GACC"}, false)).rows.empty());
    EXPECT_EQ(good(books_->inbox({.agency = "GACC"}, true)).rows.size(), 1u);
    EXPECT_EQ(run(books_->answer(i.inbound, "GACC", {39, "", "en"}, time_.now(), "")).error().kind,
              failure_kind::not_found);
}

TEST_P(ledger_suite, an_answer_creates_the_work_that_carries_it) {
    const std::string message = "urn:uuid:4f1b2c3d-0000-4000-8000-000000000001";
    const auto i = good(books_->arrive(incoming(message, "NZ/1", "<a/>")));
    const queue::answer yes{39, "all fine", "en"};
    const auto view = good(books_->answer(i.inbound, "NPPO", yes, time_.now(), ""));
    EXPECT_EQ(view.answer_status, 39);
    EXPECT_FALSE(view.answer_delivered);
    good(books_->answer(i.inbound, "NPPO", yes, time_.now(), ""));  // again: the same
    EXPECT_EQ(run(books_->answer(i.inbound, "NPPO", {41, "", ""}, time_.now(), "")).error().kind,
              failure_kind::conflict);

    const auto tasks = take("NZ");
    ASSERT_EQ(tasks.size(), 1u);
    const auto& t = tasks.front();
    EXPECT_EQ(t.verb, queue::verb::respond);
    EXPECT_EQ(t.message, queue::respond_id("CN", i.inbound, 39));
    uuid theirs{};
    ASSERT_TRUE(queue::parse_uuid(message, theirs));
    EXPECT_EQ(t.relates_to, theirs);
    EXPECT_EQ(t.answer, yes);
    EXPECT_FALSE(t.content);
    EXPECT_EQ(t.channel, "nz");

    tell(t, queue::outcome_class::temporary);
    time_.advance(1h);
    tell(take_one("NZ"), queue::outcome_class::done);
    EXPECT_TRUE(good(books_->inbound(i.inbound, "NPPO", false)).answer_delivered);
    time_.advance(24h);
    EXPECT_TRUE(take("NZ").empty());
}

TEST_P(ledger_suite, an_answer_they_will_not_take_can_be_retried_under_the_certificates_id) {
    const auto i = good(books_->arrive(incoming("m1", "NZ/1", "<a/>")));
    good(books_->answer(i.inbound, "NPPO", {39, "", ""}, time_.now(), ""));
    tell(take_one("NZ"), queue::outcome_class::refused);
    EXPECT_TRUE(take("NZ").empty());
    good(books_->retry(i.inbound, "operator:root", "they fixed it", time_.now()));
    EXPECT_EQ(take("NZ").size(), 1u);
}

TEST_P(ledger_suite, an_acknowledgement_is_matched_by_id_reference_or_envelope) {
    std::vector<accepted> three;
    for (int i = 0; i < 3; ++i) three.push_back(take_in(push("A/" + std::to_string(i), "<a/>")));
    const auto out = take();
    for (const auto& t : out) {
        auto o = outcome_of(t, queue::outcome_class::sent);
        o.reference = "HUB-" + t.envelope.number;
        tell(o);
    }
    auto by_reference = answer_to(uuid{}, 39);
    by_reference.delivery.reset();
    by_reference.reference = "HUB-A/1";
    auto by_envelope = answer_to(uuid{}, 41);
    by_envelope.delivery.reset();
    by_envelope.envelope = push("A/2", "").envelope;
    by_envelope.reason = "pests";
    EXPECT_TRUE(good(books_->acknowledge(answer_to(three[0].delivery, 39))).matched);
    EXPECT_EQ(good(books_->acknowledge(by_reference)).delivery, three[1].delivery);
    EXPECT_EQ(good(books_->acknowledge(by_envelope)).delivery, three[2].delivery);
    EXPECT_EQ(state_now(three[0].delivery), state::acknowledged);
    EXPECT_EQ(state_now(three[2].delivery), state::rejected);
    EXPECT_EQ(seen(three[2].delivery).answer_reason, "pests");
}

TEST_P(ledger_suite, another_partner_cannot_answer_for_this_one) {
    const accepted a = take_in(push("A/1", "<a/>"));
    tell(take_one(), queue::outcome_class::sent);
    auto foreign = answer_to(a.delivery, 41);
    foreign.partner = "XX";
    EXPECT_FALSE(good(books_->acknowledge(foreign)).matched);
    EXPECT_EQ(state_now(a.delivery), state::sent);
}

TEST_P(ledger_suite, an_acknowledgement_that_came_first_is_matched_by_the_outcome) {
    const accepted a = take_in(push("A/1", "<a/>"));
    const auto out = take_one();
    auto early = answer_to(uuid{}, 39);
    early.delivery.reset();
    early.reference = "HUB-1";
    early.envelope.number = "as they write it";
    EXPECT_FALSE(good(books_->acknowledge(early)).matched);
    auto o = outcome_of(out, queue::outcome_class::sent);
    o.reference = "HUB-1";
    EXPECT_EQ(tell(o).after, state::acknowledged);
    EXPECT_EQ(count_events(a.delivery, "ended"), 1);
    time_.advance(1h);
    EXPECT_TRUE(overdue().empty());
}

TEST_P(ledger_suite, what_was_kept_is_matched_by_the_same_rules_as_what_comes_in_time) {
    const auto early = [this](auto change) {
        auto a = answer_to(uuid{}, 39);
        a.delivery.reset();
        a.envelope = push("A/1", "").envelope;
        change(a);
        EXPECT_FALSE(good(books_->acknowledge(a)).matched);
    };
    const uuid certificate =
        queue::certificate_id("CN", "NPPO", "A/1", 851, 70, 0, crypto::sha256_of("<a/>"));
    const uuid to_come = queue::delivery_id(certificate, "NL");
    early([](acknowledgement& a) { a.envelope.from = "XX"; });
    early([](acknowledgement& a) { a.envelope.status = 40; });
    early([](acknowledgement& a) { a.envelope.type = 657; });
    early([](acknowledgement& a) { a.partner = "NZ"; });
    early([&](acknowledgement& a) {
        a.delivery = to_come;
        a.envelope.number = "A/2";
    });
    const accepted a = take_in(push("A/1", "<a/>"));
    ASSERT_EQ(a.delivery, to_come);
    const auto first = take_one();
    EXPECT_EQ(tell(first, queue::outcome_class::sent).after, state::sent)
        << "other envelopes, another partner, an id beside another number";
}

TEST_P(ledger_suite,
       an_acknowledgement_that_came_before_its_certificate_is_matched_by_envelope_or_id) {
    auto by_envelope = answer_to(uuid{}, 39);
    by_envelope.delivery.reset();
    by_envelope.envelope = push("A/1", "").envelope;
    EXPECT_FALSE(good(books_->acknowledge(by_envelope)).matched);
    const uuid second = queue::delivery_id(
        queue::certificate_id("CN", "NPPO", "A/2", 851, 70, 0, crypto::sha256_of("<a/>")), "NL");
    EXPECT_FALSE(good(books_->acknowledge(answer_to(second, 41))).matched);
    take_in(push("A/1", "<a/>"));
    take_in(push("A/2", "<a/>"));
    const auto out = take();
    ASSERT_EQ(out.size(), 2u);
    EXPECT_EQ(tell(out[0], queue::outcome_class::sent).after, state::acknowledged);
    EXPECT_EQ(tell(out[1], queue::outcome_class::sent).after, state::rejected);
}

TEST_P(ledger_suite, an_acknowledgement_unmatched_for_ten_minutes_alerts_once) {
    auto lost = answer_to(uuid{}, 39);
    EXPECT_FALSE(good(books_->acknowledge(lost)).matched);
    time_.advance(10min - 1ms);
    EXPECT_TRUE(overdue().empty());
    time_.advance(1ms);
    EXPECT_EQ(overdue().size(), 1u);
    EXPECT_TRUE(overdue().empty());
}

TEST_P(ledger_suite, of_two_different_answers_the_first_stands) {
    const accepted a = take_in(push("A/1", "<a/>"));
    tell(take_one(), queue::outcome_class::delivered);
    const auto yes = answer_to(a.delivery, 39);
    const auto first = good(books_->acknowledge(yes));
    const auto again = good(books_->acknowledge(yes));
    EXPECT_TRUE(again.repeat);
    EXPECT_EQ(again.receipt, first.receipt);
    const auto no = good(books_->acknowledge(answer_to(a.delivery, 41)));
    EXPECT_TRUE(no.differs);
    EXPECT_EQ(state_now(a.delivery), state::acknowledged);
    EXPECT_EQ(seen(a.delivery).answer_status, 39);
    EXPECT_EQ(count_events(a.delivery, "alert"), 1);
}

TEST_P(ledger_suite, equal_words_about_two_links_are_two_answers_where_there_are_no_message_ids) {
    const auto by_header = [this](int status, const std::string& reason) {
        auto a = answer_to(uuid{}, status);
        a.message_id.clear();
        a.delivery.reset();
        a.receipt.clear();
        a.envelope = push("A/1", "").envelope;
        a.reason = reason;
        return good(books_->acknowledge(std::move(a)));
    };
    const accepted first = take_in(push("A/1", "<a/>"));
    tell(take_one(), queue::outcome_class::delivered);
    EXPECT_FALSE(by_header(41, "pests").repeat);
    EXPECT_TRUE(by_header(41, "pests").repeat);
    const accepted second = take_in(push("A/1", "<b/>"));
    tell(take_one(), queue::outcome_class::delivered);
    const auto about_the_second = by_header(41, "pests");
    EXPECT_FALSE(about_the_second.repeat);
    EXPECT_EQ(about_the_second.delivery, second.delivery);
    EXPECT_EQ(state_now(second.delivery), state::rejected);
    const auto again = by_header(41, "pests");
    EXPECT_TRUE(again.repeat);
    EXPECT_EQ(again.delivery, second.delivery);
    EXPECT_TRUE(by_header(39, "").differs);
    EXPECT_TRUE(by_header(39, "").repeat) << "and alerts once";
    EXPECT_EQ(count_events(second.delivery, "alert"), 1);
    EXPECT_EQ(count_events(second.delivery, "rejected"), 1);
    EXPECT_EQ(count_events(first.delivery, "rejected"), 1);
}

TEST_P(ledger_suite, without_message_ids_an_early_answer_is_one_also_once_it_is_matched) {
    auto early = answer_to(uuid{}, 39);
    early.message_id.clear();
    early.delivery.reset();
    early.envelope = push("A/1", "").envelope;
    EXPECT_FALSE(good(books_->acknowledge(early)).repeat);
    EXPECT_TRUE(good(books_->acknowledge(early)).repeat);
    const accepted a = take_in(push("A/1", "<a/>"));
    EXPECT_EQ(tell(take_one(), queue::outcome_class::sent).after, state::acknowledged);
    EXPECT_TRUE(good(books_->acknowledge(early)).repeat);
    EXPECT_EQ(count_events(a.delivery, "acknowledged"), 1);
}

TEST_P(ledger_suite, a_signature_is_known_until_it_expires_also_after_a_restart) {
    const auto signature = crypto::sha256_of("value");
    const auto until = time_.now() + 10min;
    EXPECT_TRUE(good(books_->remember_signature(signature, until, time_.now())));
    EXPECT_FALSE(good(books_->remember_signature(signature, until, time_.now())));
    reopen_after_a_crash();
    EXPECT_FALSE(good(books_->remember_signature(signature, until, time_.now())));
    time_.advance(11min);
    EXPECT_TRUE(good(books_->remember_signature(signature, time_.now() + 1min, time_.now())));
}

}  // namespace ecert::hub
