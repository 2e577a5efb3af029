#include "hub/ledger/sqlite/inbound.hpp"
#include "hub/ledger/sqlite/piece.hpp"
#include "hub/ledger/sqlite/verbs.hpp"

#include <fmt/format.h>

namespace ecert::hub::sqlite {

result<inbound_view> answer(transaction& t, const uuid& inbound, const std::string& agency,
                            const queue::answer& what, time_point now,
                            const std::string& traceparent) {
    auto row = load_inbound(t.db, inbound);
    if (!row || row->agency != agency)
        return failure{failure_kind::not_found, "there is no such certificate for this agency"};
    if (row->answer.status != 0) {
        if (row->answer == what) return view_of(*row);
        return failure{failure_kind::conflict,
                       fmt::format("certificate {} was answered with status {} already: the first "
                                   "answer stands",
                                   row->envelope.number, row->answer.status)};
    }
    row->answer = what;
    if (row->received == reception::not_yet) row->received = reception::plain;
    t.db.run(
        "UPDATE inbound SET answer_status=?, answer_reason=?, answer_language=?, received=? "
        "WHERE id=?",
        what.status, what.reason, what.language, row->received, row->id);
    piece p;
    p.work.verb = queue::verb::respond;
    p.work.partner = row->partner;
    p.work.channel = row->channel;
    p.work.inbound = row->id;
    p.work.due = p.work.since = now;
    insert(t, p.work);
    note(t, p, {now, "agency:" + agency, traceparent}, "answered",
         {{"status", what.status}, {"reason", what.reason}});
    return view_of(*row);
}

result<bool> remember_signature(transaction& t, const crypto::sha256& signature, time_point until,
                                time_point now) {
    t.db.run(
        "DELETE FROM signature WHERE digest IN "
        "(SELECT digest FROM signature WHERE until < ? ORDER BY until LIMIT 16)",
        now);
    t.db.run(
        "INSERT INTO signature(digest, until) VALUES(?1,?2) "
        "ON CONFLICT(digest) DO UPDATE SET until = ?2 WHERE until < ?3",
        signature, until, now);
    return t.db.changes() > 0;
}

}  // namespace ecert::hub::sqlite
