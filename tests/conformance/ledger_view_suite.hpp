// Seeing: lists, custody, events, audit; and closing.
#pragma once

#include "tests/conformance/ledger_suite.hpp"

#include <set>

namespace ecert::hub {

TEST_P(ledger_suite, pages_show_every_row_once_while_rows_are_added) {
    constexpr int rows = 250;
    for (int i = 0; i < rows; ++i) take_in(push("A/" + std::to_string(i), "<a/>"));
    std::vector<std::string> numbers;
    list_query q{.agency = "NPPO", .most = 17};
    do {
        auto page = good(books_->list(q));
        EXPECT_LE(page.rows.size(), 17u);
        for (const auto& row : page.rows) numbers.push_back(row.envelope.number);
        q.cursor = page.next;
        take_in(push("B/" + std::to_string(numbers.size()), "<b/>"));
    } while (!q.cursor.empty());
    EXPECT_EQ(numbers.size(), static_cast<std::size_t>(rows)) << "as it was when it was begun";
    EXPECT_EQ(numbers.front(), "A/249") << "newest first";
    EXPECT_EQ((std::set<std::string>{numbers.begin(), numbers.end()}).size(), numbers.size());
}

TEST_P(ledger_suite, operators_see_what_is_unfinished_first_oldest_first) {
    for (int i = 0; i < 6; ++i) {
        auto r = push("A/" + std::to_string(i), "<a/>");
        r.completes = completes_at::delivered;
        take_in(r);
    }
    const auto out = take();
    for (int i : {1, 3, 5}) tell(out[static_cast<std::size_t>(i)], queue::outcome_class::delivered);
    std::vector<std::string> numbers;
    list_query q{.unfinished_first = true, .most = 2};
    do {
        const auto page = good(books_->custody(q));
        for (const auto& row : page.rows) numbers.push_back(row.certificate->envelope.number);
        q.cursor = page.next;
    } while (!q.cursor.empty());
    const std::vector<std::string> expected{"A/0", "A/2", "A/4", "A/5", "A/3", "A/1"};
    EXPECT_EQ(numbers, expected);
}

TEST_P(ledger_suite, lists_filter_by_every_field) {
    take_in(push("A/1", "<a/>"));
    const auto begin = time_.now();
    time_.advance(1h);
    auto r = push("A/2", "<b/>");
    r.partner = "NZ";
    take_in(r);
    auto foreign = push("A/3", "<c/>");
    foreign.agency = "GACC";
    take_in(foreign);
    take("NZ");
    const auto count = [&](list_query q) { return good(books_->list(q)).rows.size(); };
    EXPECT_EQ(count({.agency = "NPPO"}), 2u);
    EXPECT_EQ(count({}), 3u);
    EXPECT_EQ(count({.number = "A/1"}), 1u);
    EXPECT_EQ(count({.agency = "GACC", .number = "A/1"}), 0u);
    EXPECT_EQ(count({.partner = "NZ"}), 1u);
    EXPECT_EQ(count({.state = state::queued}), 1u);
    EXPECT_EQ(count({.state = state::cancelled}), 0u);
    EXPECT_EQ(count({.from = begin + 1ms}), 2u);
    EXPECT_EQ(count({.until = begin + 1ms}), 1u);
}

TEST_P(ledger_suite, a_cursor_of_something_else_is_refused) {
    for (const char* cursor : {"x", "n", "nzz", "u1", "n-1", "n1 "})
        EXPECT_EQ(run(books_->list({.cursor = cursor})).error().kind, failure_kind::invalid)
            << cursor;
}

TEST_P(ledger_suite, custody_says_who_holds_it_and_who_must_act) {
    const accepted a = take_in(push("A/1", "<a/>"));
    const auto custody = [&] { return good(books_->custody_of(a.delivery)); };
    EXPECT_EQ(custody().holder, "hub");
    EXPECT_TRUE(custody().next_try);
    const auto t = take_one();
    EXPECT_EQ(custody().holder, "worker");
    tell(t, queue::outcome_class::refused);
    EXPECT_EQ(custody().holder, "operator");
    EXPECT_EQ(custody().last_answer, "they said refused");
    EXPECT_EQ(custody().who_must_act.find("operator: "), 0u);
    good(books_->retry(a.delivery, "operator:root", "", time_.now()));
    tell(take_one(), queue::outcome_class::sent);
    EXPECT_EQ(custody().holder, "NL");
    run(books_->acknowledge(answer_to(a.delivery, 41)));
    EXPECT_EQ(custody().holder, "NL authority");
    EXPECT_NE(custody().who_must_act.find("NPPO"), std::string::npos);
    EXPECT_EQ(custody().attempts, 2u);
}

TEST_P(ledger_suite, events_tell_the_whole_story_in_order) {
    const accepted a = take_in(push("A/1", "<a/>"));
    tell(take_one(), queue::outcome_class::delivered);
    run(books_->acknowledge(answer_to(a.delivery, 39)));
    std::vector<std::string> kinds;
    std::int64_t before = 0;
    for (const auto& e : events(a.certificate)) {
        kinds.push_back(e.kind);
        EXPECT_GT(e.sequence, before);
        before = e.sequence;
    }
    const std::vector<std::string> expected{"accepted",  "attempt",      "outcome",
                                            "delivered", "acknowledged", "ended"};
    EXPECT_EQ(kinds, expected);
}

TEST_P(ledger_suite, an_untouched_ledger_passes_its_audit) {
    for (int i = 0; i < 20; ++i) take_in(push("A/" + std::to_string(i), "<a/>"));
    reopen_after_a_crash();
    const auto audit = good(books_->audit());
    EXPECT_TRUE(audit.whole) << audit.text;
    EXPECT_GE(audit.events, 20u);
}

TEST_P(ledger_suite, after_close_nothing_is_taken_in_and_everything_taken_in_is_there) {
    const accepted a = take_in(push("A/1", "<a/>"));
    boost::asio::co_spawn(loop_, books_->close(), [](std::exception_ptr) {});
    loop_.restart();
    loop_.run();
    auto late = push("A/2", "<b/>");
    const auto refusal = run(books_->accept(late, [](const acceptance&) { return "r"; }));
    EXPECT_EQ(refusal.error().kind, failure_kind::unavailable);
    books_ = nullptr;
    books_ = place_->open(time_);
    EXPECT_EQ(state_now(a.delivery), state::waiting);
}

}  // namespace ecert::hub
