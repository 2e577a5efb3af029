#include "hub/ledger/sqlite/inbound.hpp"
#include "hub/ledger/sqlite/piece.hpp"
#include "hub/ledger/sqlite/verbs.hpp"

#include <fmt/format.h>

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

failure no_sense(const piece& p, life_event act) {
    const life& l = p.delivery->life;
    const char* why = "it is neither refused nor parked";
    if (act == life_event::release_asked) why = "nobody holds it";
    if (act == life_event::hold_asked || act == life_event::cancel_asked)
        why = is_resolved(l)         ? "there is nothing left to stop"
              : l.wish != wish::none ? "that was asked for already, and waits for an outcome"
                                     : "it stands still already";
    return {failure_kind::conflict,
            fmt::format("certificate {} is {} and cannot be {}: {}", p.delivery->envelope.number,
                        hub::name_of(state_of(l)), name_of(act), why)};
}

// A new horizon, at once, and without the settling of what was ambiguous: the person knows better.
void begin_again(work_row& w, time_point now) {
    w.status = work_status::due;
    w.due = now;
    w.ask = w.lost = w.suspect = false;
    w.spent = w.crashes = 0;
    w.first_attempt.reset();
    w.ambiguous_since.reset();
    w.reason.clear();
    w.advice.clear();
}

// Work for an inbound certificate (our answer to it) can be retried under the certificate's id.
result<state> retry_inbound(transaction& t, const uuid& id, const cause& why,
                            const boost::json::object& detail) {
    const auto inbound = load_inbound(t.db, id);
    if (!inbound) return failure{failure_kind::not_found, "there is no delivery with this id"};
    std::optional<piece> p;
    {
        auto q = t.db.prepare("SELECT id FROM work WHERE inbound = ? ORDER BY id DESC LIMIT 1",
                              inbound->id);
        if (q.step()) p = load_piece(t.db, q.integer(0));
    }
    if (!p || p->work.status != work_status::stopped)
        return failure{failure_kind::conflict, "nothing about this certificate is parked"};
    begin_again(p->work, why.at);
    note(t, *p, why, "retried", detail);
    save(t, *p, why.at);
    return state::waiting;
}

}  // namespace

result<state> operate(transaction& t, life_event act, const uuid& delivery,
                      const std::string& actor, const std::string& reason, time_point now) {
    const cause why{now, actor, {}};
    const boost::json::object detail{{"reason", reason}};
    const auto d = load_delivery(t.db, delivery);
    if (!d && act == life_event::retry_asked) return retry_inbound(t, delivery, why, detail);
    if (!d) return failure{failure_kind::not_found, "there is no delivery with this id"};
    auto p = load_piece_of_delivery(t.db, d->id);
    const moved m = tell(t, *p, act, why, detail);
    if (m.how == move::impossible) return no_sense(*p, act);
    if (act == life_event::retry_asked)
        begin_again(p->work, now);
    else if (act != life_event::release_asked)
        p->work.reason = reason;
    else
        p->work.reason.clear();
    save(t, *p, now);
    return state_of(p->delivery->life);
}

}  // namespace ecert::hub::sqlite
