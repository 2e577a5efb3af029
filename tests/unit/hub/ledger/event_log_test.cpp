#include "hub/ledger/sqlite/event_log.hpp"

#include "hub/ledger/sqlite/schema.hpp"
#include "tests/unit/hub/ledger/ledger_in_folder.hpp"

#include <gtest/gtest.h>

namespace ecert::hub {
namespace {

using sqlite::access;
using sqlite::connection;

class event_log : public ledger_in_folder {
  protected:
    event_log() {
        auto books = open();
        for (int i = 0; i < 10; ++i) take_in(*books, push("A/" + std::to_string(i), "<a/>"));
        close(books);
    }
    // Somebody with the file, a SQLite shell and no scruples.
    void forge(const char* script) {
        connection db{file(), access::read_write};
        db.execute("DROP TRIGGER event_stays; DROP TRIGGER event_remains;");
        db.execute(script);
    }
    audit_result audit() { return audit_sqlite_ledger(folder_.path()).value(); }
};

TEST_F(event_log, an_untouched_chain_holds_and_gives_its_last_hash) {
    const auto a = audit();
    EXPECT_TRUE(a.whole);
    EXPECT_EQ(a.events, 11u) << "the start and ten acceptances";
    EXPECT_NE(a.text.find("last hash"), std::string::npos);
}

TEST_F(event_log, the_triggers_refuse_update_and_delete) {
    connection db{file(), access::read_write};
    EXPECT_THROW(db.execute("UPDATE event SET actor = 'nobody' WHERE sequence = 3"),
                 sqlite::sqlite_error);
    EXPECT_THROW(db.execute("DELETE FROM event WHERE sequence = 3"), sqlite::sqlite_error);
}

TEST_F(event_log, a_changed_event_is_found) {
    forge("UPDATE event SET actor = 'agency:OTHER' WHERE sequence = 5");
    const auto a = audit();
    EXPECT_FALSE(a.whole);
    EXPECT_EQ(a.broken_at, 5);
}

TEST_F(event_log, a_removed_event_is_found) {
    forge("DELETE FROM event WHERE sequence = 5");
    EXPECT_EQ(audit().broken_at, 5);
}

TEST_F(event_log, exchanged_events_are_found) {
    forge(
        "UPDATE event SET sequence = 100 WHERE sequence = 5;"
        "UPDATE event SET sequence = 5 WHERE sequence = 6;"
        "UPDATE event SET sequence = 6 WHERE sequence = 100;");
    EXPECT_EQ(audit().broken_at, 5);
}

TEST_F(event_log, fields_cannot_be_moved_across_their_borders) {
    const sqlite::event one{.kind = "ab", .actor = "c"};
    const sqlite::event two{.kind = "a", .actor = "bc"};
    EXPECT_NE(sqlite::chained({}, 1, one), sqlite::chained({}, 1, two));
}

TEST_F(event_log, the_chain_goes_on_after_a_verb_that_was_rolled_back) {
    auto books = open();
    const auto thrower = [](const acceptance&) -> std::string { throw std::runtime_error{"no"}; };
    EXPECT_FALSE(run(books->accept(push("B/1", "<b/>"), thrower)));
    take_in(*books, push("B/2", "<b/>"));
    EXPECT_TRUE(run(books->audit())->whole);
}

}  // namespace
}  // namespace ecert::hub
