#include "hub/ledger/sqlite/inbound.hpp"
#include "hub/ledger/sqlite/piece.hpp"
#include "hub/ledger/sqlite/pulled.hpp"
#include "hub/ledger/sqlite/verbs.hpp"

#include <fmt/format.h>

#include <optional>
#include <vector>

namespace ecert::hub::sqlite {
namespace {

const char* name_of(life_event act) {
    switch (act) {
        case life_event::retry_asked:
            return "retried";
        case life_event::hold_asked:
            return "held";
        case life_event::release_asked:
            return "released";
        default:
            return "cancelled";
    }
}

failure no_sense(transaction& t, const piece& p, life_event act) {
    const life& l = p.life();
    const char* why = "it is neither refused nor parked";
    if (act == life_event::release_asked) why = "nobody holds it";
    if (act == life_event::hold_asked || act == life_event::cancel_asked)
        why = is_resolved(l)         ? "there is nothing left to stop"
              : l.wish != wish::none ? "that was asked for already, and waits for an outcome"
                                     : "it stands still already";
    return {failure_kind::conflict, fmt::format("{} is {} and cannot be {}: {}", subject_of(t, p),
                                                hub::name_of(state_of(l)), name_of(act), why)};
}

// Stopped while they were asked what became of it: they may well have it, and are asked again. What
// they refused, or say that they do not have, is sent.
bool goes_on_asking(const piece& p) {
    return p.work.ask && p.life().side != side::refused && !p.work.absent_since;
}

// A new horizon, at once, and without the settling of what was ambiguous: the person knows better.
void begin_again(work_row& w, bool asking, time_point now) {
    w.status = work_status::due;
    w.due = now;
    w.ask = asking;
    w.lost = w.lost && asking;
    w.suspect = false;
    w.spent = w.crashes = w.returns = w.asked = 0;
    w.returns_told.reset();
    w.first_attempt.reset();
    w.ambiguous_since.reset();
    w.absent_since.reset();
    w.reason.clear();
    w.advice.clear();
}

// Of what is owed about one thing, the piece for which the act makes sense; else the latest.
std::optional<piece> about(transaction& t, query q, life_event act) {
    std::vector<std::int64_t> owed;
    while (q.step()) owed.push_back(q.integer(0));
    std::optional<piece> latest;
    for (const auto id : owed) {
        auto p = load_piece(t.db, id);
        if (apply_event(p->life(), act).how != move::impossible) return p;
        if (!latest) latest = std::move(p);
    }
    return latest;
}

result<piece> find(transaction& t, const uuid& id, life_event act) {
    if (const auto d = load_delivery(t.db, id)) return *load_piece_of_delivery(t.db, d->id);
    static const std::string of_pulled =
        sql("SELECT id FROM work WHERE ", where::work_pulled, " AND pulled = ? ORDER BY id DESC");
    if (const auto row = load_pulled(t.db, id))
        if (auto p = about(t, t.db.prepare(of_pulled, row->id), act)) return *std::move(p);
    const auto inbound = load_inbound(t.db, id);
    if (!inbound)
        return failure{failure_kind::not_found,
                       "there is no delivery, nothing that was pulled and no inbound certificate "
                       "with this id"};
    auto of_inbound =
        t.db.prepare("SELECT id FROM work WHERE inbound = ? ORDER BY id DESC", inbound->id);
    if (auto p = about(t, std::move(of_inbound), act)) return *std::move(p);
    return failure{
        failure_kind::conflict,
        fmt::format("nothing is owed about certificate {}: agency {} has not answered it",
                    inbound->envelope.number, inbound->agency)};
}

}  // namespace

result<state> operate(transaction& t, life_event act, const uuid& id, const std::string& actor,
                      const std::string& reason, time_point now) {
    auto p = find(t, id, act);
    if (!p) return p.error();
    if (act == life_event::cancel_asked && p->work.verb == queue::verb::list)
        return failure{failure_kind::conflict,
                       subject_of(t, *p) +
                           " cannot be cancelled: hold it, or take pull_every out "
                           "of its channel"};
    const bool starts = act == life_event::retry_asked || act == life_event::release_asked;
    if (starts && p->work.verb == queue::verb::list &&
        load_pulled(t.db, *p->work.pulled)->partner.empty())
        return failure{failure_kind::conflict,
                       subject_of(t, *p) + " cannot be " + name_of(act) + ": " + not_pulled};
    const bool asking = goes_on_asking(*p);
    const moved m = tell(t, *p, act, {now, actor, {}}, {{"reason", reason}});
    if (m.how == move::impossible) return no_sense(t, *p, act);
    if (act == life_event::retry_asked)
        begin_again(p->work, asking, now);
    else if (act != life_event::release_asked)
        p->work.reason = reason;
    else
        p->work.reason.clear();
    save(t, *p, now);
    return state_of(p->life());
}

}  // namespace ecert::hub::sqlite
