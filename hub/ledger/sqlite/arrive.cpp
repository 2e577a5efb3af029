#include "hub/ledger/sqlite/chain.hpp"
#include "hub/ledger/sqlite/inbound.hpp"
#include "hub/ledger/sqlite/problems_json.hpp"
#include "hub/ledger/sqlite/pull.hpp"
#include "hub/ledger/sqlite/verbs.hpp"

#include <boost/json/object.hpp>

#include <fmt/format.h>

namespace ecert::hub::sqlite {
namespace {

piece about(const inbound_row& i) {
    piece p;
    p.work.partner = i.partner;
    p.work.inbound = i.id;
    return p;
}

std::optional<inbound_row> read_one(query q) {
    if (!q.step()) return std::nullopt;
    inbound_row row;
    read_inbound(q, row);
    return row;
}

std::optional<inbound_row> with_message(transaction& t, const arrival& what,
                                        const std::string& id) {
    static const std::string by_message =
        sql("SELECT ", inbound_columns, " FROM inbound i WHERE i.partner=? AND i.message_id=?");
    return read_one(t.db.prepare(by_message, what.partner, id));
}

// Before format 6 their hub's number stood as a message id.
std::optional<inbound_row> with_reference(transaction& t, const arrival& what) {
    static const std::string by_reference =
        sql("SELECT ", inbound_columns, " FROM inbound i WHERE i.", where::inbound_numbered,
            " AND i.partner=? AND i.channel=? AND i.reference=? AND i.sender=? AND i.receiver=? "
            "AND i.number=? AND i.type=? AND i.status=?");
    const auto& e = what.envelope;
    if (auto row = read_one(t.db.prepare(by_reference, what.partner, what.channel, what.reference,
                                         e.from, e.to, e.number, e.type, e.status)))
        return row;
    auto earlier = with_message(t, what, what.reference);
    const bool same = earlier && earlier->channel == what.channel && earlier->envelope == e;
    return same ? earlier : std::nullopt;
}

std::optional<inbound_row> latest_if_equal(transaction& t, const arrival& what) {
    static const std::string latest =
        sql("SELECT ", inbound_columns,
            " FROM inbound i WHERE i.number=? AND i.partner=? AND i.sender=? "
            "ORDER BY i.id DESC LIMIT 1");
    const auto& e = what.envelope;
    auto row = read_one(t.db.prepare(latest, e.number, what.partner, e.from));
    const bool equal = row && row->envelope == e && row->digest == what.content->digest();
    return equal ? row : std::nullopt;
}

// Known by its message id, else by their hub's number; where there is neither, by equality with
// the latest of its number.
std::optional<inbound_row> known(transaction& t, const arrival& what) {
    if (!what.message_id.empty()) return with_message(t, what, what.message_id);
    return what.reference.empty() ? latest_if_equal(t, what) : with_reference(t, what);
}

const std::string& name_of(const arrival& what) {
    return what.message_id.empty() ? what.reference : what.message_id;
}

// As if their list had named it, and it had been fetched.
void owe_confirmation(transaction& t, const arrival& what, std::int64_t inbound) {
    if (!what.confirm || what.reference.empty()) return;
    auto row = load_pulled(t.db, what.channel, {what.envelope, what.reference});
    if (row && row->confirm) {
        piece p;
        p.work.partner = what.partner;
        p.work.inbound = inbound;
        return confirm_again(t, p, *row, what.at);
    }
    if (!row) {
        row = pulled_row{.channel = what.channel,
                         .reference = what.reference,
                         .envelope = what.envelope,
                         .listed = what.at};
        insert(t, *row);
    }
    row->partner = what.partner;
    row->inbound = inbound;
    row->digest = what.content->digest();
    row->confirm = what.confirm->how;
    row->confirm_text = what.confirm->text;
    update(t, *row);
    owe(t, queue::verb::confirm, what.partner, what.channel, row->id, inbound, what.at);
}

arrived again(transaction& t, const inbound_row& before, const arrival& what) {
    if (before.digest == what.content->digest()) {
        owe_confirmation(t, what, before.id);
        return {.repeat = true,
                .inbound = before.uuid,
                .receipt = before.receipt,
                .withdrawn_before = before.withdrawn};
    }
    piece p = about(before);
    alert(t, p, {what.at, "partner:" + what.partner, what.traceparent}, "other-content",
          fmt::format("{} sent message {} again with other bytes (digest {}, before {}): refused",
                      what.partner, name_of(what), what.content->digest().hex(),
                      before.digest.hex()));
    return {.other_content = true};
}

std::int64_t store(transaction& t, const arrival& what, const uuid& id) {
    const auto& e = what.envelope;
    std::optional<std::string> message, reference;
    if (!what.message_id.empty())
        message = what.message_id;
    else if (!what.reference.empty())
        reference = what.reference;
    t.db.run(
        "INSERT INTO inbound(uuid, partner, channel, message_id, reference, sender, receiver, "
        "number, type, status, digest, size, arrived, agency, receipt, readable, findings, "
        "traceparent) VALUES(?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)",
        id, what.partner, what.channel, message, reference, e.from, e.to, e.number, e.type,
        e.status, what.content->digest(), what.content->size(), what.at, what.agency, what.receipt,
        what.readable, json_of(what.findings), what.traceparent);
    return t.db.last_row();
}

uuid id_of(transaction& t, const arrival& what) {
    if (!what.message_id.empty())
        return queue::derive({"inbound", t.in.node, what.partner, what.message_id});
    const auto& e = what.envelope;
    if (!what.reference.empty())
        return queue::derive({"inbound", t.in.node, what.partner, what.channel, what.reference,
                              e.from, e.to, e.number, std::to_string(e.type),
                              std::to_string(e.status)});
    std::int64_t earlier = 0;
    auto q = t.db.prepare("SELECT count(*) FROM inbound WHERE number=? AND partner=?",
                          what.envelope.number, what.partner);
    if (q.step()) earlier = q.integer(0);
    return queue::derive({"inbound", t.in.node, what.partner, "", what.envelope.number,
                          std::to_string(earlier), what.content->digest().view()});
}

// A withdrawal marks the latest issue it finds, or waits for one; each is used once.
void withdraw_latest_issue(transaction& t, const arrival& what, std::int64_t withdrawal) {
    auto q = t.db.prepare(
        "SELECT id FROM inbound WHERE number=? AND partner=? AND sender=? AND type=? "
        "AND status <> 40 AND withdrawn = 0 ORDER BY id DESC LIMIT 1",
        what.envelope.number, what.partner, what.envelope.from, what.envelope.type);
    if (!q.step()) return;
    const std::int64_t issue = q.integer(0);
    t.db.run("UPDATE inbound SET withdrawn = 1 WHERE id = ?", issue);
    t.db.run("UPDATE inbound SET withdraws = ? WHERE id = ?", issue, withdrawal);
    t.events.append({what.at, "withdrawn", std::nullopt, issue, "partner:" + what.partner, "{}",
                     what.traceparent});
}

bool was_withdrawn_before(transaction& t, const arrival& what, std::int64_t issue) {
    static const std::string unspent =
        sql("SELECT id FROM inbound WHERE ", where::withdrawal_unspent,
            " AND partner=? AND number=? AND sender=? AND type=? ORDER BY id LIMIT 1");
    auto q = t.db.prepare(unspent, what.partner, what.envelope.number, what.envelope.from,
                          what.envelope.type);
    if (!q.step()) return false;
    t.db.run("UPDATE inbound SET withdraws = ? WHERE id = ?", issue, q.integer(0));
    t.db.run("UPDATE inbound SET withdrawn = 1 WHERE id = ?", issue);
    return true;
}

}  // namespace

result<arrived> arrive(transaction& t, const arrival& what, const ready_content& kept) {
    if (const auto before = known(t, what)) return again(t, *before, what);
    keep(t, kept);
    const uuid id = id_of(t, what);
    const std::int64_t row = store(t, what, id);
    arrived done{.inbound = id, .receipt = what.receipt};
    if (what.envelope.status == status_withdrawn)
        withdraw_latest_issue(t, what, row);
    else
        done.withdrawn_before = was_withdrawn_before(t, what, row);
    boost::json::object detail{
        {"number", what.envelope.number},         {"type", what.envelope.type},
        {"status", what.envelope.status},         {"message", name_of(what)},
        {"digest", what.content->digest().hex()}, {"agency", what.agency}};
    if (done.withdrawn_before) detail["withdrawn_before"] = true;
    if (!what.readable) detail["readable"] = false;
    piece p;
    p.work.partner = what.partner;
    p.work.inbound = row;
    note(t, p, {what.at, "partner:" + what.partner, what.traceparent}, "arrived", detail);
    owe_confirmation(t, what, row);
    return done;
}

}  // namespace ecert::hub::sqlite
