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

// Where the contract has no message ids it is known by what it says, and of which delivery: an
// authority may answer two links of one number in the same words. Not matched yet: by its header.
std::string identity_of(transaction& t, const acknowledgement& what,
                        const std::optional<std::int64_t>& match) {
    const auto status = std::to_string(what.status);
    if (match)
        return queue::urn(queue::derive({"acknowledgement", what.partner,
                                         queue::to_string(load_delivery(t.db, *match)->uuid),
                                         status, what.reason}));
    const auto& e = what.envelope;
    return queue::urn(queue::derive({"acknowledgement", what.partner, e.from, e.to, e.number,
                                     std::to_string(e.type), std::to_string(e.status),
                                     what.reference, status, what.reason}));
}

std::optional<known_one> known(transaction& t, const std::string& partner,
                               const std::string& identity) {
    auto q = t.db.prepare(
        "SELECT status, receipt, delivery FROM acknowledgement WHERE partner=? AND message_id=?",
        partner, identity);
    known_one found;
    if (!q.step()) return std::nullopt;
    q.read(found.status, found.receipt, found.delivery);
    return found;
}

// Also by what it was known by when it came too early to be matched.
std::optional<known_one> said_before(transaction& t, const acknowledgement& what,
                                     const std::optional<std::int64_t>& match) {
    if (auto same = known(t, what.partner, identity_of(t, what, match))) return same;
    auto early = known(t, what.partner, identity_of(t, what, std::nullopt));
    if (early && early->delivery != match) early.reset();
    return early;
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

void store(transaction& t, const acknowledgement& what, const std::string& identity,
           const std::optional<std::int64_t>& delivery) {
    const auto& e = what.envelope;
    t.db.run(
        "INSERT INTO acknowledgement(partner, message_id, delivery, named, reference, sender, "
        "receiver, number, type, certificate_status, status, reason, receipt, at, traceparent) "
        "VALUES(?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)",
        what.partner, identity, delivery, what.delivery, what.reference, e.from, e.to, e.number,
        e.type, e.status, what.status, what.reason, what.receipt, what.at, what.traceparent);
}

}  // namespace

result<acknowledged> acknowledge(transaction& t, const acknowledgement& what) {
    const given_answer given{
        0, what.partner, what.delivery, what.reference, what.envelope, what.status, what.reason};
    const bool numbered = !what.message_id.empty();
    const auto match = answered_by(t, given);
    const auto before =
        numbered ? known(t, what.partner, what.message_id) : said_before(t, what, match);
    if (before) return again(t, *before, what);
    const cause why{what.at, "partner:" + what.partner, what.traceparent};
    acknowledged done{.receipt = what.receipt};
    store(t, what, numbered ? what.message_id : identity_of(t, what, match), match);
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
