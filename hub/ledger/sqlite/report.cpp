// What partners did with their deliveries, and say became of them, beside the answers to our
// attempts; and how agencies' systems received what arrived.
#include "hub/ledger/sqlite/inbound.hpp"
#include "hub/ledger/sqlite/pending_acknowledgements.hpp"
#include "hub/ledger/sqlite/verbs.hpp"
#include "hub/ledger/sqlite/views.hpp"

#include <boost/json/serialize.hpp>

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

bool is_theirs_to_fetch(const life& l) { return l.offered && l.side == side::none; }

// An event for the first time; asking again every minute fills no ledger.
void fetched(transaction& t, piece& p, const cause& why) {
    p.work.transmitted = true;
    if (p.life().progress >= progress::sent) return;
    tell(t, p, life_event::proven_sent, why, {{"fetched", true}});
}

// Of one certificate so many different words are kept: who always finds new ones fills no ledger.
constexpr std::int64_t most_words = 20;

// What they said before, in these very words, is no event.
bool note_news(transaction& t, const piece& p, const cause& why, std::string kind,
               const boost::json::object& detail) {
    auto q = t.db.prepare(sql("SELECT count(*), coalesce(max(detail = ?), 0) FROM event WHERE ",
                              p.work.delivery ? "delivery" : "inbound", " = ? AND kind = ?"),
                          boost::json::serialize(detail),
                          p.work.delivery ? *p.work.delivery : *p.work.inbound, kind);
    q.step();
    if (q.integer(0) >= most_words || q.integer(1) != 0) return false;
    note(t, p, why, std::move(kind), detail);
    return true;
}

const char* name_of(reception how) {
    return how == reception::unreadable ? "unreadable"
           : how == reception::warned   ? "warned"
                                        : "plain";
}

boost::json::object detail_of(reception how, const std::string& text) {
    boost::json::object detail;
    if (how != reception::plain) detail["how"] = name_of(how);
    if (!text.empty()) detail["text"] = text;
    return detail;
}

// After they said that they have it: a complaint is told once, and stands where none did.
void complained(transaction& t, piece& p, reception how, const std::string& text,
                const cause& why) {
    auto& d = *p.delivery;
    if (how == reception::plain || (d.received == how && d.received_text == text)) return;
    if (!note_news(t, p, why, "received", detail_of(how, text))) return;
    if (d.received <= reception::plain) {
        d.received = how;
        d.received_text = text;
    }
    alert(t, p, why, "received-with-complaint",
          fmt::format("{} has {}, and says now: {}", p.work.partner, subject_of(t, p), text));
}

void received(transaction& t, piece& p, const partner_report& what, const cause& why) {
    p.work.transmitted = true;
    if (p.life().progress >= progress::delivered) return complained(t, p, what.how, what.text, why);
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
    if (p.life().progress >= progress::delivered)
        return complained(t, p, reception::unreadable, what.text, why);
    if (p.life().side == side::refused) {
        note_news(t, p, why, "told", {{"said", "refused"}, {"text", what.text}});
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
            note_news(t, p, why, "told", {{"said", "unknown"}, {"text", what.text}});
    }
}

}  // namespace

result<certificate_view> report(transaction& t, const partner_report& what) {
    const failure nothing{failure_kind::not_found, "no certificate for you has this number"};
    const auto row = meant_by(t, what);
    if (!row) return nothing;
    auto p = load_piece_of_delivery(t.db, *row);
    if (what.said == partner_word::fetched && !is_theirs_to_fetch(p->life())) return nothing;
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
    const bool again = row->received != reception::not_yet;
    if (again && (how == reception::plain || (row->received == how && row->received_text == text)))
        return view_of(*row);
    piece p;
    p.work.partner = row->partner;
    p.work.inbound = row->id;
    const cause why{now, "agency:" + agency, traceparent};
    if (!note_news(t, p, why, "received", detail_of(how, text))) return view_of(*row);
    if (how != reception::plain)
        alert(t, p, why, "received-with-complaint",
              fmt::format("agency {} received certificate {} of {} and says: {}", agency,
                          row->envelope.number, row->partner, text));
    if (again && row->received != reception::plain) return view_of(*row);
    row->received = how;
    row->received_text = text;
    t.db.run("UPDATE inbound SET received=?, received_text=? WHERE id=?", how, text, row->id);
    return view_of(*row);
}

}  // namespace ecert::hub::sqlite
