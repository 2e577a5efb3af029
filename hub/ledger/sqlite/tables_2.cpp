// Format 2: work that is no delivery has a life, a state and a place in the counters, too; and how
// often a task was handed back in a row is kept. Acknowledgements that matched nothing yet are
// found by all that they may be matched by.
#include "hub/ledger/sqlite/conditions.hpp"
#include "hub/ledger/sqlite/tables.hpp"

namespace ecert::hub::sqlite {
namespace {

constexpr const char* columns = R"sql(
ALTER TABLE work ADD COLUMN progress INTEGER NOT NULL DEFAULT 0;
ALTER TABLE work ADD COLUMN side INTEGER NOT NULL DEFAULT 0;
ALTER TABLE work ADD COLUMN wish INTEGER NOT NULL DEFAULT 0;
ALTER TABLE work ADD COLUMN state INTEGER NOT NULL DEFAULT 0;
ALTER TABLE work ADD COLUMN since INTEGER NOT NULL DEFAULT 0;
ALTER TABLE work ADD COLUMN returns INTEGER NOT NULL DEFAULT 0;
ALTER TABLE work ADD COLUMN returns_told INTEGER;
)sql";

// Format 1 knew of such work only that it was stopped, not whether refused or parked: parked.
constexpr const char* lives_so_far = R"sql(
UPDATE work SET
  progress = CASE status WHEN 4 THEN 2 ELSE 0 END,
  side = CASE status WHEN 3 THEN 2 ELSE 0 END,
  state = CASE status WHEN 4 THEN 3 WHEN 3 THEN 8 WHEN 1 THEN 1 ELSE 0 END,
  since = coalesce((SELECT max(at) FROM event WHERE event.inbound = work.inbound), 0)
WHERE delivery IS NULL;
)sql";

constexpr const char* counters = R"sql(
ALTER TABLE counter RENAME TO counter_of_deliveries;
CREATE TABLE counter(
  verb INTEGER NOT NULL,
  state INTEGER NOT NULL,
  pieces INTEGER NOT NULL,
  PRIMARY KEY(verb, state)
) STRICT, WITHOUT ROWID;
INSERT INTO counter SELECT 0, state, deliveries FROM counter_of_deliveries;
INSERT INTO counter SELECT verb, state, count(*) FROM work WHERE delivery IS NULL GROUP BY 1, 2;
DROP TABLE counter_of_deliveries;
)sql";

void index_unmatched_acknowledgements(connection& db) {
    const auto index = [&db](std::string_view name, std::string_view on, std::string_view where) {
        db.execute(
            sql("CREATE INDEX ", name, " ON acknowledgement(", on, ") WHERE ", where).c_str());
    };
    db.execute("DROP INDEX acknowledgement_unmatched");
    index("acknowledgement_unmatched", "partner, number", where::acknowledgement_unmatched);
    index("acknowledgement_naming", "named", where::acknowledgement_naming);
    index("acknowledgement_referring", "reference", where::acknowledgement_referring);
}

}  // namespace

void give_all_work_a_life(connection& db) {
    for (const char* script : {columns, lives_so_far, counters}) db.execute(script);
    db.execute(sql("CREATE INDEX work_owed ON work(id) WHERE ", where::other_work_owed).c_str());
    index_unmatched_acknowledgements(db);
}

}  // namespace ecert::hub::sqlite
