// A number that a partner's hub gave is used again by them (another of their systems behind the
// same channel, a year later): what it names is one certificate only together with its envelope.
#include "hub/ledger/sqlite/conditions.hpp"
#include "hub/ledger/sqlite/tables.hpp"

namespace ecert::hub::sqlite {
namespace {

// Foreign keys hold again when the rows stand in the new table.
constexpr const char* pulled_anew = R"sql(
PRAGMA defer_foreign_keys=ON;
CREATE TEMP TABLE pulled_before AS SELECT * FROM pulled;
DROP TABLE pulled;
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
  told INTEGER,
  UNIQUE(channel, reference, sender, receiver, number, type, status)
) STRICT;
INSERT INTO pulled SELECT *, NULL FROM pulled_before;
DROP TABLE pulled_before;
CREATE INDEX pulled_number ON pulled(number);

ALTER TABLE inbound ADD COLUMN reference TEXT;
)sql";

}  // namespace

void let_numbers_come_again(connection& db) {
    db.execute(pulled_anew);
    db.execute(sql("CREATE UNIQUE INDEX inbound_reference ON inbound(partner, channel, reference, "
                   "sender, receiver, number, type, status) WHERE ",
                   where::inbound_numbered)
                   .c_str());
}

}  // namespace ecert::hub::sqlite
