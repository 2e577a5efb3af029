#include "tests/unit/hub/ledger/ledger_in_folder.hpp"

#include <boost/asio/detached.hpp>

#include <gtest/gtest.h>

#include <set>

namespace ecert::hub {
namespace {

constexpr int rows = 10'000;

class ten_thousand : public ledger_in_folder {
  protected:
    awaitable<void> agency(ledger& books, int lane, int lanes) {
        for (int i = lane; i < rows; i += lanes) {
            const auto answer =
                co_await books.accept(push("A/" + std::to_string(i), "<a/>"), receipt);
            EXPECT_TRUE(answer.has_value());
        }
    }
    void fill(ledger& books) {
        constexpr int lanes = 64;
        for (int lane = 0; lane < lanes; ++lane)
            boost::asio::co_spawn(loop_, agency(books, lane, lanes), boost::asio::detached);
        loop_.restart();
        loop_.run();
    }
};

TEST_F(ten_thousand, rows_are_paged_through_completely_and_each_page_is_quick) {
    auto books = open();
    fill(*books);
    std::set<std::string> seen;
    int pages = 0;
    list_query q{.agency = "NPPO", .most = 500};
    do {
        const auto page = run(books->list(q));
        ASSERT_TRUE(page) << page.error().text;
        for (const auto& row : page->rows) seen.insert(row.envelope.number);
        q.cursor = page->next;
        ++pages;
    } while (!q.cursor.empty());
    EXPECT_EQ(seen.size(), static_cast<std::size_t>(rows));
    EXPECT_EQ(pages, rows / 500);

    const auto counts = run(books->counts()).value();
    std::uint64_t waiting = 0;
    for (const auto& c : counts)
        if (c.state == state::waiting) waiting = c.pieces;
    EXPECT_EQ(waiting, static_cast<std::uint64_t>(rows)) << "kept, not counted";

    const auto last = run(books->list({.number = "A/7"}));
    EXPECT_EQ(last->rows.size(), 1u);
    const auto parked = run(books->custody({.state = state::parked}));
    EXPECT_TRUE(parked->rows.empty());
    EXPECT_TRUE(run(books->audit())->whole);
}

}  // namespace
}  // namespace ecert::hub
