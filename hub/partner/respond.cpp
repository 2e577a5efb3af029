// Their authority's answer to a certificate of ours: recorded once, matched to its delivery,
// answered with the stored receipt.
#include "config/log.hpp"
#include "hub/inbox/answer.hpp"
#include "hub/partner/request.hpp"
#include "hub/partner/standing.hpp"
#include "queue/ids.hpp"

#include <charconv>

namespace ecert::hub {
namespace {

acknowledgement read_answer(const partner_request& request, time_point now) {
    const auto& asked = request.asked;
    acknowledgement a;
    a.partner = request.partner;
    a.message_id = asked.message_id;
    const auto relates = asked.relates_to.empty() ? field(asked, "relates_to") : asked.relates_to;
    a.reference = field(asked, "reference");
    for (const auto& ours : {relates, a.reference})
        if (queue::uuid id; !a.delivery && queue::parse_uuid(ours, id)) a.delivery = id;
    a.envelope = asked.envelope;
    // The answer's envelope is theirs to us; the certificate it names went the other way.
    std::swap(a.envelope.from, a.envelope.to);
    const auto status = field(asked, "answer_status");
    const auto* const end = status.data() + status.size();
    if (const auto read = std::from_chars(status.data(), end, a.status);
        read.ec != std::errc{} || read.ptr != end)
        a.status = 0;
    a.reason = field(asked, "answer_reason");
    a.at = now;
    a.traceparent = request.traceparent;
    return a;
}

awaitable<result<std::string>> receipt_for(const partner_door& door, const partner_request& request,
                                           const acknowledgement& answer) {
    if (!request.channel->dialect->addressing) co_return std::string{};
    engine::facts known{{"message_id", answer.message_id},
                        {"receiver", request.channel->node},
                        {"time", rfc3339(answer.at)}};
    co_return co_await engine::render_reply(door.with, request.channel, request.asked,
                                            std::move(known));
}

}  // namespace

awaitable<served_answer> serve_respond(const partner_door& door, const partner_request& request) {
    const auto& asked = request.asked;
    auto answer = read_answer(request, door.with.time.now());
    if (answer.message_id.empty() && request.channel->dialect->addressing)
        co_return engine::fault{true, "Invalid", "wsa:MessageID is missing", {}};
    if (answer.status <= 0)
        co_return co_await decline(
            request.back(door),
            engine::fault{true,
                          "Invalid",
                          "The acknowledgement has no StatusCode: 39 is accepted, 41 rejected",
                          {}});
    const auto other = refers_to_another(field(asked, "answer_other"), asked.envelope.number);
    if (!other.empty())
        co_return co_await decline(
            request.back(door), engine::fault{true, "Invalid", sentences(other, request.in), {}});
    auto receipt = co_await receipt_for(door, request, answer);
    if (!receipt) co_return fault_of(receipt.error());
    answer.receipt = std::move(*receipt);

    if (door.reached) door.reached("before-acknowledge");
    const auto status = answer.status;
    const auto stored = co_await door.ledger.acknowledge(std::move(answer));
    if (door.reached) door.reached("after-acknowledge");
    if (!stored) co_return fault_of(stored.error());
    log::write(stored->differs ? log::level::warn : log::level::info, "acknowledgement_arrived",
               {{"partner", std::string_view{request.partner}},
                {"number", std::string_view{asked.envelope.number}},
                {"status", std::int64_t{status}},
                {"matched", stored->matched},
                {"repeat", stored->repeat},
                {"differs", stored->differs},
                {"trace", std::string_view{request.traceparent}}});
    if (stored->differs) door.figures.alert("acknowledgement_differs");
    door.changed();
    if (stored->receipt.empty()) {
        const auto number =
            stored->matched ? queue::to_string(stored->delivery) : field(asked, "reference");
        co_return co_await reply(request.back(door),
                                 {asked.envelope, number, engine::standing::delivered});
    }
    crypto::xml::parts kept;
    kept.emplace_back(stored->receipt);
    co_return kept;
}

}  // namespace ecert::hub
