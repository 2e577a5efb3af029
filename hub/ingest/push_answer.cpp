#include "hub/ingest/push_answer.hpp"

#include "config/utf8.hpp"
#include "hub/listen/json.hpp"
#include "hub/listen/problem_response.hpp"

#include <algorithm>

namespace ecert::hub {
namespace {

constexpr std::size_t longest_reason = 500;

std::string location_of(const uuid& certificate) {
    return "/v1/certificates/" + queue::to_string(certificate);
}

struct told {
    const char* slug;
    const char* id;      // of the problem, for the sentence in the caller's language
    const char* header;  // which would make it acceptable, or makes it unacceptable
};
told told_of(accept_conflict why) {
    switch (why) {
        case accept_conflict::other_content:
            return {"other-content", "REST-OTHER-CONTENT", "Supersedes"};
        case accept_conflict::earlier_link:
            return {"earlier-link", "REST-EARLIER-LINK", "Idempotency-Key"};
        case accept_conflict::key_reused:
            return {"key-reused", "REST-KEY-REUSED", "Idempotency-Key"};
        case accept_conflict::closed:
            return {"closed", "REST-CLOSED", "Idempotency-Key"};
        case accept_conflict::supersedes_unknown:
            break;
    }
    return {"supersedes-unknown", "REST-SUPERSEDES-UNKNOWN", "Supersedes"};
}

// In the table's words, without the sentence: a receipt has no language.
boost::json::array warnings_json(const problems& all) {
    auto list = problems_json(all, language::en);
    for (auto& one : list) one.as_object().erase("text");
    return list;
}

http::response answer_conflict(const agency_call& call, const conflict& c) {
    call.parts.figures.refused("conflict");
    problem_members more;
    if (!c.other.is_nil())
        more = {{"certificate", queue::to_string(c.other)}, {"location", location_of(c.other)}};
    if (c.state) more.emplace_back("state", name_of(*c.state));
    if (!c.reason.empty()) more.emplace_back("reason", valid_utf8(c.reason, longest_reason));
    const told as = told_of(c.why);
    const problems why{{as.id, severity::error, as.header, {}, {}}};
    return problem_response(409, as.slug, c.text, why, call.in, 0, more);
}

// A profile that leaves it to the dialect asks the one in force when the certificate is accepted.
completes_at completes(const partner_settings& partner, const engine::snapshot& in) {
    if (partner.complete_at == complete_when::delivered) return completes_at::delivered;
    if (partner.complete_at == complete_when::acknowledged) return completes_at::acknowledged;
    const auto channel = in.channel_of(partner.name);
    return channel && channel->dialect->delivered_completes ? completes_at::delivered
                                                            : completes_at::acknowledged;
}

}  // namespace

accept_request accept_request_of(const agency_call& call, push_request asked, const examined& seen,
                                 crypto::source_ptr content) {
    const auto& partner = *seen.partner;
    const auto& c = seen.certificate;
    accept_request r;
    r.agency = call.agency.name;
    r.partner = partner.name;
    r.channel = partner.channel;
    const auto over = call.snapshot->channel_of(partner.name);
    r.envelope = {over ? over->node : call.configuration_of().node.name,
                  partner.address.empty() ? partner.name : partner.address, c.number, c.type,
                  c.status};
    r.content = std::move(content);
    r.idempotency_key = std::move(asked.idempotency_key);
    r.supersedes = asked.supersedes;
    r.replaces = c.replaces;
    r.completes = completes(partner, *call.snapshot);
    r.at = call.parts.time.now();
    r.traceparent = call.traceparent;
    r.warnings = seen.found;
    return r;
}

receipt_writer receipt_writer_of(const accept_request& what) {
    return [number = what.envelope.number, partner = what.partner,
            warnings = what.warnings](const acceptance& a) {
        boost::json::object receipt;
        receipt["certificate"] = queue::to_string(a.certificate);
        receipt["delivery"] = queue::to_string(a.delivery);
        receipt["number"] = json_text(number);
        receipt["partner"] = partner;
        receipt["link"] = a.link;
        receipt["sha256"] = a.digest.hex();
        receipt["size"] = a.size;
        receipt["accepted"] = rfc3339(a.at);
        receipt["location"] = location_of(a.certificate);
        if (!warnings.empty()) receipt["warnings"] = warnings_json(warnings);
        return boost::json::serialize(receipt);
    };
}

http::response answer_accept(const agency_call& call, const accept_result& kept) {
    if (const auto* c = std::get_if<conflict>(&kept)) return answer_conflict(call, *c);
    const auto& a = std::get<accepted>(kept);
    if (!a.repeat) {
        call.parts.figures.accepted(call.agency.name);
        if (call.parts.accepted) call.parts.accepted();
    }
    auto answer = http::reply(a.repeat ? 200 : 202, "application/json", a.receipt);
    answer.fields.set("Location", location_of(a.certificate));
    return answer;
}

http::response refuse_all(const agency_call& call, const problems& found) {
    call.parts.figures.refused("content");
    const auto errors = std::count_if(found.begin(), found.end(),
                                      [](const problem& p) { return p.level == severity::error; });
    return problem_response(
        422, "certificate",
        "The certificate was not taken. Errors: " + std::to_string(errors) + ", all listed here.",
        found, call.in);
}

}  // namespace ecert::hub
