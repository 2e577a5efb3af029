// What partners did with their deliveries, and say became of them, beside the answers to our
// attempts; and how agencies' systems received what arrived.
#include "hub/ledger/sqlite/inbound.hpp"
#include "hub/ledger/sqlite/pending_acknowledgements.hpp"
#include "hub/ledger/sqlite/verbs.hpp"
#include "hub/ledger/sqlite/views.hpp"

#include <fmt/format.h>

namespace ecert::hub::sqlite {
namespace {

std::optional<std::int64_t> meant_by(transaction& t, const partner_report& what) {
    for (const auto& partner : what.partners) {
        given_answer by;
        by.partner = partner;
        by.named = what.delivery;
        by.reference = what.reference;
        by.envelope = what.envelope;
        if (const auto found = answered_by(t, by)) return found;
    }
    return std::nullopt;
}

// An event for the first time; asking again every minute fills no ledger.
void fetched(transaction& t, piece& p, const cause& why) {
    p.work.transmitted = true;
    if (p.life().progress >= progress::sent) return;
    tell(t, p, life_event::proven_sent, why, {{"fetched", true}});
}

void received(transaction& t, piece& p, const partner_report& what, const cause& why) {
    p.work.transmitted = true;
    if (p.life().progress >= progress::delivered) return;
    p.delivery->received = what.how;
    p.delivery->received_text = what.text;
    boost::json::object detail;
    if (!what.text.empty()) detail["text"] = what.text;
    tell(t, p, life_event::proven_delivered, why, detail);
    if (what.how == reception::plain) return;
    alert(t, p, why, "received-with-complaint",
          fmt::format("{} received {} and says: {}", p.work.partner, subject_of(t, p), what.text));
}

void refused(transaction& t, piece& p, const partner_report& what, const cause& why) {
    if (p.life().progress >= progress::delivered || p.life().side == side::refused) {
        note(t, p, why, "told", {{"said", "refused"}, {"text", what.text}});
        return;
    }
    p.work.transmitted = true;
    if (tell(t, p, life_event::refused, why, {{"text", what.text}}).how != move::applied) return;
    p.work.reason = "refused by " + p.work.partner;
    p.work.advice = "Read what they say; the agency corrects it and issues it again, or retry.";
    p.work.last_answer = what.text;
    alert(t, p, why, "refused", fmt::format("{} is refused: {}", subject_of(t, p), what.text));
}

void hear(transaction& t, piece& p, const partner_report& what, const cause& why) {
    switch (what.said) {
        case partner_word::fetched:
            return fetched(t, p, why);
        case partner_word::received:
            return received(t, p, what, why);
        case partner_word::refused:
            return refused(t, p, what, why);
        case partner_word::pending:
            return;
        case partner_word::unknown:
            return note(t, p, why, "told", {{"said", "unknown"}, {"text", what.text}});
    }
}

}  // namespace

result<certificate_view> report(transaction& t, const partner_report& what) {
    const auto row = meant_by(t, what);
    if (!row) return failure{failure_kind::not_found, "no certificate for you has this number"};
    auto p = load_piece_of_delivery(t.db, *row);
    hear(t, *p, what, {what.at, "partner:" + p->work.partner, what.traceparent});
    save(t, *p, what.at);
    return view_of(*p->delivery);
}

result<inbound_view> receive(transaction& t, const uuid& inbound, const std::string& agency,
                             reception how, const std::string& text, time_point now,
                             const std::string& traceparent) {
    auto row = load_inbound(t.db, inbound);
    if (!row || row->agency != agency)
        return failure{failure_kind::not_found, "there is no such certificate for this agency"};
    if (row->received != reception::not_yet) return view_of(*row);
    row->received = how;
    row->received_text = text;
    t.db.run("UPDATE inbound SET received=?, received_text=? WHERE id=?", how, text, row->id);
    piece p;
    p.work.partner = row->partner;
    p.work.inbound = row->id;
    const cause why{now, "agency:" + agency, traceparent};
    boost::json::object detail;
    if (!text.empty()) detail["text"] = text;
    note(t, p, why, "received", detail);
    if (how != reception::plain)
        alert(t, p, why, "received-with-complaint",
              fmt::format("agency {} received certificate {} of {} and says: {}", agency,
                          row->envelope.number, row->partner, text));
    return view_of(*row);
}

}  // namespace ecert::hub::sqlite
