#include "hub/ledger/sqlite/schema.hpp"
#include "hub/ledger/sqlite/tables.hpp"
#include "tests/unit/hub/ledger/ledger_in_folder.hpp"

#include <gtest/gtest.h>

namespace ecert::hub {
namespace {

// A ledger of format 4: a list, and a certificate that was fetched and is to be confirmed.
constexpr const char* format_4_rows = R"sql(
INSERT INTO content(digest, size, bytes) VALUES(zeroblob(32), 1, x'61');
INSERT INTO inbound(id, uuid, partner, channel, message_id, sender, receiver, number, type, status,
  digest, size, arrived, agency, receipt, readable, findings, traceparent)
  VALUES(1, randomblob(16), 'NZ', 'ippc', 'HUB-1', 'NZ', 'CN', 'NZ/1', 851, 70, zeroblob(32), 1, 5,
    'NPPO', '', 1, '[]', '');
INSERT INTO pulled(id, uuid, channel, reference, partner, sender, receiver, number, type, status,
  listed, inbound, digest, confirm) VALUES
  (1, randomblob(16), 'ippc', '', 'NZ', '', '', '', 0, 0, 5, NULL, NULL, NULL),
  (2, randomblob(16), 'ippc', 'HUB-1', 'NZ', 'NZ', 'CN', 'NZ/1', 851, 70, 5, 1, zeroblob(32), 0);
INSERT INTO work(id, verb, partner, channel, pulled, status, due) VALUES
  (1, 2, 'NZ', 'ippc', 1, 0, 5), (2, 4, 'NZ', 'ippc', 2, 0, 5);
INSERT INTO counter(verb, state, pieces) VALUES(2, 0, 1), (4, 0, 1);
PRAGMA user_version=4;
)sql";

class format_with_numbers : public ledger_in_folder {
  protected:
    format_with_numbers() {
        std::filesystem::create_directories(folder_.path());
        sqlite::connection db{file(), sqlite::access::read_write};
        sqlite::make_first_tables(db);
        sqlite::give_all_work_a_life(db);
        sqlite::let_partners_fetch(db);
        sqlite::make_room_for_what_is_pulled(db);
        db.execute(format_4_rows);
        EXPECT_TRUE(sqlite::migrate(db));
        auto q = db.prepare("PRAGMA foreign_key_check");
        EXPECT_FALSE(q.step());
    }
};

TEST_F(format_with_numbers, what_was_owed_before_is_owed_after) {
    auto books = open();
    const auto tasks = good(books->take_due("NZ", 10, {.now = time_.now()}));
    ASSERT_EQ(tasks.size(), 2u);
    EXPECT_EQ(tasks[1].reference, "HUB-1");
    close(books);
}

TEST_F(format_with_numbers, what_came_under_a_number_before_is_a_repeat_after) {
    auto books = open();
    arrival again{.partner = "NZ", .channel = "ippc", .reference = "HUB-1"};
    again.envelope = {"NZ", "CN", "NZ/1", 851, 70};
    again.content = crypto::from_memory("other bytes");
    EXPECT_TRUE(good(books->arrive(again)).other_content) << "one certificate, one content";
    again.channel = "nz";
    EXPECT_FALSE(good(books->arrive(again)).other_content) << "another channel's number";
    close(books);
}

}  // namespace
}  // namespace ecert::hub
