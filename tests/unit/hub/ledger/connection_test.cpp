#include "hub/ledger/sqlite/connection.hpp"

#include "tests/conformance/ledger_folder.hpp"

#include <gtest/gtest.h>

namespace ecert::hub::sqlite {
namespace {

struct one_connection : testing::Test {
    std::filesystem::path file() const {
        std::filesystem::create_directories(folder.path());
        return folder.path() / "db";
    }
    temp_folder folder;
    connection db{file(), access::read_write};

    std::int64_t ask(std::string_view sql) {
        auto q = db.prepare(sql);
        EXPECT_TRUE(q.step());
        return q.integer(0);
    }
};

TEST_F(one_connection, a_text_that_changed_in_its_place_is_another_statement) {
    std::string sql = "SELECT 1";
    EXPECT_EQ(ask(sql), 1);
    sql.back() = '2';
    EXPECT_EQ(ask(sql), 2);
    sql.back() = '1';
    EXPECT_EQ(ask(sql), 1);
    EXPECT_EQ(ask(std::string_view{"SELECT 12"}.substr(0, 8)), 1) << "a part of a longer text";
}

TEST_F(one_connection, a_statement_may_run_inside_itself) {
    constexpr const char* sql = "SELECT ?1 UNION ALL SELECT ?1 + 1";
    auto outer = db.prepare(sql, 10);
    ASSERT_TRUE(outer.step());
    auto inner = db.prepare(sql, 20);
    ASSERT_TRUE(inner.step());
    ASSERT_TRUE(outer.step());
    EXPECT_EQ(outer.integer(0), 11);
    EXPECT_EQ(inner.integer(0), 20);
}

TEST_F(one_connection, more_statements_than_are_kept_run_all_the_same) {
    for (int i = 0; i < 2000; ++i) EXPECT_EQ(ask("SELECT " + std::to_string(i)), i);
    EXPECT_EQ(ask("SELECT 1999"), 1999);
}

TEST_F(one_connection, nothing_of_what_was_bound_before_is_left) {
    db.execute("CREATE TABLE t(a, b)");
    constexpr const char* sql = "INSERT INTO t VALUES(?1, ?2)";
    db.run(sql, std::string(5000, 'x'), "y");
    db.run(sql, "only one");
    EXPECT_EQ(ask("SELECT count(*) FROM t WHERE b IS NULL"), 1);
    EXPECT_EQ(ask("SELECT length(a) FROM t WHERE b = 'y'"), 5000);
}

}  // namespace
}  // namespace ecert::hub::sqlite
