#include "hub/ingest/push.hpp"

#include "hub/ingest/agency_routes.hpp"
#include "hub/ingest/examine.hpp"
#include "hub/ingest/json_push.hpp"
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

// How a certificate may come: as the body itself, or as base64 inside JSON.
struct form {
    bool json = false;
    std::uint64_t largest_body = 0;
    std::uint64_t largest = 0;  // certificate
    const char* limit = "";
};
form form_of(const http::request_head& head, const limit_settings& limits) {
    if (is_media_type(head, {"application/json"}))
        return {true, largest_json_body(limits), limits.json_bytes, "limits.json_bytes"};
    return {false, limits.certificate_bytes, limits.certificate_bytes, "limits.certificate_bytes"};
}

http::response refuse_size(const agency_call& call, const form& as) {
    return refuse(call, 413, "too-large",
                  "A certificate may have " + std::to_string(as.largest) + " bytes " +
                      (as.json ? "inside JSON (" : "(") + as.limit + ").");
}

// What is said before a byte of the body is read.
std::optional<http::response> refuse_by_head(agency_call& call, const http::request_head& head,
                                             const form& as) {
    if (!as.json && !is_media_type(head, {"application/xml", "text/xml"}))
        return refuse(call, 415, "media-type",
                      "Send the certificate as application/xml or text/xml, or as base64 inside "
                      "application/json.");
    if (call.parts.disk_low && call.parts.disk_low())
        return refuse(call, 503, "disk-reserve",
                      "The node's disk is below its reserve: nothing new is taken in.",
                      disk_retry_seconds);
    if (auto refused = refuse_over_rate(call)) return refused;
    if (announces_more_than(as.largest_body, head)) return refuse_size(call, as);
    return {};
}

void append(problems& to, const problems& more) { to.insert(to.end(), more.begin(), more.end()); }

// The certificate's own bytes, and all that is wrong with them and with what was said of them.
struct taken_in {
    crypto::source_ptr content;
    bool too_large = false;
    examined seen;
};

taken_in examine_body(const agency_call& call, crypto::source_ptr body, const form& as,
                      push_request& asked) {
    taken_in made{std::move(body), false, {}};
    json_push inside;
    if (as.json) {
        inside = read_json_push(*made.content, call.parts.limits, call.parts.spool_folder);
        if (inside.said.to && asked.to && *inside.said.to != *asked.to)
            inside.found.push_back(
                {"REST-PARAMETER", severity::error, "?to", *asked.to, *inside.said.to});
        if (inside.said.to) asked.to = inside.said.to;
        made.content = inside.content;
        made.too_large = inside.too_large;
    }
    const char* said_at = as.json && (inside.said.to || !asked.to) ? "/to" : "?to";
    if (made.content)
        made.seen = examine({made.content, call.snapshot, call.agency, asked.to, call.parts.limits,
                             call.parts.spool_folder, call.parts.time.now(), said_at});
    append(made.seen.found, misstated(inside.said, made.seen.certificate));
    append(made.seen.found, inside.found);
    append(made.seen.found, asked.found);
    return made;
}

}  // namespace

awaitable<http::response> push_certificate(agency_call& call, http::incoming& request,
                                           const parameters&) {
    const auto began = call.parts.time.steady();
    const auto as = form_of(request.head(), call.parts.limits);
    if (auto refused = refuse_by_head(call, request.head(), as)) co_return std::move(*refused);
    auto asked = read_push_request(request.head());
    auto body = co_await request.read_body(as.largest_body);
    if (!body) {
        call.parts.figures.refused("body");
        co_return body_failure_response(body.error(), call.in);
    }
    auto work = [&]() -> result<taken_in> {
        try {
            return examine_body(call, *body, as, asked);
        } catch (const std::system_error& broken) {  // the spool's disk
            return failure{
                failure_kind::unavailable,
                std::string{"The certificate cannot be kept here now: "} + broken.what()};
        }
    };
    auto examined = co_await on_pool(call.parts.work, std::move(work));
    if (!examined) {
        call.parts.figures.refused("body");
        co_return body_failure_response(examined.error(), call.in);
    }
    auto made = std::move(*examined);
    if (made.too_large) co_return refuse_size(call, as);
    if (has_errors(made.seen.found)) co_return refuse_all(call, made.seen.found);
    reached(call, "before-accept");
    auto what = accept_request_of(call, std::move(asked), made.seen, std::move(made.content));
    if (const auto ready = co_await prepare_offer(call, *made.seen.partner, what); !ready)
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
