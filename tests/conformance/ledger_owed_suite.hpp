// Work that is no delivery (our answer to what arrived) has a life of its own: seen, held, retried,
// counted; and what workers hand back again and again.
#pragma once

#include "tests/conformance/ledger_suite.hpp"

namespace ecert::hub {

class ledger_owes : public ledger_suite {
  protected:
    // A certificate of NZ that our agency has answered.
    inbound_view answered(std::string number = "NZ/1", std::string message = "m1") {
        const auto i = good(books_->arrive(incoming(message, number, "<a/>")));
        return good(books_->answer(i.inbound, "NPPO", {39, "all fine", "en"}, time_.now(), ""));
    }
    custody_view custody(const uuid& id) { return good(books_->custody_of(id)); }
    std::vector<custody_view> list(list_query q = {}) {
        q.unfinished_first = true;
        return good(books_->custody(q)).rows;
    }
};

TEST_P(ledger_owes, an_answer_is_in_custody_like_a_certificate) {
    const auto i = answered();
    const auto begun = time_.now();
    auto seen = custody(i.inbound);
    EXPECT_EQ(seen.verb, queue::verb::respond);
    EXPECT_EQ(seen.id, i.inbound);
    EXPECT_EQ(seen.partner, "NZ");
    EXPECT_EQ(seen.channel, "nz");
    EXPECT_FALSE(seen.certificate);
    ASSERT_TRUE(seen.inbound);
    EXPECT_EQ(seen.inbound->envelope.number, "NZ/1");
    EXPECT_EQ(seen.state, state::waiting);
    EXPECT_EQ(seen.holder, "hub");
    EXPECT_EQ(seen.since, begun);
    EXPECT_TRUE(seen.next_try);

    time_.advance(1min);
    const auto out = take_one("NZ");
    EXPECT_EQ(custody(i.inbound).state, state::queued);
    EXPECT_EQ(custody(i.inbound).holder, "worker");
    tell(out, queue::outcome_class::temporary);
    seen = custody(i.inbound);
    EXPECT_EQ(seen.state, state::waiting);
    EXPECT_EQ(seen.attempts, 1u);
    EXPECT_EQ(seen.last_answer, "they said temporary");
    EXPECT_GT(*seen.next_try, time_.now());

    time_.advance(1h);
    tell(take_one("NZ"), queue::outcome_class::unrecognised);
    seen = custody(i.inbound);
    EXPECT_EQ(seen.state, state::parked);
    EXPECT_EQ(seen.since, time_.now());
    EXPECT_EQ(seen.holder, "operator");
    EXPECT_EQ(seen.reason, "unrecognised-answer");
    EXPECT_EQ(seen.who_must_act.find("operator: "), 0u);
    EXPECT_FALSE(seen.ended);

    good(books_->retry(i.inbound, "operator:root", "they fixed it", time_.now()));
    tell(take_one("NZ"), queue::outcome_class::done);
    seen = custody(i.inbound);
    EXPECT_EQ(seen.state, state::delivered);
    EXPECT_TRUE(seen.ended);
    EXPECT_EQ(seen.holder, "NZ");
    EXPECT_EQ(seen.who_must_act, "nobody: it is finished");
    EXPECT_EQ(count_events(i.inbound, "answer-delivered"), 1);
}

TEST_P(ledger_owes, owed_answers_are_listed_with_the_deliveries_unfinished_first_oldest_first) {
    take_in(push("A/1", "<a/>"));
    time_.advance(1min);
    answered("NZ/1", "m1");
    time_.advance(1min);
    take_in(push("A/2", "<b/>"));
    answered("NZ/2", "m2");
    const auto two = take("NZ", 2);
    tell(two[0], queue::outcome_class::done);
    tell(two[1], queue::outcome_class::refused);
    auto done = push("A/3", "<c/>");
    done.completes = completes_at::delivered;
    done.partner = "XX";
    take_in(done);
    tell(take_one("XX"), queue::outcome_class::delivered);

    std::vector<std::string> numbers;
    list_query q{.unfinished_first = true, .most = 2};
    do {
        const auto page = good(books_->custody(q));
        EXPECT_LE(page.rows.size(), 2u);
        for (const auto& row : page.rows)
            numbers.push_back(
                (row.certificate ? row.certificate->envelope : row.inbound->envelope).number);
        q.cursor = page.next;
    } while (!q.cursor.empty());
    EXPECT_EQ(numbers, (std::vector<std::string>{"A/1", "A/2", "NZ/2", "A/3", "NZ/1"}));
}

TEST_P(ledger_owes, lists_of_work_filter_answers_too) {
    take_in(push("NZ/1", "<a/>"));
    answered("NZ/1", "m1");
    answered("NZ/2", "m2");
    tell(take_one("NZ"), queue::outcome_class::refused);
    EXPECT_EQ(list().size(), 3u);
    EXPECT_EQ(list({.number = "NZ/1"}).size(), 2u);
    EXPECT_EQ(list({.partner = "NZ"}).size(), 2u);
    EXPECT_EQ(list({.agency = "NPPO"}).size(), 3u);
    EXPECT_EQ(list({.agency = "GACC"}).size(), 0u);
    EXPECT_EQ(list({.state = state::refused}).size(), 1u);
    EXPECT_EQ(list({.state = state::waiting}).size(), 2u);
    EXPECT_EQ(list({.verb = queue::verb::respond}).size(), 2u);
    EXPECT_EQ(list({.verb = queue::verb::deliver}).size(), 1u);
    EXPECT_EQ(list({.verb = queue::verb::list}).size(), 0u);
    EXPECT_EQ(good(books_->list({})).rows.size(), 1u) << "agencies' lists are of certificates";
}

TEST_P(ledger_owes, an_answer_can_be_held_released_and_cancelled_by_the_id_of_what_it_answers) {
    const auto i = answered();
    const auto act = [&](auto verb) {
        return run(((*books_).*verb)(i.inbound, "operator:root", "the ministry", time_.now()));
    };
    EXPECT_EQ(act(&ledger::hold).value(), state::held);
    EXPECT_TRUE(take("NZ").empty());
    EXPECT_EQ(custody(i.inbound).holder, "operator");
    EXPECT_EQ(act(&ledger::hold).error().kind, failure_kind::conflict);
    EXPECT_EQ(act(&ledger::release).value(), state::waiting);
    const auto out = take_one("NZ");
    EXPECT_EQ(act(&ledger::hold).value(), state::queued) << "waits for the outcome";
    tell(out, queue::outcome_class::temporary);
    EXPECT_EQ(custody(i.inbound).state, state::held);
    EXPECT_EQ(custody(i.inbound).reason, "the ministry");
    time_.advance(24h);
    EXPECT_TRUE(take("NZ").empty());
    EXPECT_EQ(act(&ledger::cancel).value(), state::cancelled);
    EXPECT_EQ(act(&ledger::retry).error().kind, failure_kind::conflict);
    EXPECT_TRUE(custody(i.inbound).ended);
    EXPECT_EQ(count_events(i.inbound, "held"), 3) << "asked, asked with an attempt out, and done";
}

TEST_P(ledger_owes, about_what_was_not_answered_nothing_is_owed) {
    const auto i = good(books_->arrive(incoming("m1", "NZ/1", "<a/>")));
    const auto none = run(books_->custody_of(i.inbound));
    EXPECT_EQ(none.error().kind, failure_kind::not_found);
    EXPECT_NE(none.error().text.find("NPPO"), std::string::npos) << "who must answer is said";
    EXPECT_EQ(run(books_->hold(i.inbound, "operator:root", "x", time_.now())).error().kind,
              failure_kind::conflict);
    EXPECT_EQ(run(books_->hold(uuid{}, "operator:root", "x", time_.now())).error().kind,
              failure_kind::not_found);
}

TEST_P(ledger_owes, an_answer_that_an_older_attempt_brought_is_not_sent_again) {
    const auto i = answered();
    const auto first = take_one("NZ");
    time_.advance(1h);
    end_leases();
    time_.advance(1h);
    const auto second = take_one("NZ");
    tell(first, queue::outcome_class::done);
    EXPECT_TRUE(good(books_->inbound(i.inbound, "NPPO", false)).answer_delivered);
    tell(second, queue::outcome_class::temporary);
    EXPECT_EQ(custody(i.inbound).state, state::delivered);
    time_.advance(24h);
    EXPECT_TRUE(take("NZ").empty());
    EXPECT_EQ(count_events(i.inbound, "answer-delivered"), 1);
}

TEST_P(ledger_owes, a_cancelled_answer_that_they_have_after_all_alerts) {
    const auto i = answered();
    const auto out = take_one("NZ");
    good(books_->cancel(i.inbound, "operator:root", "told by telephone", time_.now()));
    EXPECT_EQ(tell(out, queue::outcome_class::temporary).after, state::cancelled);
    tell(out, queue::outcome_class::done);
    EXPECT_EQ(count_events(i.inbound, "alert"), 1);
}

TEST_P(ledger_owes, counters_keep_answers_apart_from_deliveries) {
    constexpr auto respond = queue::verb::respond;
    take_in(push("A/1", "<a/>"));
    answered("NZ/1", "m1");
    answered("NZ/2", "m2");
    EXPECT_EQ(counted(state::waiting), 1u);
    EXPECT_EQ(counted(state::waiting, respond), 2u);
    const auto two = take("NZ");
    EXPECT_EQ(counted(state::queued, respond), 2u);
    tell(two[0], queue::outcome_class::unrecognised);
    tell(two[1], queue::outcome_class::done);
    EXPECT_EQ(counted(state::parked, respond), 1u);
    EXPECT_EQ(counted(state::delivered, respond), 1u);
    EXPECT_EQ(counted(state::queued, respond), 0u);
    EXPECT_EQ(counted(state::parked), 0u);
    reopen();
    EXPECT_EQ(counted(state::parked, respond), 1u);
}

TEST_P(ledger_owes, what_is_handed_back_for_ever_alerts_waits_and_goes_on) {
    const accepted a = take_in(push("A/1", "<a/>"));
    const auto alerts = [&] { return count_events(a.certificate, "alert"); };
    const auto back = [&] {
        const auto done = tell(take_one(), queue::outcome_class::returned);
        time_.advance(1min);
        return done;
    };
    for (int times = 1; times < 6; ++times) {
        EXPECT_TRUE(back().alerts.empty()) << times;
        EXPECT_EQ(custody(a.delivery).who_must_act, "nobody: it goes on by itself");
    }
    EXPECT_EQ(back().alerts.size(), 1u);
    const auto seen = custody(a.delivery);
    EXPECT_EQ(seen.state, state::waiting) << "never parked by itself";
    EXPECT_EQ(seen.reason, "handed back 6 times in a row: they said returned");
    EXPECT_EQ(seen.who_must_act.find("operator: "), 0u);
    EXPECT_EQ(seen.last_answer, "") << "not the peer's words";
    for (int minute = 0; minute < 60; ++minute) back();
    EXPECT_EQ(alerts(), 1) << "once";
    time_.advance(24h);
    back();
    EXPECT_EQ(alerts(), 2) << "and each day";

    time_.advance(1min);
    tell(take_one(), queue::outcome_class::temporary);
    EXPECT_EQ(custody(a.delivery).who_must_act, "nobody: it goes on by itself");
    time_.advance(1h);
    EXPECT_TRUE(back().alerts.empty()) << "counted from the beginning";
}

TEST_P(ledger_owes, a_retry_is_not_asked_for_what_goes_on_but_begins_the_count_of_what_stopped) {
    const auto i = answered();
    for (int times = 0; times < 7; ++times) {
        tell(take_one("NZ"), queue::outcome_class::returned);
        time_.advance(1min);
    }
    EXPECT_EQ(run(books_->retry(i.inbound, "operator:root", "x", time_.now())).error().kind,
              failure_kind::conflict);
    tell(take_one("NZ"), queue::outcome_class::refused);
    good(books_->retry(i.inbound, "operator:root", "x", time_.now()));
    tell(take_one("NZ"), queue::outcome_class::returned);
    EXPECT_EQ(custody(i.inbound).reason, "handed back once: they said returned");
}

}  // namespace ecert::hub
