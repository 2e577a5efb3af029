#include "hub/ledger/sqlite/piece.hpp"

#include "config/log.hpp"
#include "hub/ledger/sqlite/inbound.hpp"
#include "hub/ledger/sqlite/pulled.hpp"

#include <boost/json/serialize.hpp>

#include <fmt/format.h>

#include <algorithm>

namespace ecert::hub::sqlite {
namespace {

const char* kind_of(life_event e, queue::verb verb) {
    switch (e) {
        case life_event::leased:
            return "attempt";
        case life_event::lease_over:
            return "lease-over";
        case life_event::proven_sent:
            return "sent";
        case life_event::proven_delivered:
            if (verb == queue::verb::deliver) return "delivered";
            if (verb == queue::verb::respond) return "answer-delivered";
            if (verb == queue::verb::fetch) return "fetched";
            return verb == queue::verb::confirm ? "confirmed" : "done";
        case life_event::answered_accepted:
            return "acknowledged";
        case life_event::answered_rejected:
            return "rejected";
        case life_event::refused:
            return "refused";
        case life_event::parked:
            return "parked";
        case life_event::hold_asked:
            return "held";
        case life_event::release_asked:
            return "released";
        case life_event::retry_asked:
            return "retried";
        case life_event::cancel_asked:
            return "cancelled";
        case life_event::offered:
            return "offered";
    }
    return "?";
}

// The end of a lease is told by the outcome's event; what had waited for it is told here.
void note_change(transaction& t, piece& p, life_event e, const life& before, const moved& m,
                 const cause& why, boost::json::object detail) {
    if (m.how == move::deferred) detail["waits_for"] = "the outcome of the open attempt";
    const bool asks_again = p.work.ask && before.progress >= progress::sent;
    const bool routine = p.work.verb == queue::verb::list || asks_again;
    if (routine && e == life_event::leased) return;
    if (e != life_event::lease_over) {
        if (m.how != move::impossible) note(t, p, why, kind_of(e, p.work.verb), detail);
    } else if (before.side != m.after.side) {
        note(t, p, why, m.after.side == side::cancelled ? "cancelled" : "held",
             {{"asked", "while an attempt was out"}});
    }
    if (m.ends && p.delivery) note(t, p, why, "ended", {{"state", name_of(state_of(m.after))}});
}

watch watched(const life& l) {
    if (l.side != side::none || l.ended) return watch::none;
    if (l.progress == progress::none) return l.offered ? watch::fetch : watch::none;
    if (l.progress == progress::sent) return watch::receipt;
    return l.progress == progress::delivered ? watch::answer : watch::none;
}

bool waits_for_another(connection& db, std::int64_t work) {
    return db.prepare("SELECT 1 FROM waits WHERE work = ? LIMIT 1", work).step();
}

// Theirs to fetch, from the moment nothing stands before it.
void put_on_offer(transaction& t, piece& p, time_point now) {
    p.work.status = work_status::offered;
    if (!p.life().offered) tell(t, p, life_event::offered, {now, "hub", p.delivery->traceparent});
}

// A list belongs to whoever carries it now, and to nobody while its channel is not pulled.
void fit_list(transaction& t, work_row& w) {
    const auto carrier = load_pulled(t.db, *w.pulled)->partner;
    if (carrier.empty()) {
        w.status = work_status::stopped;
        w.reason = not_pulled;
    } else if (carrier != w.partner) {
        w.partner = carrier;
        t.db.run("UPDATE work SET partner = ? WHERE id = ?", w.partner, w.id);
    }
}

void fit(transaction& t, piece& p, time_point now) {
    work_row& w = p.work;
    if (w.status == work_status::leased || w.status == work_status::done) return;
    const life& l = p.life();
    if (is_resolved(l)) {
        w.status = work_status::done;
        t.db.run("DELETE FROM waits WHERE work = ?", w.id);
    } else if (l.side != side::none) {
        w.status = work_status::stopped;
    } else if (waits_for_another(t.db, w.id)) {
        if (w.status != work_status::blocked) w.blocked_since = now;
        w.status = work_status::blocked;
    } else if (w.offers) {
        put_on_offer(t, p, now);
    } else {
        w.status = work_status::due;
    }
    if (w.status != work_status::blocked) w.blocked_since.reset();
    if (w.verb == queue::verb::list && w.status == work_status::due) fit_list(t, w);
}

void alert_second_thoughts(transaction& t, piece& p, const cause& why, bool cancelled) {
    if (!p.delivery)
        return alert(t, p, why, "proof-after-cancel",
                     subject_of(t, p) + " was cancelled here, but they have it");
    const auto& d = *p.delivery;
    alert(t, p, why, cancelled ? "proof-after-cancel" : "answers-differ",
          cancelled ? fmt::format("certificate {} for {} was cancelled here, but they have it: "
                                  "issue a withdrawal if it must not be used",
                                  d.envelope.number, d.partner)
                    : fmt::format("{} answered certificate {} a second time, and differently: "
                                  "the first answer stands",
                                  d.partner, d.envelope.number));
}

// What waited for this delivery alone is due now.
void let_go_on(transaction& t, std::int64_t resolved, time_point now) {
    std::vector<std::int64_t> waiting;
    auto q = t.db.prepare("SELECT work FROM waits WHERE on_delivery = ?", resolved);
    while (q.step()) waiting.push_back(q.integer(0));
    if (waiting.empty()) return;
    t.db.run("DELETE FROM waits WHERE on_delivery = ?", resolved);
    for (std::int64_t id : waiting) {
        auto next = load_piece(t.db, id);
        if (!next || next->work.status != work_status::blocked) continue;
        next->work.due = std::max(next->work.due, now);
        next->work.reason.clear();
        save(t, *next, now);
    }
}

}  // namespace

std::optional<piece> load_piece(connection& db, std::int64_t work) {
    auto w = load_work(db, work);
    if (!w) return std::nullopt;
    piece p{.work = *std::move(w)};
    if (p.work.delivery) p.delivery = load_delivery(db, *p.work.delivery);
    return p;
}

std::optional<piece> load_piece_of_delivery(connection& db, std::int64_t delivery) {
    auto w = load_work_of_delivery(db, delivery);
    if (!w) return std::nullopt;
    return piece{.work = *std::move(w), .delivery = load_delivery(db, delivery)};
}

uuid id_of(transaction& t, const piece& p) {
    if (p.delivery) return p.delivery->uuid;
    if (p.work.pulled) return load_pulled(t.db, *p.work.pulled)->uuid;
    return load_inbound(t.db, *p.work.inbound)->uuid;
}

std::string subject_of(transaction& t, const piece& p) {
    if (p.delivery)
        return fmt::format("certificate {} for {}", p.delivery->envelope.number, p.work.partner);
    if (p.work.verb == queue::verb::list) return "the list of channel " + p.work.channel;
    if (p.work.pulled) {
        const auto row = load_pulled(t.db, *p.work.pulled);
        return fmt::format("the {} of certificate {} ({}) from {}", queue::name_of(p.work.verb),
                           row->envelope.number, row->reference, p.work.partner);
    }
    const auto i = p.work.inbound ? load_inbound(t.db, *p.work.inbound) : std::nullopt;
    const bool answer = p.work.verb == queue::verb::respond;
    const std::string what = answer ? "our answer" : std::string{queue::name_of(p.work.verb)};
    return fmt::format("{} to {}{}", what, p.work.partner,
                       i ? " about certificate " + i->envelope.number : std::string{});
}

void note(transaction& t, const piece& p, const cause& why, std::string kind,
          const boost::json::object& detail) {
    const bool owed_beside = p.work.id != 0 && !p.work.delivery;
    boost::json::object told = detail;
    if (owed_beside) told["verb"] = queue::name_of(p.work.verb);
    if (p.work.pulled) {
        const auto row = load_pulled(t.db, *p.work.pulled);
        told["channel"] = row->channel;
        if (!row->reference.empty()) told["reference"] = row->reference;
        if (!row->envelope.number.empty()) told["number"] = row->envelope.number;
    }
    t.events.append({.at = why.at,
                     .kind = std::move(kind),
                     .delivery = p.work.delivery,
                     .inbound = p.work.inbound,
                     .actor = why.actor,
                     .detail = boost::json::serialize(told),
                     .traceparent = why.traceparent,
                     .pulled = p.work.pulled});
}

void alert(transaction& t, piece& p, const cause& why, std::string_view name, std::string text) {
    note(t, p, why, "alert", {{"alert", name}, {"text", text}});
    log::write(log::level::warn, "alert",
               {{"alert", name},
                {"text", std::string_view{text}},
                {"partner", std::string_view{p.work.partner}},
                {"traceparent", std::string_view{why.traceparent}}});
    if (t.in.figures) t.in.figures->alert(std::string{name});
    p.alerts.push_back(std::move(text));
}

moved tell(transaction& t, piece& p, life_event e, const cause& why,
           const boost::json::object& detail) {
    const life before = p.life();
    const moved m = apply_event(before, e);
    p.life() = m.after;
    if (state_of(before) != state_of(m.after))
        (p.delivery ? p.delivery->since : p.work.since) = why.at;
    if (p.delivery && watched(before) != watched(m.after)) {
        p.delivery->watch = watched(m.after);
        p.delivery->watch_since = why.at;
    }
    note_change(t, p, e, before, m, why, detail);
    if (m.alerts) alert_second_thoughts(t, p, why, before.side == side::cancelled);
    return m;
}

void save(transaction& t, piece& p, time_point now) {
    fit(t, p, now);
    update(t, p.work);
    if (!p.delivery) return;
    update(t, *p.delivery);
    if (is_resolved(p.delivery->life)) let_go_on(t, p.delivery->id, now);
}

}  // namespace ecert::hub::sqlite
