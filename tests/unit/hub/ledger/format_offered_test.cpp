#include "hub/ledger/sqlite/schema.hpp"
#include "hub/ledger/sqlite/tables.hpp"
#include "tests/unit/hub/ledger/ledger_in_folder.hpp"

#include <gtest/gtest.h>

namespace ecert::hub {
namespace {

// A ledger of format 2 with two arrivals.
constexpr const char* format_2_rows = R"sql(
INSERT INTO content(digest, size, bytes) VALUES(x'00', 1, x'61');
INSERT INTO inbound(id, uuid, partner, channel, message_id, sender, receiver, number, type, status,
  digest, size, arrived, agency, receipt, readable, findings, traceparent, answer_status)
  SELECT value, randomblob(16), 'NZ', 'nz', 'm' || value, 'NZ', 'CN', 'NZ/' || value, 851, 70,
    x'00', 1, 5, 'NPPO', 'r', 1, '[]', '', 0 FROM (SELECT 1 AS value UNION SELECT 2);
PRAGMA user_version=2;
)sql";

using format_with_offers = ledger_in_folder;

TEST_F(format_with_offers, what_arrived_before_is_no_news_to_its_agency) {
    std::filesystem::create_directories(folder_.path());
    {
        sqlite::connection db{file(), sqlite::access::read_write};
        sqlite::make_first_tables(db);
        sqlite::give_all_work_a_life(db);
        db.execute(format_2_rows);
        ASSERT_TRUE(sqlite::migrate(db));
        auto q = db.prepare("SELECT count(*) FROM inbound WHERE received = 1");
        ASSERT_TRUE(q.step());
        EXPECT_EQ(q.integer(0), 2);
    }
    auto books = open();
    EXPECT_TRUE(good(books->to_receive("NPPO", 10)).empty());
    close(books);
}

}  // namespace
}  // namespace ecert::hub
