#include "hub/ledger/sqlite/chain.hpp"
#include "hub/ledger/sqlite/problems_json.hpp"
#include "hub/ledger/sqlite/verbs.hpp"

#include <boost/json/array.hpp>
#include <boost/json/serialize.hpp>

#include <fmt/format.h>

namespace ecert::hub::sqlite {
namespace {

// What an Idempotency-Key is bound to.
crypto::sha256 request_digest(const accept_request& what) {
    std::string all{what.content->digest().view()};
    for (const std::string& part :
         {what.partner, what.envelope.number, std::to_string(what.envelope.type),
          std::to_string(what.envelope.status),
          what.supersedes ? queue::to_string(*what.supersedes) : std::string{}})
        all.append(std::to_string(part.size())).append(":").append(part);
    return crypto::sha256_of(all);
}

accepted repeat_of(const delivery_row& d) {
    return {.repeat = true, .certificate = d.certificate, .delivery = d.uuid, .receipt = d.receipt};
}

std::optional<accept_result> known_key(transaction& t, const accept_request& what) {
    if (what.idempotency_key.empty()) return std::nullopt;
    auto q = t.db.prepare("SELECT request, delivery FROM idempotency WHERE agency=? AND key=?",
                          what.agency, what.idempotency_key);
    if (!q.step()) return std::nullopt;
    crypto::sha256 request;
    std::int64_t delivery = 0;
    q.read(request, delivery);
    const auto before = load_delivery(t.db, delivery);
    if (request == request_digest(what)) return repeat_of(*before);
    return conflict{accept_conflict::key_reused, before->certificate,
                    fmt::format("the Idempotency-Key was used for another request, which became "
                                "certificate {}",
                                queue::to_string(before->certificate))};
}

void remember_key(transaction& t, const accept_request& what, std::int64_t delivery) {
    if (what.idempotency_key.empty()) return;
    t.db.run("INSERT INTO idempotency(agency, key, request, delivery) VALUES(?,?,?,?)", what.agency,
             what.idempotency_key, request_digest(what), delivery);
}

delivery_row new_delivery(const transaction& t, const accept_request& what, const chain& c,
                          std::uint32_t occurrence, const receipt_writer& receipt) {
    const auto& e = what.envelope;
    delivery_row d;
    d.certificate = queue::certificate_id(t.in.node, what.agency, e.number, e.type, e.status,
                                          occurrence, what.content->digest());
    d.uuid = queue::delivery_id(d.certificate, what.partner);
    d.agency = what.agency;
    d.partner = what.partner;
    d.channel = what.channel;
    d.envelope = e;
    d.chain = c.id;
    d.link = static_cast<std::uint32_t>(c.links.size()) + 1;
    d.digest = what.content->digest();
    d.size = what.content->size();
    d.accepted = d.since = what.at;
    d.warnings = json_of(what.warnings);
    d.traceparent = what.traceparent;
    d.life.completes = what.completes;
    if (what.translation) {
        d.translation = what.translation->digest();
        d.translation_size = what.translation->size();
    }
    d.receipt = receipt({d.certificate, d.uuid, d.link, d.digest, d.size, what.at});
    return d;
}

// Deliveries that must be resolved before this one goes: the link before it, and the last link of
// every number it replaces. Unknown numbers are told in the event, not waited for.
std::vector<std::int64_t> goes_after(transaction& t, const accept_request& what, const chain& c,
                                     boost::json::array& unknown) {
    std::vector<std::int64_t> first;
    if (c.latest() && !is_resolved(c.latest()->life)) first.push_back(c.latest()->id);
    for (const auto& number : what.replaces) {
        if (number == what.envelope.number) continue;
        auto q = t.db.prepare(
            "SELECT d.id FROM chain c JOIN delivery d ON d.chain = c.id AND d.link = c.links "
            "WHERE c.agency=? AND c.number=? AND c.partner=?",
            what.agency, number, what.partner);
        if (!q.step()) {
            unknown.emplace_back(number);
            continue;
        }
        const auto last = load_delivery(t.db, q.integer(0));
        if (!is_resolved(last->life)) first.push_back(last->id);
    }
    return first;
}

piece store(transaction& t, const accept_request& what, delivery_row d,
            const std::vector<std::int64_t>& after) {
    insert(t, d);
    t.db.run("UPDATE chain SET links = ? WHERE id = ?", d.link, d.chain);
    piece p;
    p.work.partner = what.partner;
    p.work.channel = what.channel;
    p.work.delivery = d.id;
    p.work.due = what.at;
    p.work.offers = what.offers;
    if (!after.empty()) {
        p.work.status = work_status::blocked;
        p.work.blocked_since = what.at;
        p.work.reason = "waits for an earlier link";
    }
    p.delivery = std::move(d);
    insert(t, p.work);
    for (std::int64_t on : after)
        t.db.run("INSERT OR IGNORE INTO waits(on_delivery, work) VALUES(?,?)", on, p.work.id);
    return p;
}

// Closes a link from our side. What is out or delivered cannot be called back: then the event alone
// says what happened.
void close(transaction& t, piece& p, const cause& why, std::string reason) {
    const moved m = tell(t, p, life_event::cancel_asked, why, {{"reason", reason}});
    if (m.how == move::impossible)
        note(t, p, why, "superseded", {{"reason", reason}});
    else
        p.work.reason = std::move(reason);
    save(t, p, why.at);
}

// Both links end here when the issue was never taken; else the withdrawal goes its way behind it.
void withdraw(transaction& t, piece issue, const piece& withdrawal, const cause& why) {
    if (!never_taken(issue))
        return note(t, withdrawal, why, "withdraws", {{"link", issue.delivery->link}});
    close(t, issue, why, "withdrawn before they took it");
    auto with_it = load_piece_of_delivery(t.db, withdrawal.delivery->id);
    close(t, *with_it, why, "they never took what it withdraws");
}

boost::json::object acceptance_detail(const delivery_row& d, boost::json::array unknown) {
    boost::json::object detail{{"certificate", queue::to_string(d.certificate)},
                               {"number", d.envelope.number},
                               {"type", d.envelope.type},
                               {"status", d.envelope.status},
                               {"partner", d.partner},
                               {"link", d.link},
                               {"digest", d.digest.hex()}};
    if (!unknown.empty()) detail["replaces_unknown"] = std::move(unknown);
    return detail;
}

}  // namespace

result<accept_result> accept(transaction& t, const accept_request& what, const ready_content& kept,
                             const std::optional<ready_content>& translated,
                             const receipt_writer& receipt) {
    if (auto known = known_key(t, what)) return *std::move(known);
    const chain c = load_chain(t, what.agency, what.envelope.number, what.partner);
    const placed p = place(c, what);
    if (p.what == placed::how::refused) return accept_result{p.why};
    if (p.what == placed::how::repeat) {
        remember_key(t, what, p.repeats->id);
        return accept_result{repeat_of(*p.repeats)};
    }
    keep(t, kept);
    if (translated) keep(t, *translated);
    boost::json::array unknown;
    const auto after = goes_after(t, what, c, unknown);
    piece fresh = store(t, what, new_delivery(t, what, c, p.occurrence, receipt), after);
    const cause why{what.at, "agency:" + what.agency, what.traceparent};
    note(t, fresh, why, "accepted", acceptance_detail(*fresh.delivery, std::move(unknown)));
    if (what.offers) save(t, fresh, what.at);
    remember_key(t, what, fresh.delivery->id);
    for (const auto* closes : p.closes) {
        auto earlier = load_piece_of_delivery(t.db, closes->id);
        close(t, *earlier, why, "superseded by " + queue::to_string(fresh.delivery->certificate));
    }
    if (p.undoes) withdraw(t, *load_piece_of_delivery(t.db, p.undoes->id), fresh, why);
    return accept_result{accepted{.certificate = fresh.delivery->certificate,
                                  .delivery = fresh.delivery->uuid,
                                  .receipt = fresh.delivery->receipt}};
}

}  // namespace ecert::hub::sqlite
