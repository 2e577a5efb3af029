// A certificate arrives: read it, hold it against its envelope, store it once, answer with the
// stored receipt.
#include "config/log.hpp"
#include "hub/partner/inspection.hpp"
#include "hub/partner/request.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>

namespace ecert::hub {
namespace {

std::optional<engine::fault> refusal(const inspected& seen) {
    if (!seen.readable)
        return engine::fault{
            true,
            "InvalidContent",
            ("The content is no certificate that can be read:" + told(seen.found)).substr(0, 4000),
            {}};
    if (seen.held.refused.empty()) return std::nullopt;
    auto text = "The envelope does not say what the certificate says:" + told(seen.held.refused);
    for (const auto& p : seen.held.refused)
        text += fmt::format(" Certificate: {}, envelope: {}.", p.value, p.expected);
    return engine::fault{true, "EnvelopeDisagrees", std::move(text), {}};
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

void tell_countries(const partner_door& door, const partner_request& request,
                    const problems& differing) {
    for (const auto& p : differing) {
        door.figures.alert("arrival_country_differs");
        log::write(log::level::warn, "arrival_country_differs",
                   {{"partner", std::string_view{request.partner}},
                    {"number", std::string_view{request.asked.envelope.number}},
                    {"finding", std::string_view{p.id}},
                    {"found", std::string_view{p.value}},
                    {"expected", std::string_view{p.expected}}});
    }
}

void tell_unassigned(const partner_door& door, const partner_request& request,
                     const std::string& agency) {
    door.figures.alert("inbox_unassigned");
    log::write(log::level::warn, "inbox_unassigned",
               {{"partner", std::string_view{request.partner}},
                {"number", std::string_view{request.asked.envelope.number}},
                {"type", std::int64_t{request.asked.envelope.type}},
                {"given_to", std::string_view{agency}}});
}

}  // namespace

awaitable<partner_answer> serve_deliver(const partner_door& door, const partner_request& request) {
    const auto& asked = request.asked;
    if (!asked.content)
        co_return engine::fault{true, "Invalid", "The request holds no certificate", {}};
    if (asked.message_id.empty())
        co_return engine::fault{true, "Invalid", "wsa:MessageID is missing", {}};

    auto reading = [&] {
        return inspect(asked.content, door.with, asked.envelope, request.partner,
                       request.channel->node);
    };
    const auto seen = co_await on_pool(door.with.work, std::move(reading));
    if (auto wrong = refusal(seen)) co_return *wrong;

    arrival what;
    what.partner = request.partner;
    what.channel = request.channel->profile.name;
    what.message_id = asked.message_id;
    what.envelope = asked.envelope;
    what.content = asked.content;
    const auto whose = responsible_agency(*request.profiles->configuration, asked.envelope);
    what.agency = whose.agency;
    what.at = door.with.time.now();
    what.traceparent = request.traceparent;
    what.readable = !has_errors(seen.found);
    what.findings = seen.found;
    std::ranges::copy(seen.held.kept, std::back_inserter(what.findings));

    engine::facts known{{"message_id", asked.message_id},
                        {"digest", asked.content->digest().hex()},
                        {"size", std::to_string(asked.content->size())},
                        {"receiver", request.channel->node},
                        {"time", rfc3339(what.at)}};
    auto receipt =
        co_await engine::render_reply(door.with, request.channel, asked, std::move(known));
    if (!receipt) co_return fault_of(receipt.error());
    what.receipt = std::move(*receipt);

    if (door.reached) door.reached("before-arrive");
    const auto stored = co_await door.ledger.arrive(std::move(what));
    if (door.reached) door.reached("after-arrive");
    if (!stored) co_return fault_of(stored.error());
    log_arrival(request, *stored);
    if (stored->other_content) {
        door.figures.alert("arrival_conflict");
        co_return engine::fault{
            true,
            "Conflict",
            "This message id is known here with other content: it was not stored",
            {}};
    }
    if (!stored->repeat) door.figures.received(request.partner);
    if (!stored->repeat && !whose.by_rule) tell_unassigned(door, request, whose.agency);
    if (!stored->repeat) tell_countries(door, request, seen.held.kept);
    door.changed();
    co_return stored->receipt;
}

}  // namespace ecert::hub
