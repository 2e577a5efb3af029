#include "hub/ingest/push.hpp"

#include "hub/ingest/agency_routes.hpp"
#include "hub/ingest/examine.hpp"
#include "hub/ingest/offering.hpp"
#include "hub/ingest/push_answer.hpp"
#include "hub/ingest/push_request.hpp"
#include "hub/listen/media_type.hpp"
#include "hub/listen/problem_response.hpp"

#include <charconv>

namespace ecert::hub {
namespace {

constexpr unsigned disk_retry_seconds = 60;

bool announces_more_than(std::uint64_t limit, const http::request_head& head) {
    const auto field = head.fields.get("Content-Length");
    std::uint64_t length = 0;
    std::from_chars(field.data(), field.data() + field.size(), length);
    return length > limit;
}

void reached(const agency_call& call, const char* point) {
    if (call.parts.reached) call.parts.reached(point);
}

http::response refuse(const agency_call& call, int status, std::string slug, std::string detail,
                      unsigned after = 0) {
    call.parts.figures.refused(slug);
    return problem_response(status, std::move(slug), std::move(detail), {}, call.in, after);
}

// What is said before a byte of the body is read.
std::optional<http::response> refuse_by_head(agency_call& call, const http::request_head& head) {
    if (!is_media_type(head, {"application/xml", "text/xml"}))
        return refuse(call, 415, "media-type",
                      "Send the certificate as application/xml or text/xml.");
    if (call.parts.disk_low && call.parts.disk_low())
        return refuse(call, 503, "disk-reserve",
                      "The node's disk is below its reserve: nothing new is taken in.",
                      disk_retry_seconds);
    if (auto refused = refuse_over_rate(call)) return refused;
    const auto limit = call.parts.limits.certificate_bytes;
    if (announces_more_than(limit, head))
        return refuse(call, 413, "too-large",
                      "A certificate may have " + std::to_string(limit) +
                          " bytes (limits.certificate_bytes).");
    return {};
}

awaitable<examined> examine_on_pool(agency_call& call, crypto::source_ptr content,
                                    const push_request& asked) {
    examination what{std::move(content), call.snapshot,           call.agency,          asked.to,
                     call.parts.limits,  call.parts.spool_folder, call.parts.time.now()};
    auto work = [&what] { return examine(what); };
    co_return co_await on_pool(call.parts.work, std::move(work));
}

}  // namespace

awaitable<http::response> push_certificate(agency_call& call, http::incoming& request,
                                           const parameters&) {
    const auto began = call.parts.time.steady();
    if (auto refused = refuse_by_head(call, request.head())) co_return std::move(*refused);
    auto asked = read_push_request(request.head());
    auto content = co_await request.read_body(call.parts.limits.certificate_bytes);
    if (!content) {
        call.parts.figures.refused("body");
        co_return body_failure_response(content.error(), call.in);
    }
    auto seen = co_await examine_on_pool(call, *content, asked);
    seen.found.insert(seen.found.end(), asked.found.begin(), asked.found.end());
    if (has_errors(seen.found)) co_return refuse_all(call, seen.found);
    reached(call, "before-accept");
    auto what = accept_request_of(call, std::move(asked), seen, std::move(*content));
    if (const auto ready = co_await prepare_offer(call, *seen.partner, what); !ready)
        co_return failure_response(ready.error(), call.in);
    auto writer = receipt_writer_of(what);
    auto kept = co_await call.parts.ledger.accept(std::move(what), std::move(writer));
    reached(call, "after-accept");
    if (!kept) co_return failure_response(kept.error(), call.in);
    const std::chrono::duration<double> took = call.parts.time.steady() - began;
    call.parts.figures.stage("ingest", took.count());
    co_return answer_accept(call, *kept);
}

}  // namespace ecert::hub
