// A certificate arrives: read it, hold it against its envelope, store it once, answer with the
// stored receipt.
#include "config/log.hpp"
#include "hub/partner/arrival_told.hpp"
#include "hub/partner/inspection.hpp"
#include "hub/partner/receive.hpp"
#include "hub/partner/request.hpp"
#include "hub/partner/standing.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>

namespace ecert::hub {
namespace {

// Who asks for it to be validated first does not want it taken as it is.
strictness strictness_of(const partner_request& request) {
    const auto by = request.profiles->configuration->partners.at(request.partner).validation;
    const bool asked_for = request.asked.operation->variant == "validated";
    return asked_for && by == strictness::lenient ? strictness::standard : by;
}

std::optional<engine::fault> refusal(const inspected& seen, language in) {
    if (!seen.readable)
        return engine::fault{
            true,
            "InvalidContent",
            "The content is no certificate that can be read: " + sentences(seen.found, in),
            {}};
    if (!seen.refused.empty())
        return engine::fault{
            true,
            "InvalidContent",
            "The certificate is not as it must be here: " + sentences(seen.refused, in),
            {}};
    if (seen.held.refused.empty()) return std::nullopt;
    return engine::fault{
        true,
        "EnvelopeDisagrees",
        "The envelope does not say what the certificate says: " + sentences(seen.held.refused, in),
        {}};
}

void log_arrival(const partner_request& request, const arrived& stored) {
    log::write(stored.other_content ? log::level::error : log::level::info,
               stored.other_content ? "arrival_conflict" : "certificate_arrived",
               {{"partner", std::string_view{request.partner}},
                {"message_id", std::string_view{request.asked.message_id}},
                {"number", std::string_view{request.asked.envelope.number}},
                {"repeat", stored.repeat},
                {"trace", std::string_view{request.traceparent}}});
}

// What the dialect gives as a receipt, to be kept with the certificate; empty where the number that
// we give is all there is.
awaitable<result<std::string>> receipt_for(const partner_door& door, const partner_request& request,
                                           time_point at) {
    const auto& asked = request.asked;
    if (!request.channel->dialect->addressing && asked.message_id.empty()) co_return std::string{};
    engine::facts known{{"message_id", asked.message_id},
                        {"digest", asked.content->digest().hex()},
                        {"size", std::to_string(asked.content->size())},
                        {"receiver", request.channel->node},
                        {"time", rfc3339(at)}};
    co_return co_await engine::render_reply(door.with, request.channel, asked, std::move(known));
}

// Who gave it a number, and is told that we have it by a call of ours, waits for that call.
bool is_confirmed_by_a_call(const engine::channel& over) {
    return over.client && over.dialect->calls_for(queue::verb::confirm);
}

// The number that they gave it themselves: not one that we gave to something of theirs, which comes
// back from who fills in a header that we returned.
awaitable<result<std::string>> number_of_theirs(const partner_door& door,
                                                const partner_request& request) {
    const auto number = field(request.asked, "reference");
    const auto ours = number_of(request.asked);
    if (!ours) co_return number;
    const auto before = co_await door.ledger.arrival_from(*ours, {request.partner});
    if (before) co_return std::string{};
    if (before.error().kind != failure_kind::not_found) co_return before.error();
    co_return number;
}

arrival arrival_of(const partner_request& request, const inspected& seen, std::string number,
                   time_point at) {
    const auto& asked = request.asked;
    arrival what;
    what.partner = request.partner;
    what.channel = request.channel->profile.name;
    what.message_id = asked.message_id;
    if (asked.message_id.empty()) what.reference = std::move(number);
    if (!what.reference.empty() && is_confirmed_by_a_call(*request.channel))
        what.confirm = confirmation_of(seen);
    what.envelope = asked.envelope;
    what.content = asked.content;
    what.at = at;
    what.traceparent = request.traceparent;
    what.readable = !has_errors(seen.found);
    what.findings = seen.found;
    std::ranges::copy(seen.held.kept, std::back_inserter(what.findings));
    return what;
}

// It has our number, unless they gave it one.
awaitable<served_answer> number_given(const partner_door& door, const partner_request& request,
                                      const arrived& stored) {
    const auto kept = co_await door.ledger.arrival_from(stored.inbound, request.partners);
    if (!kept) co_return fault_of(kept.error());
    co_return co_await reply(request.back(door), told_to_sender(*kept));
}

}  // namespace

awaitable<served_answer> serve_deliver(const partner_door& door, const partner_request& request) {
    const auto& asked = request.asked;
    if (!asked.content || asked.content->size() == 0)
        co_return co_await decline(request.back(door), no_certificate(*asked.operation));
    if (request.channel->dialect->addressing && asked.message_id.empty())
        co_return engine::fault{true, "Invalid", "wsa:MessageID is missing", {}};

    auto reading = [&] {
        return inspect(
            asked.content, door.with,
            {asked.envelope, request.partner, request.channel->node, strictness_of(request)});
    };
    const auto seen = co_await on_pool(door.with.work, std::move(reading));
    if (auto wrong = refusal(seen, request.in))
        co_return co_await decline(request.back(door), *wrong);

    auto number = asked.message_id.empty() ? co_await number_of_theirs(door, request)
                                           : result<std::string>{std::string{}};
    if (!number) co_return fault_of(number.error());
    auto what = arrival_of(request, seen, std::move(*number), door.with.time.now());
    const auto whose = responsible_agency(*request.profiles->configuration, asked.envelope);
    what.agency = whose.agency;
    auto receipt = co_await receipt_for(door, request, what.at);
    if (!receipt) co_return fault_of(receipt.error());
    what.receipt = std::move(*receipt);

    if (door.reached) door.reached("before-arrive");
    const auto stored = co_await door.ledger.arrive(what);
    if (door.reached) door.reached("after-arrive");
    if (!stored) co_return fault_of(stored.error());
    log_arrival(request, *stored);
    if (stored->other_content) {
        door.figures.alert("arrival_conflict");
        co_return co_await decline(
            request.back(door),
            engine::fault{true,
                          "Conflict",
                          asked.message_id.empty()
                              ? "This hubDeliveryNumber is known here with other content: it was "
                                "not stored. Leave it out, or give another"
                              : "This message id is known here with other content: it was not "
                                "stored",
                          {}});
    }
    if (!stored->repeat) tell_of_arrival(door.figures, what, whose.by_rule, seen.held.kept);
    door.changed();
    if (stored->receipt.empty()) co_return co_await number_given(door, request, *stored);
    crypto::xml::parts kept;
    kept.emplace_back(stored->receipt);
    co_return kept;
}

}  // namespace ecert::hub
