#include "hub/ledger/sqlite/tables.hpp"

#include "hub/ledger/sqlite/conditions.hpp"

namespace ecert::hub::sqlite {
namespace {

constexpr const char* what_is_known = R"sql(
CREATE TABLE meta(key TEXT PRIMARY KEY, value ANY NOT NULL) STRICT, WITHOUT ROWID;
INSERT INTO meta VALUES('epoch', 0), ('clean', 1);

CREATE TABLE content(
  id INTEGER PRIMARY KEY,
  digest BLOB NOT NULL UNIQUE,
  size INTEGER NOT NULL,
  bytes BLOB
) STRICT;

CREATE TABLE event(
  sequence INTEGER PRIMARY KEY,
  at INTEGER NOT NULL,
  kind TEXT NOT NULL,
  delivery INTEGER,
  inbound INTEGER,
  actor TEXT NOT NULL,
  detail TEXT NOT NULL,
  traceparent TEXT NOT NULL,
  hash BLOB NOT NULL
) STRICT;
CREATE INDEX event_delivery ON event(delivery) WHERE delivery IS NOT NULL;
CREATE INDEX event_inbound ON event(inbound) WHERE inbound IS NOT NULL;
CREATE TRIGGER event_stays BEFORE UPDATE ON event
  BEGIN SELECT RAISE(ABORT, 'events are append-only'); END;
CREATE TRIGGER event_remains BEFORE DELETE ON event
  BEGIN SELECT RAISE(ABORT, 'events are append-only'); END;

CREATE TABLE counter(state INTEGER PRIMARY KEY, deliveries INTEGER NOT NULL) STRICT;

CREATE TABLE signature(
  digest BLOB PRIMARY KEY,
  until INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX signature_until ON signature(until);
)sql";

constexpr const char* what_goes_out = R"sql(
CREATE TABLE chain(
  id INTEGER PRIMARY KEY,
  agency TEXT NOT NULL,
  partner TEXT NOT NULL,
  number TEXT NOT NULL,
  links INTEGER NOT NULL,
  UNIQUE(agency, number, partner)
) STRICT;

CREATE TABLE delivery(
  id INTEGER PRIMARY KEY,
  uuid BLOB NOT NULL UNIQUE,
  certificate BLOB NOT NULL,
  agency TEXT NOT NULL,
  partner TEXT NOT NULL,
  channel TEXT NOT NULL,
  sender TEXT NOT NULL,
  receiver TEXT NOT NULL,
  number TEXT NOT NULL,
  type INTEGER NOT NULL,
  status INTEGER NOT NULL,
  chain INTEGER NOT NULL REFERENCES chain(id),
  link INTEGER NOT NULL,
  digest BLOB NOT NULL REFERENCES content(digest),
  size INTEGER NOT NULL,
  accepted INTEGER NOT NULL,
  receipt TEXT NOT NULL,
  warnings TEXT NOT NULL,
  traceparent TEXT NOT NULL,
  progress INTEGER NOT NULL,
  side INTEGER NOT NULL,
  leased INTEGER NOT NULL,
  offered INTEGER NOT NULL,
  answer INTEGER NOT NULL,
  wish INTEGER NOT NULL,
  completes INTEGER NOT NULL,
  ended INTEGER NOT NULL,
  state INTEGER NOT NULL,
  since INTEGER NOT NULL,
  watch INTEGER NOT NULL DEFAULT 0,
  watch_since INTEGER NOT NULL DEFAULT 0,
  overdue INTEGER NOT NULL DEFAULT 0,
  translation BLOB,
  translation_size INTEGER NOT NULL DEFAULT 0,
  reference TEXT NOT NULL DEFAULT '',
  answer_status INTEGER NOT NULL DEFAULT 0,
  answer_reason TEXT NOT NULL DEFAULT '',
  UNIQUE(chain, link)
) STRICT;
CREATE INDEX delivery_certificate ON delivery(certificate);
CREATE INDEX delivery_agency ON delivery(agency);
CREATE INDEX delivery_number ON delivery(number);
CREATE INDEX delivery_partner ON delivery(partner);

CREATE TABLE idempotency(
  agency TEXT NOT NULL,
  key TEXT NOT NULL,
  request BLOB NOT NULL,
  delivery INTEGER NOT NULL REFERENCES delivery(id),
  PRIMARY KEY(agency, key)
) STRICT, WITHOUT ROWID;

CREATE TABLE acknowledgement(
  id INTEGER PRIMARY KEY,
  partner TEXT NOT NULL,
  message_id TEXT,
  delivery INTEGER REFERENCES delivery(id),
  named BLOB,
  reference TEXT NOT NULL,
  sender TEXT NOT NULL,
  receiver TEXT NOT NULL,
  number TEXT NOT NULL,
  type INTEGER NOT NULL,
  certificate_status INTEGER NOT NULL,
  status INTEGER NOT NULL,
  reason TEXT NOT NULL,
  receipt TEXT NOT NULL,
  at INTEGER NOT NULL,
  traceparent TEXT NOT NULL,
  alerted INTEGER NOT NULL DEFAULT 0,
  UNIQUE(partner, message_id)
) STRICT;
)sql";

constexpr const char* what_comes_in = R"sql(
CREATE TABLE inbound(
  id INTEGER PRIMARY KEY,
  uuid BLOB NOT NULL UNIQUE,
  partner TEXT NOT NULL,
  channel TEXT NOT NULL,
  message_id TEXT,
  sender TEXT NOT NULL,
  receiver TEXT NOT NULL,
  number TEXT NOT NULL,
  type INTEGER NOT NULL,
  status INTEGER NOT NULL,
  digest BLOB NOT NULL REFERENCES content(digest),
  size INTEGER NOT NULL,
  arrived INTEGER NOT NULL,
  agency TEXT NOT NULL,
  receipt TEXT NOT NULL,
  readable INTEGER NOT NULL,
  findings TEXT NOT NULL,
  traceparent TEXT NOT NULL,
  withdrawn INTEGER NOT NULL DEFAULT 0,
  withdraws INTEGER REFERENCES inbound(id),
  answer_status INTEGER NOT NULL DEFAULT 0,
  answer_reason TEXT NOT NULL DEFAULT '',
  answer_language TEXT NOT NULL DEFAULT '',
  answer_delivered INTEGER NOT NULL DEFAULT 0,
  UNIQUE(partner, message_id)
) STRICT;
CREATE INDEX inbound_number ON inbound(number);
CREATE INDEX inbound_agency ON inbound(agency);
)sql";

constexpr const char* what_is_owed = R"sql(
CREATE TABLE work(
  id INTEGER PRIMARY KEY,
  verb INTEGER NOT NULL,
  partner TEXT NOT NULL,
  channel TEXT NOT NULL,
  delivery INTEGER UNIQUE REFERENCES delivery(id),
  inbound INTEGER REFERENCES inbound(id),
  status INTEGER NOT NULL,
  due INTEGER NOT NULL,
  attempt INTEGER NOT NULL DEFAULT 0,
  spent INTEGER NOT NULL DEFAULT 0,
  ask INTEGER NOT NULL DEFAULT 0,
  lease INTEGER NOT NULL DEFAULT 0,
  epoch INTEGER NOT NULL DEFAULT 0,
  suspect INTEGER NOT NULL DEFAULT 0,
  crashes INTEGER NOT NULL DEFAULT 0,
  first_attempt INTEGER,
  ambiguous_since INTEGER,
  blocked_since INTEGER,
  lost INTEGER NOT NULL DEFAULT 0,
  transmitted INTEGER NOT NULL DEFAULT 0,
  dialect BLOB,
  reason TEXT NOT NULL DEFAULT '',
  advice TEXT NOT NULL DEFAULT '',
  last_answer TEXT NOT NULL DEFAULT ''
) STRICT;
CREATE INDEX work_inbound ON work(inbound) WHERE inbound IS NOT NULL;

CREATE TABLE waits(
  on_delivery INTEGER NOT NULL REFERENCES delivery(id),
  work INTEGER NOT NULL REFERENCES work(id),
  PRIMARY KEY(on_delivery, work)
) STRICT, WITHOUT ROWID;
CREATE INDEX waits_work ON waits(work);

CREATE TABLE attempt(
  id INTEGER PRIMARY KEY,
  work INTEGER NOT NULL REFERENCES work(id),
  attempt INTEGER NOT NULL,
  at INTEGER NOT NULL,
  class TEXT NOT NULL,
  reference TEXT NOT NULL,
  text TEXT NOT NULL,
  request_head TEXT NOT NULL,
  request_tail TEXT NOT NULL,
  request_digest BLOB NOT NULL,
  request_size INTEGER NOT NULL,
  http_status INTEGER NOT NULL,
  reply BLOB NOT NULL,
  reply_digest BLOB NOT NULL,
  tls_peer TEXT NOT NULL,
  started INTEGER NOT NULL,
  ended INTEGER NOT NULL
) STRICT;
CREATE INDEX attempt_work ON attempt(work);
)sql";

std::string partial_indexes() {
    const auto index = [](std::string_view name, std::string_view on, std::string_view where) {
        return sql("CREATE INDEX ", name, " ON ", on, " WHERE ", where, ";\n");
    };
    return index("work_due", "work(partner, suspect, due)", where::work_due) +
           index("work_leased", "work(lease)", where::work_leased) +
           index("work_suspect", "work(suspect)", where::suspect_leased) +
           index("work_blocked", "work(blocked_since)", where::work_blocked) +
           index("delivery_unfinished", "delivery(state)", where::delivery_unfinished) +
           index("delivery_watched", "delivery(watch, partner, watch_since)",
                 where::delivery_watched) +
           index("inbound_unanswered", "inbound(agency)", where::inbound_unanswered) +
           index("inbound_withdrawal", "inbound(partner, number)", where::withdrawal_unspent) +
           index("acknowledgement_unmatched", "acknowledgement(partner)",
                 where::acknowledgement_unmatched) +
           index("acknowledgement_unalerted", "acknowledgement(at)",
                 where::acknowledgement_unalerted) +
           index("attempt_reference", "attempt(reference)", where::attempt_referenced);
}

}  // namespace

void make_first_tables(connection& db) {
    for (const char* script : {what_is_known, what_goes_out, what_comes_in, what_is_owed})
        db.execute(script);
    db.execute(partial_indexes().c_str());
}

}  // namespace ecert::hub::sqlite
