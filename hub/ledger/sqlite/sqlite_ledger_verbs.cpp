// The verbs that only pass on: one line of what, to the writer or to a reader.
#include "hub/ledger/sqlite/recovery.hpp"
#include "hub/ledger/sqlite/sqlite_ledger.hpp"
#include "hub/ledger/sqlite/views.hpp"

#include <utility>

namespace ecert::hub::sqlite {

awaitable<result<std::vector<queue::task>>> sqlite_ledger::take_due(std::string partner,
                                                                    unsigned most,
                                                                    lease_terms terms) {
    auto verb = [=](transaction& t) { return sqlite::take_due(t, partner, most, terms); };
    co_return co_await writer_.submit<std::vector<queue::task>>(urgency::settling, std::move(verb));
}

awaitable<result<applied>> sqlite_ledger::apply(queue::outcome o, work_policy by, time_point now,
                                                double jitter) {
    auto verb = [o = std::move(o), by = std::move(by), now, jitter](transaction& t) {
        return sqlite::apply(t, o, by, now, jitter);
    };
    co_return co_await writer_.submit<applied>(urgency::settling, std::move(verb));
}

awaitable<result<void>> sqlite_ledger::pull(std::vector<pulled_channel> channels, time_point now) {
    auto verb = [channels = std::move(channels), now](transaction& t) {
        return sqlite::pull(t, channels, now);
    };
    co_return co_await writer_.submit<void>(urgency::settling, std::move(verb));
}

awaitable<result<void>> sqlite_ledger::unpublished(std::int64_t work, std::uint32_t attempt,
                                                   time_point now, duration after) {
    auto verb = [=](transaction& t) { return sqlite::unpublished(t, work, attempt, now, after); };
    co_return co_await writer_.submit<void>(urgency::settling, std::move(verb));
}

awaitable<result<void>> sqlite_ledger::alone(std::int64_t work, std::uint32_t attempt, bool is) {
    auto verb = [=](transaction& t) { return sqlite::alone(t, work, attempt, is); };
    co_return co_await writer_.submit<void>(urgency::settling, std::move(verb));
}

awaitable<result<unsigned>> sqlite_ledger::end_leases(time_point now, policy_of policy,
                                                      unsigned most) {
    auto verb = [=](transaction& t) { return sqlite::end_leases(t, now, policy, most); };
    co_return co_await writer_.submit<unsigned>(urgency::settling, std::move(verb));
}

awaitable<result<std::vector<std::string>>> sqlite_ledger::overdue(time_point now,
                                                                   policy_of policy) {
    auto verb = [=](transaction& t) { return sqlite::overdue(t, now, policy); };
    co_return co_await writer_.submit<std::vector<std::string>>(urgency::settling, std::move(verb));
}

awaitable<result<acknowledged>> sqlite_ledger::acknowledge(acknowledgement what) {
    auto verb = [what = std::move(what)](transaction& t) { return sqlite::acknowledge(t, what); };
    co_return co_await writer_.submit<acknowledged>(urgency::settling, std::move(verb));
}

awaitable<result<inbound_view>> sqlite_ledger::answer(uuid inbound, std::string agency,
                                                      queue::answer what, time_point now,
                                                      std::string traceparent) {
    auto verb = [=](transaction& t) {
        return sqlite::answer(t, inbound, agency, what, now, traceparent);
    };
    co_return co_await writer_.submit<inbound_view>(urgency::taking_in, std::move(verb));
}

awaitable<result<certificate_view>> sqlite_ledger::report(partner_report what) {
    auto verb = [what = std::move(what)](transaction& t) { return sqlite::report(t, what); };
    co_return co_await writer_.submit<certificate_view>(urgency::settling, std::move(verb));
}

awaitable<result<inbound_view>> sqlite_ledger::receive(uuid inbound, std::string agency,
                                                       reception how, std::string text,
                                                       time_point now, std::string traceparent) {
    auto verb = [=](transaction& t) {
        return sqlite::receive(t, inbound, agency, how, text, now, traceparent);
    };
    co_return co_await writer_.submit<inbound_view>(urgency::settling, std::move(verb));
}

awaitable<result<state>> sqlite_ledger::operate(life_event act, uuid id, std::string actor,
                                                std::string reason, time_point now) {
    auto verb = [=](transaction& t) { return sqlite::operate(t, act, id, actor, reason, now); };
    co_return co_await writer_.submit<state>(urgency::settling, std::move(verb));
}

awaitable<result<state>> sqlite_ledger::retry(uuid id, std::string actor, std::string reason,
                                              time_point now) {
    return operate(life_event::retry_asked, id, std::move(actor), std::move(reason), now);
}

awaitable<result<state>> sqlite_ledger::hold(uuid id, std::string actor, std::string reason,
                                             time_point now) {
    return operate(life_event::hold_asked, id, std::move(actor), std::move(reason), now);
}

awaitable<result<state>> sqlite_ledger::release(uuid id, std::string actor, std::string reason,
                                                time_point now) {
    return operate(life_event::release_asked, id, std::move(actor), std::move(reason), now);
}

awaitable<result<state>> sqlite_ledger::cancel(uuid id, std::string actor, std::string reason,
                                               time_point now) {
    return operate(life_event::cancel_asked, id, std::move(actor), std::move(reason), now);
}

awaitable<result<void>> sqlite_ledger::note_act(std::string kind, std::string actor,
                                                std::string detail, time_point now) {
    auto verb = [=](transaction& t) {
        t.events.append({now, kind, std::nullopt, std::nullopt, actor, detail, {}});
        return result<void>{};
    };
    co_return co_await writer_.submit<void>(urgency::settling, std::move(verb));
}

awaitable<result<bool>> sqlite_ledger::remember_signature(crypto::sha256 signature,
                                                          time_point until, time_point now) {
    auto verb = [=](transaction& t) {
        return sqlite::remember_signature(t, signature, until, now);
    };
    co_return co_await writer_.submit<bool>(urgency::taking_in, std::move(verb));
}

awaitable<result<std::vector<due_partner>>> sqlite_ledger::due(time_point now) {
    auto look = [now](connection& db) { return sqlite::due(db, now); };
    return dispatch_.read<std::vector<due_partner>>(std::move(look));
}

awaitable<result<std::optional<time_point>>> sqlite_ledger::next_due() {
    return dispatch_.read<std::optional<time_point>>(sqlite::next_due);
}

awaitable<result<std::vector<open_lease>>> sqlite_ledger::leased(time_point now) {
    auto look = [now](connection& db) { return sqlite::leased(db, now); };
    return dispatch_.read<std::vector<open_lease>>(std::move(look));
}

awaitable<result<certificate_view>> sqlite_ledger::certificate(uuid id, std::string agency) {
    auto look = [=](connection& db) { return sqlite::certificate(db, id, agency); };
    return people_.read<certificate_view>(std::move(look));
}

awaitable<result<std::vector<event_view>>> sqlite_ledger::events(uuid id, std::string agency) {
    auto look = [=](connection& db) { return sqlite::events(db, id, agency); };
    return people_.read<std::vector<event_view>>(std::move(look));
}

awaitable<result<page<certificate_view>>> sqlite_ledger::list(list_query q) {
    auto look = [=](connection& db) { return sqlite::list(db, q); };
    return people_.read<page<certificate_view>>(std::move(look));
}

awaitable<result<page<custody_view>>> sqlite_ledger::custody(list_query q) {
    auto look = [=](connection& db) { return sqlite::custody(db, q); };
    return people_.read<page<custody_view>>(std::move(look));
}

awaitable<result<custody_view>> sqlite_ledger::custody_of(uuid id) {
    auto look = [=](connection& db) { return sqlite::custody_of(db, id); };
    return people_.read<custody_view>(std::move(look));
}

awaitable<result<page<inbound_view>>> sqlite_ledger::inbox(list_query q, bool read_all) {
    auto look = [=](connection& db) { return sqlite::inbox(db, q, read_all); };
    return people_.read<page<inbound_view>>(std::move(look));
}

awaitable<result<inbound_view>> sqlite_ledger::inbound(uuid id, std::string agency, bool read_all) {
    auto look = [=](connection& db) { return sqlite::inbound(db, id, agency, read_all); };
    return people_.read<inbound_view>(std::move(look));
}

awaitable<result<std::vector<certificate_view>>> sqlite_ledger::offered(
    std::vector<std::string> partners, unsigned most) {
    auto look = [=](connection& db) { return sqlite::offered(db, partners, most); };
    return people_.read<std::vector<certificate_view>>(std::move(look));
}

awaitable<result<certificate_view>> sqlite_ledger::delivery_to(uuid id,
                                                               std::vector<std::string> partners) {
    auto look = [=](connection& db) { return sqlite::delivery_to(db, id, partners); };
    return people_.read<certificate_view>(std::move(look));
}

awaitable<result<inbound_view>> sqlite_ledger::arrival_from(uuid id,
                                                            std::vector<std::string> partners) {
    auto look = [=](connection& db) { return sqlite::arrival_from(db, id, partners); };
    return people_.read<inbound_view>(std::move(look));
}

awaitable<result<inbound_view>> sqlite_ledger::arrival_numbered(std::string reference,
                                                                std::string channel,
                                                                std::vector<std::string> partners) {
    auto look = [=](connection& db) {
        return sqlite::arrival_numbered(db, reference, channel, partners);
    };
    return people_.read<inbound_view>(std::move(look));
}

awaitable<result<std::vector<certificate_view>>> sqlite_ledger::under_way(std::string agency,
                                                                          unsigned most) {
    auto look = [=](connection& db) { return sqlite::under_way(db, agency, most); };
    return people_.read<std::vector<certificate_view>>(std::move(look));
}

awaitable<result<std::vector<inbound_view>>> sqlite_ledger::arrivals_since(
    std::vector<std::string> partners, time_point since, unsigned most) {
    auto look = [=](connection& db) { return sqlite::arrivals_since(db, partners, since, most); };
    return people_.read<std::vector<inbound_view>>(std::move(look));
}

awaitable<result<std::vector<inbound_view>>> sqlite_ledger::to_receive(std::string agency,
                                                                       unsigned most,
                                                                       std::string from) {
    auto look = [=](connection& db) { return sqlite::to_receive(db, agency, most, from); };
    return people_.read<std::vector<inbound_view>>(std::move(look));
}

awaitable<result<inbound_view>> sqlite_ledger::arrival_like(std::string agency, queue::envelope e) {
    auto look = [=](connection& db) { return sqlite::arrival_like(db, agency, e); };
    return people_.read<inbound_view>(std::move(look));
}

awaitable<result<std::vector<work_count>>> sqlite_ledger::counts() {
    return dispatch_.read<std::vector<work_count>>(sqlite::counts);
}

}  // namespace ecert::hub::sqlite
