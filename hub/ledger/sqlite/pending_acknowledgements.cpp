#include "hub/ledger/sqlite/pending_acknowledgements.hpp"

#include <fmt/format.h>

namespace ecert::hub::sqlite {
namespace {

constexpr int approved = 39, rejected = 41, issued = 70;  // UNTDID 4405

}  // namespace

bool take_answer(transaction& t, piece& p, const given_answer& given, const cause& why) {
    const boost::json::object detail{{"status", given.status}, {"reason", given.reason}};
    t.db.run("UPDATE acknowledgement SET delivery = ? WHERE id = ?", p.delivery->id, given.row);
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
    static const std::string of_this = sql(
        "SELECT id, status, reason FROM acknowledgement WHERE ", where::acknowledgement_unmatched,
        " AND partner = ?1 AND (named = ?2 OR (reference <> '' AND reference = ?3)) "
        "ORDER BY id");
    std::vector<given_answer> found;
    auto q = t.db.prepare(of_this, p.work.partner, p.delivery->uuid, p.delivery->reference);
    while (q.step()) {
        given_answer given;
        q.read(given.row, given.status, given.reason);
        found.push_back(std::move(given));
    }
    for (const auto& given : found)
        take_answer(t, p, given, {why.at, "partner:" + p.work.partner, why.traceparent});
}

}  // namespace ecert::hub::sqlite
