// An agency delivers a certificate, or its authority's answer to one that arrived: what POST
// /v1/certificates and the inbox do, in the words of a contract.
#include "hub/inbox/answer.hpp"
#include "hub/ingest/examine.hpp"
#include "hub/ingest/offering.hpp"
#include "hub/ingest/push_answer.hpp"
#include "hub/partner/agency_request.hpp"
#include "hub/partner/agreement.hpp"
#include "hub/partner/standing.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>

namespace ecert::hub {
namespace {

void reached(const agency_request& request, const char* point) {
    if (request.call.parts.reached) request.call.parts.reached(point);
}

engine::fault refused(std::string text) { return {true, "Invalid", std::move(text), {}}; }
engine::fault refused(const agency_request& request, const problems& found) {
    return refused(sentences(found, request.call.in));
}

examination examination_of(const agency_request& request, std::optional<std::string> to) {
    const auto& call = request.call;
    return {request.asked.content, call.snapshot,           call.agency,           std::move(to),
            call.parts.limits,     call.parts.spool_folder, call.parts.time.now(), "To"};
}

// The certificate itself, and then what the envelope says of it.
examined judge(const agency_request& request, const std::string& to) {
    auto seen = examine(examination_of(request, to));
    if (seen.certificate.version != 0)
        std::ranges::move(agree(seen.certificate, request.asked.envelope, {}, {}).refused,
                          std::back_inserter(seen.found));
    return seen;
}

awaitable<served_answer> tell_accepted(agency_request& request, const accepted& a) {
    const auto& call = request.call;
    if (!a.repeat) {
        call.parts.figures.accepted(call.agency.name);
        if (call.parts.accepted) call.parts.accepted();
    }
    const auto v = co_await request.ledger().certificate(a.delivery, call.agency.name);
    if (!v) co_return fault_of(v.error());
    co_return co_await reply(request.back(), co_await told_of_own(request, *v));
}

// Whom they answer: an arrival by its number, else the latest that has this header.
awaitable<result<inbound_view>> answered(agency_request& request, queue::envelope certificate) {
    const auto number = field(request.asked, "reference");
    const auto& agency = request.call.agency;
    if (queue::uuid id{}; queue::parse_uuid(number, id))
        co_return co_await request.ledger().inbound(id, agency.name, false);
    co_return co_await request.ledger().arrival_like(agency.name, std::move(certificate));
}

read_answer_result read_answer(const agency_request& request) {
    const auto said = [&](const char* name) { return field(request.asked, name); };
    return read_answer_fields({said("answer_status"), said("answer_reason"),
                               said("answer_language"), said("answer_other")},
                              request.asked.envelope.number);
}

}  // namespace

bool is_ours(const agency_request& request, const std::string& code) {
    const auto is_code = [&](const auto& each) { return each.second->node == code; };
    return code == request.over->node ||
           std::ranges::any_of(request.call.snapshot->channels, is_code);
}

// Whom it is for stands in an envelope's header, and there is none.
problems judge_alone(const agency_request& request) {
    auto found = examine(examination_of(request, std::nullopt)).found;
    std::erase_if(found, [](const problem& p) {
        return p.id == "REST-PARTNER-UNKNOWN" || p.id == "REST-PARTNER-MISSING";
    });
    return found;
}

std::optional<engine::fault> hold_sender(const agency_request& request) {
    const auto& node = request.over->node;
    if (is_ours(request, request.asked.envelope.from)) return std::nullopt;
    return engine::fault{
        true,
        "Forbidden",
        fmt::format("Your client certificate is an agency's of {}: From must be {}", node, node),
        {}};
}

const partner_settings* partner_addressed(const configuration& all, const std::string& to) {
    if (const auto named = all.partners.find(to); named != all.partners.end())
        return &named->second;
    for (const auto& [name, partner] : all.partners)
        if (partner.address == to) return &partner;
    return nullptr;
}

awaitable<served_answer> agency_deliver(agency_request& request) {
    const auto& asked = request.asked;
    auto& call = request.call;
    if (auto wrong = hold_sender(request)) co_return *wrong;
    if (!asked.content || asked.content->size() == 0)
        co_return co_await decline(request.back(), no_certificate(*asked.operation));
    const auto* partner = partner_addressed(call.configuration_of(), asked.envelope.to);
    const auto to = partner ? partner->name : asked.envelope.to;
    auto judging = [&] { return judge(request, to); };
    auto seen = co_await on_pool(call.parts.work, std::move(judging));
    auto pushed = read_push_fields(request.head.fields);
    std::ranges::copy(pushed.found, std::back_inserter(seen.found));
    if (has_errors(seen.found)) {
        call.parts.figures.refused("content");
        co_return co_await decline(request.back(), refused(request, seen.found));
    }
    reached(request, "before-accept");
    pushed.to = to;
    auto what = accept_request_of(call, std::move(pushed), seen, asked.content);
    if (const auto ready = co_await prepare_offer(call, *seen.partner, what); !ready)
        co_return fault_of(ready.error());
    auto writer = receipt_writer_of(what);
    const auto kept = co_await request.ledger().accept(std::move(what), std::move(writer));
    reached(request, "after-accept");
    if (!kept) co_return fault_of(kept.error());
    if (const auto* other = std::get_if<conflict>(&*kept)) {
        call.parts.figures.refused("conflict");
        co_return co_await decline(request.back(), refused(other->text));
    }
    co_return co_await tell_accepted(request, std::get<accepted>(*kept));
}

awaitable<served_answer> agency_respond(agency_request& request) {
    auto& call = request.call;
    // The header is ours to them, or that of the certificate it answers.
    auto certificate = request.asked.envelope;
    if (is_ours(request, certificate.from)) std::swap(certificate.from, certificate.to);
    if (!is_ours(request, certificate.to)) co_return *hold_sender(request);
    auto answer = read_answer(request);
    if (has_errors(answer.found))
        co_return co_await decline(request.back(), refused(request, answer.found));
    const auto arrival = co_await answered(request, certificate);
    if (!arrival && arrival.error().kind != failure_kind::not_found)
        co_return fault_of(arrival.error());
    if (!arrival)
        co_return co_await decline(
            request.back(), refused("No certificate with this header or number arrived for you"));
    const auto kept = co_await request.ledger().answer(arrival->inbound, call.agency.name,
                                                       std::move(answer.value),
                                                       call.parts.time.now(), call.traceparent);
    if (!kept && kept.error().kind == failure_kind::conflict)
        co_return co_await decline(request.back(), refused(kept.error().text));
    if (!kept) co_return fault_of(kept.error());
    if (call.parts.accepted) call.parts.accepted();
    auto told = told_to_agency(*kept);
    told.envelope = request.asked.envelope;
    told.standing =
        kept->answer_delivered ? engine::standing::delivered : engine::standing::pending;
    co_return co_await reply(request.back(), std::move(told));
}

}  // namespace ecert::hub
