#include "hub/ledger/sqlite/views.hpp"

#include "hub/ledger/sqlite/inbound.hpp"
#include "hub/ledger/sqlite/problems_json.hpp"
#include "hub/ledger/sqlite/pulled.hpp"

#include <fmt/format.h>

namespace ecert::hub::sqlite {
namespace {

failure nothing_there() { return {failure_kind::not_found, "there is no such certificate"}; }

failure nothing_owed(const inbound_row& i) {
    return {
        failure_kind::not_found,
        fmt::format("certificate {} arrived from {} and nothing is owed about it: agency {} has "
                    "not answered it",
                    i.envelope.number, i.partner, i.agency)};
}

// The delivery with this id, or the latest delivery of the certificate with this id.
bool find_both(connection& db, const uuid& id, const std::string& agency, delivery_row& d,
               work_row& w) {
    static const std::string by_either =
        sql("SELECT ", delivery_columns, ", ", work_columns,
            " FROM delivery d JOIN work w ON w.delivery = d.id WHERE d.id = coalesce("
            "(SELECT id FROM delivery WHERE uuid = ?1), "
            "(SELECT max(id) FROM delivery WHERE certificate = ?1))");
    auto q = db.prepare(by_either, id);
    if (!q.step()) return false;
    read_both(q, d, w);
    return agency.empty() || d.agency == agency;
}

std::vector<event_view> events_where(connection& db, std::string_view condition, const uuid& id) {
    auto q = db.prepare(sql("SELECT sequence, at, kind, actor, detail, traceparent FROM event "
                            "WHERE ",
                            condition, " ORDER BY sequence LIMIT 10000"),
                        id);
    std::vector<event_view> found;
    while (q.step()) {
        event_view e;
        q.read(e.sequence, e.at, e.kind, e.actor, e.detail, e.traceparent);
        found.push_back(std::move(e));
    }
    return found;
}

}  // namespace

certificate_view view_of(const delivery_row& d) {
    return {.certificate = d.certificate,
            .delivery = d.uuid,
            .agency = d.agency,
            .partner = d.partner,
            .channel = d.channel,
            .envelope = d.envelope,
            .link = d.link,
            .size = d.size,
            .digest = d.digest,
            .accepted = d.accepted,
            .state = state_of(d.life),
            .ended = d.life.ended,
            .translation = d.translation,
            .peer_reference = d.reference,
            .answer_status = d.answer_status,
            .answer_reason = d.answer_reason,
            .receipt = d.receipt,
            .warnings = problems_of(d.warnings),
            .offered = d.life.offered,
            .received = d.received,
            .received_text = d.received_text};
}

result<certificate_view> certificate(connection& db, const uuid& id, const std::string& agency) {
    delivery_row d;
    work_row w;
    if (!find_both(db, id, agency, d, w)) return nothing_there();
    return view_of(d);
}

result<custody_view> custody_of(connection& db, const uuid& id) {
    delivery_row d;
    work_row w;
    if (find_both(db, id, {}, d, w)) return custody_view_of(d, w);
    static const std::string of_pulled =
        sql("SELECT ", work_columns, " FROM work w WHERE w.", where::work_pulled,
            " AND w.pulled = ? ORDER BY w.status = 4, w.id DESC LIMIT 1");
    if (const auto row = load_pulled(db, id)) {
        auto q = db.prepare(of_pulled, row->id);
        if (!q.step()) return nothing_there();
        read_work(q, w);
        return custody_view_of(db, w);
    }
    const auto i = load_inbound(db, id);
    if (!i) return nothing_there();
    static const std::string latest =
        sql("SELECT ", work_columns, " FROM work w WHERE w.inbound = ? ",
            "ORDER BY w.status = 4, w.id DESC LIMIT 1");  // what is still owed first
    auto q = db.prepare(latest, i->id);
    if (!q.step()) return nothing_owed(*i);
    read_work(q, w);
    return custody_view_of(db, w);
}

result<std::vector<event_view>> events(connection& db, const uuid& id, const std::string& agency) {
    delivery_row d;
    work_row w;
    if (find_both(db, id, agency, d, w))
        return events_where(db,
                            d.uuid == id
                                ? "delivery = (SELECT id FROM delivery WHERE uuid = ?)"
                                : "delivery IN (SELECT id FROM delivery WHERE certificate = ?)",
                            id);
    if (agency.empty() && load_pulled(db, id))
        return events_where(
            db, "pulled IS NOT NULL AND pulled = (SELECT id FROM pulled WHERE uuid = ?)", id);
    const auto i = load_inbound(db, id);
    if (!i || (!agency.empty() && i->agency != agency)) return nothing_there();
    return events_where(db, "inbound = (SELECT id FROM inbound WHERE uuid = ?)", id);
}

result<inbound_view> inbound(connection& db, const uuid& id, const std::string& agency,
                             bool read_all) {
    const auto i = load_inbound(db, id);
    if (!i || (!read_all && !agency.empty() && i->agency != agency)) return nothing_there();
    return view_of(*i);
}

// From one partner to the next in the index, never over the rows between.
result<std::vector<due_partner>> due(connection& db, time_point now) {
    static const std::string next = sql("SELECT partner, channel FROM work WHERE ", where::work_due,
                                        " AND partner > ? ORDER BY partner LIMIT 1");
    static const std::string first_due = sql("SELECT min(due) FROM work WHERE ", where::work_due,
                                             " AND partner = ? AND suspect = ?");
    static const std::string ready =
        sql("SELECT count(*) FROM (SELECT 1 FROM work WHERE ", where::work_due,
            " AND partner = ? AND suspect IN (0, 1) AND due <= ? LIMIT 1000)");
    std::vector<due_partner> found;
    std::string last;
    for (;;) {
        auto q = db.prepare(next, last);
        if (!q.step()) return found;
        due_partner p;
        q.read(p.partner, p.channel);
        last = p.partner;
        std::optional<time_point> earliest;
        for (bool suspect : {false, true}) {
            auto least = db.prepare(first_due, p.partner, suspect);
            if (!least.step() || least.is_null(0)) continue;
            const time_point at{duration{least.integer(0)}};
            if (!earliest || at < *earliest) earliest = at;
        }
        if (earliest) p.due = *earliest;
        auto count = db.prepare(ready, p.partner, now);
        if (count.step()) p.ready = static_cast<std::uint64_t>(count.integer(0));
        found.push_back(std::move(p));
    }
}

result<std::optional<time_point>> next_due(connection& db) {
    static const std::string next_lease =
        sql("SELECT min(lease) FROM work WHERE ", where::work_leased);
    std::optional<time_point> next;
    const auto partners = due(db, time_point{});
    for (const auto& each : *partners)
        if (!next || each.due < *next) next = each.due;
    auto q = db.prepare(next_lease);
    if (q.step() && !q.is_null(0)) {
        const time_point at{duration{q.integer(0)}};
        if (!next || at < *next) next = at;
    }
    return next;
}

// As many as the windows allow.
result<std::vector<open_lease>> leased(connection& db, time_point now) {
    static const std::string open =
        sql("SELECT id, attempt, partner, channel, lease, suspect FROM work WHERE ",
            where::work_leased, " AND lease > ?");
    std::vector<open_lease> found;
    auto q = db.prepare(open, now);
    while (q.step()) {
        open_lease each;
        q.read(each.work, each.attempt, each.partner, each.channel, each.ends, each.suspect);
        found.push_back(std::move(each));
    }
    return found;
}

result<std::vector<work_count>> counts(connection& db) {
    std::vector<work_count> all;
    auto q = db.prepare("SELECT verb, state, pieces FROM counter ORDER BY verb, state");
    while (q.step()) {
        work_count each;
        q.read(each.verb, each.state, each.pieces);
        all.push_back(each);
    }
    return all;
}

}  // namespace ecert::hub::sqlite
