// What is pulled: each reference that a partner's list named, once; the work that lists, fetches
// and confirms; how often what is in a partner's custody was asked for.
#include "hub/ledger/sqlite/conditions.hpp"
#include "hub/ledger/sqlite/tables.hpp"

namespace ecert::hub::sqlite {
namespace {

constexpr const char* tables = R"sql(
CREATE TABLE pulled(
  id INTEGER PRIMARY KEY,
  uuid BLOB NOT NULL UNIQUE,
  channel TEXT NOT NULL,
  reference TEXT NOT NULL,
  partner TEXT NOT NULL,
  sender TEXT NOT NULL,
  receiver TEXT NOT NULL,
  number TEXT NOT NULL,
  type INTEGER NOT NULL,
  status INTEGER NOT NULL,
  listed INTEGER NOT NULL,
  inbound INTEGER REFERENCES inbound(id),
  digest BLOB REFERENCES content(digest),
  confirm INTEGER,
  confirm_text TEXT NOT NULL DEFAULT '',
  UNIQUE(channel, reference)
) STRICT;

ALTER TABLE work ADD COLUMN pulled INTEGER REFERENCES pulled(id);
ALTER TABLE work ADD COLUMN page TEXT NOT NULL DEFAULT '';
ALTER TABLE work ADD COLUMN asked INTEGER NOT NULL DEFAULT 0;
ALTER TABLE event ADD COLUMN pulled INTEGER;
CREATE INDEX event_pulled ON event(pulled) WHERE pulled IS NOT NULL;
)sql";

}  // namespace

void make_room_for_what_is_pulled(connection& db) {
    db.execute(tables);
    db.execute(sql("CREATE INDEX work_pulled ON work(pulled) WHERE ", where::work_pulled).c_str());
    db.execute(sql("CREATE INDEX work_list ON work(channel) WHERE ", where::work_list).c_str());
}

}  // namespace ecert::hub::sqlite
