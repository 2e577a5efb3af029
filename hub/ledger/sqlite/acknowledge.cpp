#include "hub/ledger/sqlite/pending_acknowledgements.hpp"
#include "hub/ledger/sqlite/verbs.hpp"

#include <fmt/format.h>

namespace ecert::hub::sqlite {
namespace {

struct known_one {
    int status = 0;
    std::string receipt;
    std::optional<std::int64_t> delivery;
};

std::optional<known_one> known(transaction& t, const acknowledgement& what) {
    if (what.message_id.empty()) return std::nullopt;
    auto q = t.db.prepare(
        "SELECT status, receipt, delivery FROM acknowledgement WHERE partner=? AND message_id=?",
        what.partner, what.message_id);
    known_one found;
    if (!q.step()) return std::nullopt;
    q.read(found.status, found.receipt, found.delivery);
    return found;
}

acknowledged again(transaction& t, const known_one& before, const acknowledgement& what) {
    acknowledged done{.repeat = true, .matched = before.delivery.has_value()};
    done.receipt = before.receipt;
    piece p;
    p.work.partner = what.partner;
    p.work.delivery = before.delivery;
    if (before.delivery) done.delivery = load_delivery(t.db, *before.delivery)->uuid;
    if (before.status != what.status) {
        done.differs = true;
        alert(t, p, {what.at, "partner:" + what.partner, what.traceparent}, "answers-differ",
              fmt::format("{} sent acknowledgement {} again with status {} instead of {}: the "
                          "first stands",
                          what.partner, what.message_id, what.status, before.status));
    }
    return done;
}

void store(transaction& t, const acknowledgement& what,
           const std::optional<std::int64_t>& delivery) {
    std::optional<std::string> message;
    if (!what.message_id.empty()) message = what.message_id;
    const auto& e = what.envelope;
    t.db.run(
        "INSERT INTO acknowledgement(partner, message_id, delivery, named, reference, sender, "
        "receiver, number, type, certificate_status, status, reason, receipt, at, traceparent) "
        "VALUES(?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)",
        what.partner, message, delivery, what.delivery, what.reference, e.from, e.to, e.number,
        e.type, e.status, what.status, what.reason, what.receipt, what.at, what.traceparent);
}

}  // namespace

result<acknowledged> acknowledge(transaction& t, const acknowledgement& what) {
    if (const auto before = known(t, what)) return again(t, *before, what);
    const cause why{what.at, "partner:" + what.partner, what.traceparent};
    acknowledged done{.receipt = what.receipt};
    const given_answer given{
        0, what.partner, what.delivery, what.reference, what.envelope, what.status, what.reason};
    const auto match = answered_by(t, given);
    store(t, what, match);
    if (!match) {
        piece p;
        p.work.partner = what.partner;
        note(t, p, why, "acknowledgement-unmatched",
             {{"number", what.envelope.number},
              {"status", what.status},
              {"message", what.message_id},
              {"reference", what.reference}});
        return done;
    }
    auto p = load_piece_of_delivery(t.db, *match);
    done.matched = true;
    done.delivery = p->delivery->uuid;
    done.differs = take_answer(t, *p, given, why);
    save(t, *p, what.at);
    return done;
}

}  // namespace ecert::hub::sqlite
