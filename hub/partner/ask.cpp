// What partners ask of what is theirs: what became of what they sent, what waits for them here, its
// content, and their word that they have it.
#include "config/log.hpp"
#include "hub/partner/request.hpp"
#include "hub/partner/standing.hpp"

#include <algorithm>
#include <chrono>
#include <ranges>

namespace ecert::hub {
namespace {

constexpr std::chrono::hours looked_for{1};  // as long as who heard no answer looks for it

// By our number for it, else by their own.
awaitable<result<inbound_view>> arrival_numbered(const partner_door& door,
                                                 const partner_request& request) {
    if (const auto id = number_of(request.asked)) {
        auto ours = co_await door.ledger.arrival_from(*id, request.partners);
        if (ours || ours.error().kind != failure_kind::not_found) co_return ours;
    }
    co_return co_await door.ledger.arrival_numbered(
        field(request.asked, "reference"), request.channel->profile.name, request.partners);
}

bool is_theirs_to_fetch(const certificate_view& v) {
    return v.offered && v.state != state::cancelled && v.state != state::refused &&
           v.state != state::held && v.state != state::parked;
}

// Fetched is noted before the first byte goes out: what is lost on the way is fetched again.
// not_found: it was withdrawn, cancelled or held since it was read, and is not given.
awaitable<result<void>> note_fetched(const partner_door& door, const partner_request& request,
                                     const certificate_view& v) {
    if (v.state != state::offered) co_return result<void>{};
    partner_report said;
    said.partners = request.partners;
    said.delivery = v.delivery;
    said.said = partner_word::fetched;
    said.at = door.with.time.now();
    said.traceparent = request.traceparent;
    const auto noted = co_await door.ledger.report(std::move(said));
    if (!noted) co_return noted.error();
    co_return result<void>{};
}

content_wanted wanted(const certificate_view& v) {
    return {told_of(v), v.translation.value_or(v.digest)};
}

// Of one partner, where they name it among those they speak for; all of theirs otherwise.
std::vector<std::string> asked_for(const partner_request& request) {
    const auto country = field(request.asked, "country");
    if (country.empty() || country == request.channel->node) return request.partners;
    std::vector<std::string> named;
    for (const auto& name : request.partners) {
        const auto& p = request.profiles->configuration->partners.at(name);
        if (country == name || country == p.address) named.push_back(name);
    }
    return named;
}

awaitable<served_answer> fetch_one(const partner_door& door, const partner_request& request) {
    const auto number = field(request.asked, "reference");
    const auto id = number_of(request.asked);
    if (!id) co_return co_await reply(request.back(door), told_unknown(number));
    const auto v = co_await door.ledger.delivery_to(*id, request.partners);
    if (!v && v.error().kind != failure_kind::not_found) co_return fault_of(v.error());
    if (!v || !is_theirs_to_fetch(*v))
        co_return co_await reply(request.back(door), told_unknown(number));
    std::vector<content_wanted> one;
    one.push_back(wanted(*v));
    auto found = co_await with_contents(door.ledger, std::move(one));
    if (!found) co_return fault_of(found.error());
    const auto noted = co_await note_fetched(door, request, *v);
    if (!noted && noted.error().kind == failure_kind::not_found)
        co_return co_await reply(request.back(door), told_unknown(number));
    if (!noted) co_return fault_of(noted.error());
    co_return co_await reply(request.back(door), std::move(found->front()));
}

awaitable<served_answer> fetch_all(const partner_door& door, const partner_request& request) {
    const auto rows = co_await door.ledger.offered(request.partners, most_contents);
    if (!rows) co_return fault_of(rows.error());
    std::vector<content_wanted> all;
    for (const auto& v : *rows) all.push_back(wanted(v));
    auto found = co_await with_contents(door.ledger, std::move(all));
    if (!found) co_return fault_of(found.error());
    engine::reply_material what;
    for (std::size_t i = 0; i < found->size(); ++i) {
        const auto noted = co_await note_fetched(door, request, (*rows)[i]);
        if (noted) what.envelopes.push_back(std::move((*found)[i]));
        if (!noted && noted.error().kind != failure_kind::not_found)
            co_return fault_of(noted.error());
    }
    co_return co_await reply(request.back(door), std::move(what));
}

partner_report word_of(const partner_request& request, time_point now) {
    partner_report said;
    said.partners = request.partners;
    said.delivery = number_of(request.asked);
    said.reference = field(request.asked, "reference");
    said.text = field(request.asked, "text");
    said.at = now;
    said.traceparent = request.traceparent;
    return said;
}

void say(partner_report& said, engine::standing standing) {
    using engine::standing;
    said.said = partner_word::received;
    switch (standing) {
        case standing::pending:
            said.said = partner_word::pending;
            break;
        case standing::delivered:
            said.how = reception::plain;
            break;
        case standing::warned:
            said.how = reception::warned;
            break;
        case standing::unreadable:
            said.how = reception::unreadable;
            break;
        case standing::failed:
            said.said = partner_word::refused;
            break;
        case standing::unknown:
            said.said = partner_word::unknown;
            break;
    }
}

void log_word(const partner_request& request, const certificate_view& v) {
    log::write(log::level::info, "partner_told",
               {{"partner", std::string_view{v.partner}},
                {"operation", std::string_view{request.asked.operation->name}},
                {"number", std::string_view{v.envelope.number}},
                {"state", name_of(v.state)},
                {"trace", std::string_view{request.traceparent}}});
}

// What they sent is in our system as soon as it is stored: nothing of theirs is ever under way. Who
// heard no answer looks for it here all the same, and finds what came lately, with its number; the
// newest last, as if it had been added to what is under way.
awaitable<served_answer> list_lately(const partner_door& door, const partner_request& request) {
    const auto rows = co_await door.ledger.arrivals_since(
        request.partners, door.with.time.now() - looked_for, most_headers);
    if (!rows) co_return fault_of(rows.error());
    engine::reply_material what;
    for (const auto& v : *rows | std::views::reverse) what.envelopes.push_back(told_to_sender(v));
    co_return co_await reply(request.back(door), std::move(what));
}

}  // namespace

awaitable<served_answer> serve_track(const partner_door& door, const partner_request& request) {
    const auto arrival = co_await arrival_numbered(door, request);
    const auto number = field(request.asked, "reference");
    if (arrival) {
        auto told = told_to_sender(*arrival);
        told.reference = number;
        co_return co_await reply(request.back(door), std::move(told));
    }
    if (arrival.error().kind != failure_kind::not_found) co_return fault_of(arrival.error());
    if (const auto id = number_of(request.asked)) {
        const auto ours = co_await door.ledger.delivery_to(*id, request.partners);
        if (ours && is_theirs_to_fetch(*ours))
            co_return co_await reply(request.back(door), told_of(*ours));
        if (!ours && ours.error().kind != failure_kind::not_found) co_return fault_of(ours.error());
    }
    co_return co_await reply(request.back(door), told_unknown(number));
}

awaitable<served_answer> serve_list(const partner_door& door, const partner_request& request) {
    if (request.asked.operation->variant == "sent") co_return co_await list_lately(door, request);
    engine::reply_material what;
    const auto rows = co_await door.ledger.offered(asked_for(request), most_headers);
    if (!rows) co_return fault_of(rows.error());
    for (const auto& v : *rows) what.envelopes.push_back(told_of(v));
    co_return co_await reply(request.back(door), std::move(what));
}

awaitable<served_answer> serve_fetch(const partner_door& door, const partner_request& request) {
    if (request.asked.operation->variant == "all") return fetch_all(door, request);
    return fetch_one(door, request);
}

awaitable<served_answer> serve_confirm(const partner_door& door, const partner_request& request) {
    const auto& variant = request.asked.operation->variant;
    auto said = word_of(request, door.with.time.now());
    if (variant == "failed")
        say(said, engine::standing::failed);
    else
        say(said, variant == "warning" ? engine::standing::warned : engine::standing::delivered);
    const auto number = said.reference;
    if (door.reached) door.reached("before-confirmed");
    const auto v = co_await door.ledger.report(std::move(said));
    if (door.reached) door.reached("after-confirmed");
    if (!v && v.error().kind == failure_kind::not_found) co_return no_such_envelope(number);
    if (!v) co_return fault_of(v.error());
    log_word(request, *v);
    door.changed();
    co_return co_await reply(request.back(door), told_of(*v, v->received_text));
}

awaitable<served_answer> serve_told(const partner_door& door, const partner_request& request) {
    auto said = word_of(request, door.with.time.now());
    said.partners = {request.partner};
    said.envelope = request.asked.envelope;
    const auto known = engine::standing_of(field(request.asked, "tracking"));
    say(said, known.value_or(engine::standing::unknown));
    if (!known)
        said.text =
            field(request.asked, "tracking_word") + (said.text.empty() ? "" : ": " + said.text);
    const auto number = said.reference;
    const auto v = co_await door.ledger.report(std::move(said));
    if (!v && v.error().kind == failure_kind::not_found) co_return no_such_envelope(number);
    if (!v) co_return fault_of(v.error());
    log_word(request, *v);
    door.changed();
    co_return co_await reply(request.back(door), told_of(*v));
}

}  // namespace ecert::hub
