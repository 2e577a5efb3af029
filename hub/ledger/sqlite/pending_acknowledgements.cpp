#include "hub/ledger/sqlite/pending_acknowledgements.hpp"

#include <fmt/format.h>

namespace ecert::hub::sqlite {
namespace {

constexpr int approved = 39, rejected = 41, issued = 70;  // UNTDID 4405

std::optional<std::int64_t> by_id(transaction& t, const given_answer& given) {
    if (!given.named) return std::nullopt;
    // An id that stands beside another certificate's number proves nothing about either.
    auto q = t.db.prepare(
        "SELECT id FROM delivery WHERE uuid=?1 AND partner=?2 AND (?3='' OR number=?3)",
        *given.named, given.partner, given.envelope.number);
    return q.step() ? std::optional{q.integer(0)} : std::nullopt;
}

// Any attempt may have been given the reference they name.
std::optional<std::int64_t> by_reference(transaction& t, const given_answer& given) {
    static const std::string named =
        sql("SELECT w.delivery FROM attempt a JOIN work w ON w.id = a.work WHERE a.",
            where::attempt_referenced,
            " AND a.reference = ? AND w.partner = ? AND w.delivery IS NOT NULL "
            "ORDER BY a.id DESC LIMIT 1");
    if (given.reference.empty()) return std::nullopt;
    auto q = t.db.prepare(named, given.reference, given.partner);
    return q.step() ? std::optional{q.integer(0)} : std::nullopt;
}

// The latest link with this header that may have reached them.
std::optional<std::int64_t> by_envelope(transaction& t, const given_answer& given) {
    auto q = t.db.prepare(
        "SELECT d.id FROM delivery d JOIN work w ON w.delivery = d.id "
        "WHERE d.number=? AND d.partner=? AND d.sender=? AND d.receiver=? AND d.type=? AND "
        "d.status=? AND (w.transmitted = 1 OR d.leased = 1 OR d.progress > 0) "
        "ORDER BY d.id DESC LIMIT 1",
        given.envelope.number, given.partner, given.envelope.from, given.envelope.to,
        given.envelope.type, given.envelope.status);
    return q.step() ? std::optional{q.integer(0)} : std::nullopt;
}

std::vector<given_answer> candidates(transaction& t, const piece& p) {
    static const std::string any =
        sql("SELECT 1 FROM acknowledgement WHERE ", where::acknowledgement_unmatched,
            " AND partner = ? LIMIT 1");
    static const std::string of_this = [] {
        const auto those = [](std::string_view which) {
            return sql(
                "SELECT id, partner, named, reference, sender, receiver, number, type, "
                "certificate_status, status, reason FROM acknowledgement WHERE ",
                which, " AND partner = ?1 AND ");
        };
        return sql(those(where::acknowledgement_unmatched), "number = ?2 UNION ",
                   those(where::acknowledgement_naming), "named = ?3 UNION ",
                   those(where::acknowledgement_referring), "reference = ?4 ORDER BY id");
    }();
    std::vector<given_answer> found;
    if (!t.db.prepare(any, p.work.partner).step()) return found;
    const auto& d = *p.delivery;
    auto q = t.db.prepare(of_this, d.partner, d.envelope.number, d.uuid, d.reference);
    while (q.step()) {
        given_answer given;
        q.read(given.row, given.partner, given.named, given.reference, given.envelope.from,
               given.envelope.to, given.envelope.number, given.envelope.type, given.envelope.status,
               given.status, given.reason);
        found.push_back(std::move(given));
    }
    return found;
}

}  // namespace

std::optional<std::int64_t> answered_by(transaction& t, const given_answer& given) {
    auto match = by_id(t, given);
    if (!match) match = by_reference(t, given);
    if (!match) match = by_envelope(t, given);
    return match;
}

bool take_answer(transaction& t, piece& p, const given_answer& given, const cause& why) {
    const boost::json::object detail{{"status", given.status}, {"reason", given.reason}};
    if (given.status != approved && given.status != rejected && given.status != issued) {
        note(t, p, why, "interim-answer", detail);
        return false;
    }
    const bool first = p.delivery->life.answer == answer_kind::none;
    const moved m = tell(
        t, p,
        given.status == rejected ? life_event::answered_rejected : life_event::answered_accepted,
        why, detail);
    if (first) {
        p.delivery->answer_status = given.status;
        p.delivery->answer_reason = given.reason;
    }
    return !first && m.alerts;
}

void match_pending(transaction& t, piece& p, const cause& why) {
    for (const auto& given : candidates(t, p)) {
        if (answered_by(t, given) != p.delivery->id) continue;
        t.db.run("UPDATE acknowledgement SET delivery = ? WHERE id = ?", p.delivery->id, given.row);
        take_answer(t, p, given, {why.at, "partner:" + p.work.partner, why.traceparent});
    }
}

}  // namespace ecert::hub::sqlite
