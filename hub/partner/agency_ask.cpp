// What agencies ask: where their certificates are, what arrived for them, and their word that they
// have it.
#include "hub/partner/agency_request.hpp"
#include "hub/partner/standing.hpp"

#include <algorithm>

namespace ecert::hub {
namespace {

bool is_missing(const failure& f) { return f.kind == failure_kind::not_found; }

// From this country alone, if they name one that is not ours.
std::string country_asked_for(const agency_request& request) {
    auto country = field(request.asked, "country");
    return is_ours(request, country) ? std::string{} : country;
}

// Theirs alone: who reads all inboxes reads them over REST, and confirms nothing for others.
awaitable<result<inbound_view>> own_arrival(agency_request& request) {
    const auto id = number_of(request.asked);
    if (!id) co_return failure{failure_kind::not_found, "this is no number of ours"};
    co_return co_await request.ledger().inbound(*id, request.call.agency.name, false);
}

awaitable<served_answer> fetch_one(agency_request& request) {
    const auto v = co_await own_arrival(request);
    if (!v && !is_missing(v.error())) co_return fault_of(v.error());
    if (!v)
        co_return co_await reply(request.back(), told_unknown(field(request.asked, "reference")));
    std::vector<content_wanted> one;
    one.push_back({told_to_agency(*v), v->digest});
    auto found = co_await with_contents(request.ledger(), std::move(one));
    if (!found) co_return fault_of(found.error());
    co_return co_await reply(request.back(), std::move(found->front()));
}

awaitable<served_answer> fetch_all(agency_request& request) {
    const auto rows = co_await request.ledger().to_receive(request.call.agency.name, most_contents);
    if (!rows) co_return fault_of(rows.error());
    std::vector<content_wanted> all;
    for (const auto& v : *rows) all.push_back({told_to_agency(v), v.digest});
    auto found = co_await with_contents(request.ledger(), std::move(all));
    if (!found) co_return fault_of(found.error());
    engine::reply_material what;
    what.envelopes = std::move(*found);
    co_return co_await reply(request.back(), std::move(what));
}

}  // namespace

awaitable<engine::told_envelope> told_of_own(agency_request& request, const certificate_view& v) {
    if (v.state != state::refused && v.state != state::cancelled) co_return told_of(v);
    const auto custody = co_await request.ledger().custody_of(v.delivery);
    co_return custody ? told_of(v, *custody) : told_of(v);
}

awaitable<served_answer> agency_track(agency_request& request) {
    const auto number = field(request.asked, "reference");
    const auto id = number_of(request.asked);
    if (!id) co_return co_await reply(request.back(), told_unknown(number));
    const auto v = co_await request.ledger().certificate(*id, request.call.agency.name);
    if (v) co_return co_await reply(request.back(), co_await told_of_own(request, *v));
    if (!is_missing(v.error())) co_return fault_of(v.error());
    const auto theirs = co_await own_arrival(request);
    if (theirs) co_return co_await reply(request.back(), told_to_agency(*theirs));
    if (!is_missing(theirs.error())) co_return fault_of(theirs.error());
    co_return co_await reply(request.back(), told_unknown(number));
}

awaitable<served_answer> agency_list(agency_request& request) {
    const auto& agency = request.call.agency.name;
    engine::reply_material what;
    if (request.asked.operation->variant == "sent") {
        const auto rows = co_await request.ledger().under_way(agency, most_headers);
        if (!rows) co_return fault_of(rows.error());
        for (const auto& v : *rows) what.envelopes.push_back(told_of(v));
    } else {
        const auto rows =
            co_await request.ledger().to_receive(agency, most_headers, country_asked_for(request));
        if (!rows) co_return fault_of(rows.error());
        for (const auto& v : *rows) what.envelopes.push_back(told_to_agency(v));
    }
    co_return co_await reply(request.back(), std::move(what));
}

awaitable<served_answer> agency_fetch(agency_request& request) {
    if (request.asked.operation->variant == "all") return fetch_all(request);
    return fetch_one(request);
}

awaitable<served_answer> agency_confirm(agency_request& request) {
    const auto& variant = request.asked.operation->variant;
    const auto& call = request.call;
    const auto number = field(request.asked, "reference");
    const auto id = number_of(request.asked);
    if (!id) co_return no_such_envelope(number);
    const auto how = variant == "failed"    ? reception::unreadable
                     : variant == "warning" ? reception::warned
                                            : reception::plain;
    const auto kept =
        co_await request.ledger().receive(*id, call.agency.name, how, field(request.asked, "text"),
                                          call.parts.time.now(), call.traceparent);
    if (!kept && is_missing(kept.error())) co_return no_such_envelope(number);
    if (!kept) co_return fault_of(kept.error());
    co_return co_await reply(request.back(), told_to_agency(*kept));
}

}  // namespace ecert::hub
