#include "hub/ledger/sqlite/conditions.hpp"
#include "hub/ledger/sqlite/page.hpp"
#include "hub/ledger/sqlite/schema.hpp"
#include "tests/unit/hub/ledger/ledger_in_folder.hpp"

#include <gtest/gtest.h>

namespace ecert::hub {
namespace {

using sqlite::sql;
namespace where = sqlite::where;

// Ten million finished rows must cost the hot questions nothing.
class query_plan : public ledger_in_folder {
  protected:
    query_plan() : db_{prepare_folder(), sqlite::access::read_write} {
        EXPECT_TRUE(sqlite::migrate(db_));
    }
    std::filesystem::path prepare_folder() {
        std::filesystem::create_directories(folder_.path());
        return file();
    }
    void expect_uses(std::string_view index, const std::string& statement) {
        const auto plan = db_.prepare(statement).explain();
        EXPECT_NE(plan.find(index), std::string::npos) << statement << "\n" << plan;
        EXPECT_EQ(plan.find("SCAN"), std::string::npos) << statement << "\n" << plan;
        EXPECT_EQ(plan.find("TEMP B-TREE FOR ORDER BY"), std::string::npos) << statement << "\n"
                                                                            << plan;
    }

    sqlite::connection db_;
};

TEST_F(query_plan, hot_questions_use_their_partial_indexes) {
    expect_uses("work_due", sql("SELECT id FROM work WHERE ", where::work_due,
                                " AND partner = ? AND suspect = ? AND due <= ? "
                                "ORDER BY due, id LIMIT ?"));
    expect_uses("work_due", sql("SELECT partner, channel FROM work WHERE ", where::work_due,
                                " AND partner > ? ORDER BY partner LIMIT 1"));
    expect_uses("work_due", sql("SELECT min(due) FROM work WHERE ", where::work_due,
                                " AND partner = ? AND suspect = ?"));
    expect_uses("work_leased", sql("SELECT id FROM work WHERE ", where::work_leased,
                                   " AND lease <= ? ORDER BY lease LIMIT ?"));
    expect_uses("work_leased",
                sql("SELECT id, attempt, partner, channel, lease, suspect FROM work WHERE ",
                    where::work_leased, " AND lease > ?"));
    expect_uses("work_blocked", sql("SELECT id FROM work WHERE ", where::work_blocked,
                                    " AND blocked_since <= ? ORDER BY blocked_since LIMIT ?"));
    expect_uses("delivery_watched", sql("SELECT id FROM delivery WHERE ", where::delivery_watched,
                                        " AND watch = ? AND partner = ? AND watch_since <= ? "
                                        "ORDER BY watch_since LIMIT ?"));
    expect_uses("delivery_on_offer", sql("SELECT id FROM delivery WHERE ", where::delivery_on_offer,
                                         " AND partner = ? ORDER BY progress, id LIMIT ?"));
    expect_uses("delivery_under_way",
                sql("SELECT id FROM delivery WHERE ", where::delivery_under_way,
                    " AND agency = ? ORDER BY id DESC LIMIT ?"));
    expect_uses("inbound_to_receive",
                sql("SELECT id FROM inbound WHERE ", where::inbound_to_receive,
                    " AND agency = ? ORDER BY id LIMIT ?"));
    expect_uses("acknowledgement_unalerted",
                sql("SELECT id FROM acknowledgement WHERE ", where::acknowledgement_unalerted,
                    " AND at <= ? ORDER BY at LIMIT ?"));
    for (const auto& [index, where, column] :
         {std::tuple{"acknowledgement_unmatched", where::acknowledgement_unmatched, "number"},
          {"acknowledgement_naming", where::acknowledgement_naming, "named"},
          {"acknowledgement_referring", where::acknowledgement_referring, "reference"}})
        expect_uses(index, sql("SELECT id FROM acknowledgement WHERE ", where,
                               " AND partner = ?1 AND ", column, " = ?2"));
    expect_uses("inbound_withdrawal",
                sql("SELECT id FROM inbound WHERE ", where::withdrawal_unspent,
                    " AND partner=? AND number=? AND sender=? AND type=?"));
}

TEST_F(query_plan, what_is_owed_beside_deliveries_is_found_among_millions) {
    const sqlite::listed work{.select =
                                  "SELECT w.id FROM work w LEFT JOIN inbound i ON i.id = "
                                  "w.inbound",
                              .id = "w.id",
                              .agency = "+i.agency",
                              .number = "i.number",
                              .partner = "w.partner",
                              .arrived = "+i.arrived",
                              .state = "w.state",
                              .verb = "w.verb",
                              .unfinished = "w.verb <> 0 AND w.status <> 4",
                              .all = "w.delivery IS NULL"};
    const auto asks = [&](const list_query& q, bool unfinished) {
        return sqlite::page_statement(work, q, unfinished, true, 100);
    };
    expect_uses("work_owed", asks({}, true));
    expect_uses("work_owed", asks({.agency = "NPPO", .partner = "NZ"}, true));
    expect_uses("work_owed", asks({.state = state::parked}, false));
    expect_uses("sqlite_autoindex_work_1", asks({}, false));
}

TEST_F(query_plan, a_question_that_does_not_repeat_the_condition_would_scan) {
    const auto plan =
        db_.prepare("SELECT id FROM work WHERE status = ? AND partner = ? AND due <= ?").explain();
    EXPECT_NE(plan.find("SCAN"), std::string::npos) << "if this changes the constants can go";
}

TEST_F(query_plan, references_are_found_by_index) {
    expect_uses("inbound_reference",
                sql("SELECT i.id FROM inbound i WHERE i.", where::inbound_numbered,
                    " AND i.partner=? AND i.channel=? AND i.reference=?"));
    expect_uses("sqlite_autoindex_pulled",
                "SELECT id FROM pulled WHERE channel = ? AND reference = ? AND sender = ?");
    for (const auto* index : {"pulled_number", "work_pulled"})
        expect_uses(index,
                    "SELECT w.id FROM pulled p CROSS JOIN work w ON w.pulled = p.id "
                    "WHERE p.number = ? AND w.inbound IS NULL");
    expect_uses("attempt_reference",
                sql("SELECT w.delivery FROM attempt a JOIN work w ON w.id = a.work WHERE a.",
                    where::attempt_referenced, " AND a.reference = ? AND w.partner = ?"));
    expect_uses("attempt_reference",
                sql("SELECT 1 FROM attempt a JOIN work w ON w.id = a.work WHERE a.",
                    where::attempt_referenced,
                    " AND a.reference = ? AND w.channel = ? AND w.delivery <> ? LIMIT 1"));
}

}  // namespace
}  // namespace ecert::hub
