// Fetched from us: what is offered, to whom, and what becomes of it; how agencies receive what
// arrived for them.
#pragma once

#include "tests/conformance/ledger_suite.hpp"

namespace ecert::hub {

class ledger_offers : public ledger_suite {
  protected:
    accept_request offering(std::string number, std::string bytes, int status = 70) const {
        auto r = push(std::move(number), std::move(bytes), status);
        r.offers = true;
        r.completes = completes_at::delivered;
        return r;
    }
    std::vector<std::string> on_offer(std::vector<std::string> partners = {"NL"}) {
        std::vector<std::string> numbers;
        for (const auto& v : good(books_->offered(std::move(partners), 100)))
            numbers.push_back(v.envelope.number + "/" + std::to_string(v.envelope.status));
        return numbers;
    }
    partner_report word(const uuid& delivery, partner_word said, std::string text = {}) const {
        partner_report r;
        r.partners = {"NL"};
        r.delivery = delivery;
        r.said = said;
        r.text = std::move(text);
        r.at = time_.now();
        return r;
    }
    certificate_view report(partner_report r) { return good(books_->report(std::move(r))); }
};

TEST_P(ledger_offers, what_is_offered_is_never_due) {
    const auto a = take_in(offering("A/1", "<a/>"));
    EXPECT_EQ(state_now(a.delivery), state::offered);
    EXPECT_EQ(on_offer(), std::vector<std::string>{"A/1/70"});
    EXPECT_TRUE(take().empty());
    EXPECT_TRUE(good(books_->due(time_.now() + 24h)).empty());
    EXPECT_FALSE(good(books_->next_due()));
    EXPECT_EQ(counted(state::offered), 1u);
    reopen_after_a_crash();
    EXPECT_EQ(on_offer(), std::vector<std::string>{"A/1/70"});
}

TEST_P(ledger_offers, a_partner_is_offered_its_own_alone) {
    take_in(offering("A/1", "<a/>"));
    EXPECT_TRUE(on_offer({"NZ"}).empty());
    EXPECT_TRUE(on_offer({}).empty());
    auto for_nz = offering("A/2", "<b/>");
    for_nz.partner = "NZ";
    const auto b = take_in(for_nz);
    EXPECT_EQ(on_offer({"NZ"}), std::vector<std::string>{"A/2/70"});
    EXPECT_EQ(on_offer({"NL", "NZ"}).size(), 2u) << "a hub fetches for many";
    EXPECT_EQ(run(books_->report(word(b.delivery, partner_word::received))).error().kind,
              failure_kind::not_found);
    EXPECT_EQ(run(books_->delivery_to(b.delivery, {"NL"})).error().kind, failure_kind::not_found);
    EXPECT_EQ(good(books_->delivery_to(b.delivery, {"NZ"})).delivery, b.delivery);
    EXPECT_EQ(state_now(b.delivery), state::offered);
}

TEST_P(ledger_offers, fetched_is_sent_and_only_a_confirmation_is_delivery) {
    const auto a = take_in(offering("A/1", "<a/>"));
    EXPECT_EQ(report(word(a.delivery, partner_word::fetched)).state, state::sent);
    EXPECT_EQ(on_offer().size(), 1u) << "until it is confirmed";
    report(word(a.delivery, partner_word::fetched));
    EXPECT_EQ(count_events(a.delivery, "sent"), 1) << "fetching again is no event";
    EXPECT_EQ(count_events(a.delivery, "ended"), 0);
    EXPECT_EQ(report(word(a.delivery, partner_word::received)).state, state::delivered);
    EXPECT_TRUE(on_offer().empty());
    EXPECT_EQ(report(word(a.delivery, partner_word::refused, "no")).state, state::delivered)
        << "nothing lowers it";
    report(word(a.delivery, partner_word::received));
    EXPECT_EQ(count_events(a.delivery, "ended"), 1);
}

TEST_P(ledger_offers, what_nobody_fetched_comes_first) {
    const auto first = take_in(offering("A/1", "<a/>"));
    take_in(offering("A/2", "<b/>"));
    take_in(offering("A/3", "<c/>"));
    report(word(first.delivery, partner_word::fetched));
    EXPECT_EQ(on_offer(), (std::vector<std::string>{"A/2/70", "A/3/70", "A/1/70"}));
    EXPECT_EQ(good(books_->offered({"NL"}, 2)).size(), 2u);
}

TEST_P(ledger_offers, a_later_link_is_offered_when_the_earlier_one_is_theirs) {
    const auto issue = take_in(offering("A/1", "<a/>"));
    report(word(issue.delivery, partner_word::fetched));
    const auto withdrawal = take_in(offering("A/1", "<w/>", 40));
    EXPECT_EQ(state_now(withdrawal.delivery), state::waiting);
    EXPECT_EQ(on_offer(), std::vector<std::string>{"A/1/70"});
    report(word(issue.delivery, partner_word::received));
    EXPECT_EQ(state_now(withdrawal.delivery), state::offered);
    EXPECT_EQ(on_offer(), std::vector<std::string>{"A/1/40"});
    EXPECT_TRUE(take().empty());
}

TEST_P(ledger_offers, a_withdrawal_of_what_nobody_fetched_cancels_both) {
    const auto issue = take_in(offering("A/1", "<a/>"));
    const auto withdrawal = take_in(offering("A/1", "<w/>", 40));
    EXPECT_EQ(state_now(issue.delivery), state::cancelled);
    EXPECT_EQ(state_now(withdrawal.delivery), state::cancelled);
    EXPECT_TRUE(on_offer().empty());
}

TEST_P(ledger_offers, a_refusal_stops_it_with_their_words_until_it_is_offered_again) {
    const auto a = take_in(offering("A/1", "<a/>"));
    report(word(a.delivery, partner_word::fetched));
    EXPECT_EQ(report(word(a.delivery, partner_word::refused, "no PDF")).state, state::refused);
    EXPECT_TRUE(on_offer().empty());
    EXPECT_EQ(good(books_->custody_of(a.delivery)).last_answer, "no PDF");
    EXPECT_EQ(count_events(a.delivery, "alert"), 1);
    good(books_->retry(a.delivery, "operator:root", "they can now", time_.now()));
    EXPECT_EQ(on_offer().size(), 1u);
    EXPECT_EQ(report(word(a.delivery, partner_word::received)).state, state::delivered);
}

TEST_P(ledger_offers, a_complaint_is_kept_with_the_delivery_and_told) {
    const auto a = take_in(offering("A/1", "<a/>"));
    auto complaint = word(a.delivery, partner_word::received, "the seal is missing");
    complaint.how = reception::warned;
    const auto v = report(complaint);
    EXPECT_EQ(v.state, state::delivered);
    EXPECT_EQ(v.received, reception::warned);
    EXPECT_EQ(seen(a.delivery).received_text, "the seal is missing");
    EXPECT_EQ(count_events(a.delivery, "alert"), 1);
    reopen();
    EXPECT_EQ(seen(a.delivery).received, reception::warned);
}

TEST_P(ledger_offers, a_complaint_in_the_answer_to_an_attempt_is_kept_likewise) {
    const auto a = take_in(push("A/1", "<a/>"));
    auto o = outcome_of(take_one(), queue::outcome_class::delivered);
    o.warning = "the seal is missing";
    tell(o);
    EXPECT_EQ(seen(a.delivery).received, reception::warned);
    EXPECT_EQ(seen(a.delivery).received_text, "the seal is missing");
    const auto b = take_in(push("A/2", "<b/>"));
    tell(take_one(), queue::outcome_class::delivered);
    EXPECT_EQ(seen(b.delivery).received, reception::plain);
}

TEST_P(ledger_offers, what_is_held_or_cancelled_is_not_offered) {
    const auto a = take_in(offering("A/1", "<a/>"));
    good(books_->hold(a.delivery, "operator:root", "look at it", time_.now()));
    EXPECT_TRUE(on_offer().empty());
    good(books_->release(a.delivery, "operator:root", "", time_.now()));
    EXPECT_EQ(on_offer().size(), 1u);
    good(books_->cancel(a.delivery, "operator:root", "wrong", time_.now()));
    EXPECT_TRUE(on_offer().empty());
    EXPECT_EQ(report(word(a.delivery, partner_word::received)).state, state::cancelled);
    EXPECT_EQ(count_events(a.delivery, "alert"), 1) << "they have what was cancelled here";
}

TEST_P(ledger_offers, what_was_taken_back_before_it_was_given_is_not_given) {
    const auto nothing = failure_kind::not_found;
    const auto fetched = [this](const accepted& a) {
        return run(books_->report(word(a.delivery, partner_word::fetched)));
    };
    const auto withdrawn = take_in(offering("A/1", "<a/>"));
    take_in(offering("A/1", "<w/>", 40));
    ASSERT_FALSE(fetched(withdrawn));
    EXPECT_EQ(fetched(withdrawn).error().kind, nothing);
    EXPECT_EQ(state_now(withdrawn.delivery), state::cancelled);
    EXPECT_EQ(count_events(withdrawn.delivery, "alert"), 0);
    const auto held = take_in(offering("A/2", "<b/>"));
    good(books_->hold(held.delivery, "operator:root", "look at it", time_.now()));
    EXPECT_FALSE(fetched(held));
    good(books_->release(held.delivery, "operator:root", "", time_.now()));
    EXPECT_TRUE(fetched(held));
    EXPECT_FALSE(fetched(take_in(push("A/3", "<c/>")))) << "it is sent to them, not offered";
}

TEST_P(ledger_offers, a_complaint_after_delivery_is_kept_and_told_once) {
    const auto complaint = [this](const accepted& a, std::string text) {
        auto r = word(a.delivery, partner_word::received, std::move(text));
        r.how = reception::warned;
        return r;
    };
    const auto a = take_in(offering("A/1", "<a/>"));
    report(word(a.delivery, partner_word::received));
    for (int i = 0; i < 2; ++i) {
        EXPECT_EQ(report(complaint(a, "the seal is missing")).received, reception::warned);
        EXPECT_EQ(count_events(a.delivery, "alert"), 1);
        EXPECT_EQ(count_events(a.delivery, "received"), 1) << "said again, nothing changes";
    }
    EXPECT_EQ(report(complaint(a, "and the date")).received_text, "the seal is missing");
    EXPECT_EQ(count_events(a.delivery, "alert"), 2) << "new words are told, the first stand";
    for (int i = 0; i < 50; ++i) report(complaint(a, "and " + std::to_string(i)));
    EXPECT_EQ(count_events(a.delivery, "received"), 20) << "who always finds new words";
    EXPECT_EQ(count_events(a.delivery, "alert"), 20);
    const auto b = take_in(offering("A/2", "<b/>"));
    report(word(b.delivery, partner_word::received));
    for (int i = 0; i < 2; ++i) {
        const auto v = report(word(b.delivery, partner_word::refused, "we cannot open it"));
        EXPECT_EQ(v.state, state::delivered);
        EXPECT_EQ(v.received, reception::unreadable);
        EXPECT_EQ(v.received_text, "we cannot open it");
        EXPECT_EQ(count_events(b.delivery, "alert"), 1);
    }
    const auto c = take_in(offering("A/3", "<c/>"));
    report(word(c.delivery, partner_word::refused, "no PDF"));
    for (int i = 0; i < 3; ++i) report(word(c.delivery, partner_word::refused, "no PDF"));
    EXPECT_EQ(count_events(c.delivery, "refused") + count_events(c.delivery, "told"), 2);
}

TEST_P(ledger_offers, of_partners_that_share_a_channel_none_waits_for_anothers_confirmations) {
    for (int i = 0; i < 5; ++i)
        report(word(take_in(offering("A/" + std::to_string(i), "<a/>")).delivery,
                    partner_word::fetched));
    auto for_nz = offering("B/1", "<b/>");
    for_nz.partner = "NZ";
    take_in(for_nz);
    const auto page = good(books_->offered({"NL", "NZ"}, 3));
    ASSERT_EQ(page.size(), 3u);
    EXPECT_EQ(page.front().envelope.number, "B/1") << "what nobody fetched comes first";
}

TEST_P(ledger_offers, what_nobody_fetches_alerts_once_and_stays_on_offer) {
    const auto a = take_in(offering("A/1", "<a/>"));
    time_.advance(policy_.receipt_deadline - 1ms);
    EXPECT_TRUE(overdue().empty());
    time_.advance(1ms);
    EXPECT_EQ(overdue().size(), 1u);
    EXPECT_TRUE(overdue().empty());
    EXPECT_EQ(on_offer().size(), 1u);
    report(word(a.delivery, partner_word::fetched));
    time_.advance(policy_.receipt_deadline);
    EXPECT_EQ(overdue().size(), 1u) << "fetched, and never confirmed";
    EXPECT_EQ(report(word(a.delivery, partner_word::received)).state, state::delivered);
}

TEST_P(ledger_offers, what_is_given_is_the_translation_that_was_made_when_it_was_accepted) {
    auto r = offering("A/1", "<a/>");
    r.translation = crypto::from_memory("<translated/>");
    const auto a = take_in(r);
    const auto v = good(books_->offered({"NL"}, 1)).front();
    ASSERT_TRUE(v.translation);
    EXPECT_EQ(*good(books_->content(*v.translation))->in_memory(), "<translated/>");
    EXPECT_EQ(v.delivery, a.delivery);
}

TEST_P(ledger_offers, a_word_about_what_was_sent_is_heard_by_reference_or_envelope) {
    const auto a = take_in(push("A/1", "<a/>"));
    const auto b = take_in(push("A/2", "<b/>"));
    for (const auto& t : take()) {
        auto o = outcome_of(t, queue::outcome_class::sent);
        o.reference = "HUB-" + t.envelope.number;
        tell(o);
    }
    auto by_reference = word(uuid{}, partner_word::received);
    by_reference.delivery.reset();
    by_reference.reference = "HUB-A/1";
    EXPECT_EQ(report(by_reference).delivery, a.delivery);
    EXPECT_EQ(state_now(a.delivery), state::delivered);
    auto by_envelope = word(uuid{}, partner_word::refused, "too late");
    by_envelope.delivery.reset();
    by_envelope.envelope = push("A/2", "").envelope;
    EXPECT_EQ(report(by_envelope).delivery, b.delivery);
    EXPECT_EQ(state_now(b.delivery), state::refused);
    by_envelope.partners = {"NZ"};
    EXPECT_EQ(run(books_->report(by_envelope)).error().kind, failure_kind::not_found);
}

TEST_P(ledger_offers, an_agency_sees_its_own_that_are_not_delivered_yet) {
    const auto offered = take_in(offering("A/1", "<a/>"));
    const auto waiting = take_in(push("A/2", "<b/>"));
    auto others = push("B/1", "<c/>");
    others.agency = "GACC";
    take_in(others);
    const auto under_way = good(books_->under_way("NPPO", 10));
    ASSERT_EQ(under_way.size(), 2u);
    EXPECT_EQ(under_way[0].delivery, waiting.delivery) << "the newest first";
    report(word(offered.delivery, partner_word::received));
    EXPECT_EQ(good(books_->under_way("NPPO", 10)).size(), 1u);
    tell(take_one(), queue::outcome_class::refused);
    EXPECT_TRUE(good(books_->under_way("NPPO", 10)).empty()) << "it is no longer under way";
}

TEST_P(ledger_offers, an_arrival_waits_for_its_agency_until_it_is_received_or_answered) {
    const auto first = good(books_->arrive(incoming("m1", "NZ/1", "<a/>")));
    const auto second = good(books_->arrive(incoming("m2", "NZ/2", "<b/>")));
    EXPECT_EQ(good(books_->to_receive("NPPO", 10)).size(), 2u);
    EXPECT_TRUE(good(books_->to_receive("GACC", 10)).empty());
    const auto now = time_.now();
    EXPECT_EQ(
        run(books_->receive(first.inbound, "GACC", reception::plain, "", now, "")).error().kind,
        failure_kind::not_found);
    const auto v =
        good(books_->receive(first.inbound, "NPPO", reception::unreadable, "empty", now, ""));
    EXPECT_EQ(v.received, reception::unreadable);
    EXPECT_EQ(good(books_->receive(first.inbound, "NPPO", reception::plain, "", now, "")).received,
              reception::unreadable)
        << "the first word stands";
    EXPECT_EQ(count_events(first.inbound, "alert"), 1);
    good(books_->answer(second.inbound, "NPPO", {39, "", ""}, now, ""));
    EXPECT_TRUE(good(books_->to_receive("NPPO", 10)).empty()) << "who answers has it";
    EXPECT_EQ(good(books_->arrival_from(first.inbound, {"NZ"})).received_text, "empty");
    EXPECT_EQ(run(books_->arrival_from(first.inbound, {"AU"})).error().kind,
              failure_kind::not_found);
}

TEST_P(ledger_offers, an_agency_that_answered_may_complain_still) {
    const auto a = good(books_->arrive(incoming("m1", "NZ/1", "<a/>")));
    const auto now = time_.now();
    good(books_->answer(a.inbound, "NPPO", {39, "", ""}, now, ""));
    for (int i = 0; i < 2; ++i) {
        const auto v =
            good(books_->receive(a.inbound, "NPPO", reception::unreadable, "empty", now, ""));
        EXPECT_EQ(v.received, reception::unreadable);
        EXPECT_EQ(v.received_text, "empty");
        EXPECT_EQ(count_events(a.inbound, "alert"), 1);
    }
    good(books_->receive(a.inbound, "NPPO", reception::warned, "late", now, ""));
    EXPECT_EQ(count_events(a.inbound, "alert"), 2);
    EXPECT_EQ(good(books_->inbound(a.inbound, "NPPO", false)).received_text, "empty");
}

TEST_P(ledger_offers, a_list_is_of_the_country_asked_for_before_it_is_cut_and_without_findings) {
    for (int i = 0; i < 3; ++i) {
        auto found = incoming("", "NZ/" + std::to_string(i), "<a/>");
        found.findings = {{"SPS-NUMBER-MISSING", severity::error, "/a", "", ""}};
        good(books_->arrive(found));
    }
    auto of_au = incoming("", "AU/1", "<b/>");
    of_au.partner = "AU";
    of_au.envelope.from = "AU2";
    good(books_->arrive(of_au));
    for (const auto* from : {"AU", "AU2"}) {
        const auto rows = good(books_->to_receive("NPPO", 2, from));
        ASSERT_EQ(rows.size(), 1u) << from;
        EXPECT_EQ(rows.front().envelope.number, "AU/1");
    }
    const auto all = good(books_->to_receive("NPPO", 2));
    ASSERT_EQ(all.size(), 2u);
    EXPECT_TRUE(all.front().findings.empty()) << "a list would parse them for nothing";
    EXPECT_EQ(good(books_->inbound(all.front().inbound, "NPPO", false)).findings.size(), 1u);
}

TEST_P(ledger_offers, what_came_lately_is_listed_for_its_sender_the_newest_first) {
    good(books_->arrive(incoming("", "NZ/1", "<a/>")));
    time_.advance(2h);
    const auto since = time_.now() - 1h;
    good(books_->arrive(incoming("", "NZ/2", "<b/>")));
    good(books_->arrive(incoming("", "NZ/3", "<c/>")));
    const auto lately = good(books_->arrivals_since({"AU", "NZ"}, since, 10));
    ASSERT_EQ(lately.size(), 2u);
    EXPECT_EQ(lately.front().envelope.number, "NZ/3");
    EXPECT_EQ(good(books_->arrivals_since({"NZ"}, since, 1)).size(), 1u);
    EXPECT_TRUE(good(books_->arrivals_since({"AU"}, since, 10)).empty());
}

TEST_P(ledger_offers, an_arrival_is_found_by_its_header_by_its_agency) {
    good(books_->arrive(incoming("m1", "NZ/1", "<a/>")));
    const auto corrected = good(books_->arrive(incoming("m2", "NZ/1", "<b/>")));
    const auto header = incoming("", "NZ/1", "").envelope;
    EXPECT_EQ(good(books_->arrival_like("NPPO", header)).inbound, corrected.inbound);
    EXPECT_EQ(run(books_->arrival_like("GACC", header)).error().kind, failure_kind::not_found);
    auto other = header;
    other.status = 40;
    EXPECT_EQ(run(books_->arrival_like("NPPO", other)).error().kind, failure_kind::not_found);
}

}  // namespace ecert::hub
