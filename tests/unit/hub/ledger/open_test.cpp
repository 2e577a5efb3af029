#include "hub/ledger/sqlite/open.hpp"

#include "hub/ledger/sqlite/connection.hpp"
#include "hub/ledger/sqlite/schema.hpp"
#include "tests/unit/hub/ledger/ledger_in_folder.hpp"

#include <gtest/gtest.h>

#include <fstream>

namespace ecert::hub {
namespace {

using opening = ledger_in_folder;

TEST_F(opening, a_second_hub_on_one_folder_is_refused_and_told_who_has_it) {
    const auto first = open();
    const auto second = try_open(settings());
    ASSERT_FALSE(second);
    EXPECT_EQ(second.error().kind, failure_kind::conflict);
    EXPECT_NE(second.error().text.find(std::to_string(::getpid())), std::string::npos)
        << second.error().text;
}

TEST_F(opening, a_newer_ledger_is_refused) {
    open().reset();
    {
        sqlite::connection db{file(), sqlite::access::read_write};
        const auto newer = std::to_string(sqlite::schema_version() + 1);
        db.execute(("PRAGMA user_version=" + newer).c_str());
    }
    const auto refused = try_open(settings());
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().kind, failure_kind::conflict);
    EXPECT_NE(refused.error().text.find("newer program"), std::string::npos);
}

TEST_F(opening, another_nodes_ledger_is_refused) {
    open().reset();
    auto other = settings();
    other.node = "NZ";
    const auto refused = try_open(other);
    ASSERT_FALSE(refused);
    EXPECT_NE(refused.error().text.find("CN"), std::string::npos);
}

TEST_F(opening, a_damaged_file_is_named_and_not_overwritten) {
    std::filesystem::create_directories(folder_.path());
    std::ofstream{file()} << std::string(5000, 'x');
    const auto refused = try_open(settings());
    ASSERT_FALSE(refused);
    EXPECT_NE(refused.error().text.find(folder_.path().string()), std::string::npos);
    EXPECT_EQ(std::filesystem::file_size(file()), 5000u);
}

TEST_F(opening, a_migration_cut_short_begins_again) {
    std::filesystem::create_directories(folder_.path());
    { sqlite::connection{file(), sqlite::access::read_write}.execute("PRAGMA user_version=0"); }
    auto books = open();
    close(books);
    books = open();
    EXPECT_TRUE(run(books->list({})));
}

TEST_F(opening, nobody_else_may_read_the_folder) {
    open().reset();
    using std::filesystem::perms;
    const auto p = std::filesystem::status(folder_.path()).permissions();
    EXPECT_EQ(p & perms::others_all, perms::none);
}

TEST_F(opening, the_durability_settings_hold_on_the_writers_connection) {
    open().reset();
    sqlite::connection db{file(), sqlite::access::read_write};
    const auto value = [&](const char* pragma) {
        auto q = db.prepare(pragma);
        q.step();
        return q.text(0);
    };
    EXPECT_EQ(value("PRAGMA journal_mode"), "wal");
    EXPECT_EQ(value("PRAGMA synchronous"), "2") << "FULL";
    EXPECT_EQ(value("PRAGMA foreign_keys"), "1");
}

}  // namespace
}  // namespace ecert::hub
