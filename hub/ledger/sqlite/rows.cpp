#include "hub/ledger/sqlite/rows.hpp"

#include <tuple>

namespace ecert::hub::sqlite {

const std::string delivery_columns =
    "d.id, d.uuid, d.certificate, d.agency, d.partner, d.channel, d.sender, d.receiver, d.number, "
    "d.type, d.status, d.chain, d.link, d.digest, d.size, d.accepted, d.receipt, d.warnings, "
    "d.traceparent, d.progress, d.side, d.leased, d.offered, d.answer, d.wish, d.completes, "
    "d.ended, d.state, d.since, d.watch, d.watch_since, d.overdue, d.translation, "
    "d.translation_size, "
    "d.reference, d.answer_status, d.answer_reason, d.received, d.received_text";

const std::string work_columns =
    "w.id, w.verb, w.partner, w.channel, w.delivery, w.inbound, w.status, w.due, w.attempt, "
    "w.spent, w.ask, w.lease, w.epoch, w.suspect, w.crashes, w.first_attempt, w.ambiguous_since, "
    "w.blocked_since, w.lost, w.transmitted, w.dialect, w.reason, w.advice, w.last_answer, "
    "w.returns, w.returns_told, w.offers, w.progress, w.side, w.wish, w.state, w.since, w.pulled, "
    "w.page, w.asked, w.absent_since";

namespace {

template <class... After>
void read_from(query& q, delivery_row& d, After&... after) {
    q.read(d.id, d.uuid, d.certificate, d.agency, d.partner, d.channel, d.envelope.from,
           d.envelope.to, d.envelope.number, d.envelope.type, d.envelope.status, d.chain, d.link,
           d.digest, d.size, d.accepted, d.receipt, d.warnings, d.traceparent, d.life.progress,
           d.life.side, d.life.leased, d.life.offered, d.life.answer, d.life.wish, d.life.completes,
           d.life.ended, d.stored, d.since, d.watch, d.watch_since, d.overdue, d.translation,
           d.translation_size, d.reference, d.answer_status, d.answer_reason, d.received,
           d.received_text, after...);
}

// In the order of work_columns.
auto columns_of(work_row& w) {
    return std::tie(w.id, w.verb, w.partner, w.channel, w.delivery, w.inbound, w.status, w.due,
                    w.attempt, w.spent, w.ask, w.lease, w.epoch, w.suspect, w.crashes,
                    w.first_attempt, w.ambiguous_since, w.blocked_since, w.lost, w.transmitted,
                    w.dialect, w.reason, w.advice, w.last_answer, w.returns, w.returns_told,
                    w.offers, w.life.progress, w.life.side, w.life.wish, w.stored, w.since,
                    w.pulled, w.page, w.asked, w.absent_since);
}

void derive_life(work_row& w) {
    w.life.leased = w.status == work_status::leased;
    w.life.ended = w.life.progress >= progress::delivered || w.life.side == side::cancelled;
}

// What has no delivery keeps its life in its own row.
void update_life(transaction& t, work_row& w) {
    const state now = state_of(w.life);
    t.db.run("UPDATE work SET progress=?, side=?, wish=?, state=?, since=? WHERE id=?",
             w.life.progress, w.life.side, w.life.wish, now, w.since, w.id);
    if (now == w.stored) return;
    t.counted.change(w.verb, w.stored, -1);
    t.counted.change(w.verb, now, 1);
    w.stored = now;
}

template <class Row, class Key>
std::optional<Row> load_one(connection& db, const std::string& statement, const Key& key,
                            void (*read)(query&, Row&)) {
    auto q = db.prepare(statement, key);
    if (!q.step()) return std::nullopt;
    Row row;
    read(q, row);
    return row;
}

}  // namespace

void read_delivery(query& q, delivery_row& into) { read_from(q, into); }

void read_work(query& q, work_row& w) {
    std::apply([&](auto&... column) { q.read(column...); }, columns_of(w));
    derive_life(w);
}

void read_both(query& q, delivery_row& d, work_row& w) {
    std::apply([&](auto&... column) { read_from(q, d, column...); }, columns_of(w));
    derive_life(w);
}

std::optional<delivery_row> load_delivery(connection& db, std::int64_t id) {
    static const std::string by_row =
        sql("SELECT ", delivery_columns, " FROM delivery d WHERE d.id = ?");
    return load_one<delivery_row>(db, by_row, id, read_delivery);
}

std::optional<delivery_row> load_delivery(connection& db, const uuid& id) {
    static const std::string by_id =
        sql("SELECT ", delivery_columns, " FROM delivery d WHERE d.uuid = ?");
    return load_one<delivery_row>(db, by_id, id, read_delivery);
}

std::optional<work_row> load_work(connection& db, std::int64_t id) {
    static const std::string by_row = sql("SELECT ", work_columns, " FROM work w WHERE w.id = ?");
    return load_one<work_row>(db, by_row, id, read_work);
}

std::optional<work_row> load_work_of_delivery(connection& db, std::int64_t delivery) {
    static const std::string by_delivery =
        sql("SELECT ", work_columns, " FROM work w WHERE w.delivery = ?");
    return load_one<work_row>(db, by_delivery, delivery, read_work);
}

void insert(transaction& t, delivery_row& d) {
    d.stored = state_of(d.life);
    t.db.run(
        "INSERT INTO delivery(uuid, certificate, agency, partner, channel, sender, receiver, "
        "number, type, status, chain, link, digest, size, accepted, receipt, warnings, "
        "traceparent, progress, side, leased, offered, answer, wish, completes, ended, state, "
        "since) VALUES(?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)",
        d.uuid, d.certificate, d.agency, d.partner, d.channel, d.envelope.from, d.envelope.to,
        d.envelope.number, d.envelope.type, d.envelope.status, d.chain, d.link, d.digest, d.size,
        d.accepted, d.receipt, d.warnings, d.traceparent, d.life.progress, d.life.side,
        d.life.leased, d.life.offered, d.life.answer, d.life.wish, d.life.completes, d.life.ended,
        d.stored, d.since);
    d.id = t.db.last_row();
    t.counted.change(queue::verb::deliver, d.stored, 1);
}

void insert(transaction& t, work_row& w) {
    t.db.run(
        "INSERT INTO work(verb, partner, channel, delivery, inbound, pulled, status, due, "
        "blocked_since, reason, since, offers) VALUES(?,?,?,?,?,?,?,?,?,?,?,?)",
        w.verb, w.partner, w.channel, w.delivery, w.inbound, w.pulled, w.status, w.due,
        w.blocked_since, w.reason, w.since, w.offers);
    w.id = t.db.last_row();
    if (!w.delivery) t.counted.change(w.verb, w.stored, 1);
}

void update(transaction& t, delivery_row& d) {
    const state now = state_of(d.life);
    t.db.run(
        "UPDATE delivery SET progress=?, side=?, leased=?, offered=?, answer=?, wish=?, ended=?, "
        "state=?, since=?, watch=?, watch_since=?, overdue=?, translation=?, translation_size=?, "
        "reference=?, answer_status=?, answer_reason=?, received=?, received_text=? WHERE id=?",
        d.life.progress, d.life.side, d.life.leased, d.life.offered, d.life.answer, d.life.wish,
        d.life.ended, now, d.since, d.watch, d.watch_since, d.overdue, d.translation,
        d.translation_size, d.reference, d.answer_status, d.answer_reason, d.received,
        d.received_text, d.id);
    if (now == d.stored) return;
    t.counted.change(queue::verb::deliver, d.stored, -1);
    t.counted.change(queue::verb::deliver, now, 1);
    d.stored = now;
}

void update(transaction& t, work_row& w) {
    t.db.run(
        "UPDATE work SET channel=?, status=?, due=?, attempt=?, spent=?, ask=?, lease=?, epoch=?, "
        "suspect=?, "
        "crashes=?, first_attempt=?, ambiguous_since=?, blocked_since=?, lost=?, transmitted=?, "
        "dialect=?, "
        "reason=?, advice=?, last_answer=?, returns=?, returns_told=?, page=?, asked=?, "
        "absent_since=? WHERE id=?",
        w.channel, w.status, w.due, w.attempt, w.spent, w.ask, w.lease, w.epoch, w.suspect,
        w.crashes, w.first_attempt, w.ambiguous_since, w.blocked_since, w.lost, w.transmitted,
        w.dialect, w.reason, w.advice, w.last_answer, w.returns, w.returns_told, w.page, w.asked,
        w.absent_since, w.id);
    if (!w.delivery) update_life(t, w);
}

}  // namespace ecert::hub::sqlite
