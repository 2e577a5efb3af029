#include "hub/listen/problem_response.hpp"

#include "config/log.hpp"
#include "config/utf8.hpp"
#include "hub/listen/json.hpp"

namespace ecert::hub {
namespace {

constexpr std::size_t longest_detail = 2000;
constexpr unsigned retry_after_seconds = 5;

std::string_view title_of(int status) {
    switch (status) {
        case 400:
            return "Bad Request";
        case 401:
            return "Unauthorized";
        case 403:
            return "Forbidden";
        case 404:
            return "Not Found";
        case 405:
            return "Method Not Allowed";
        case 408:
            return "Request Timeout";
        case 409:
            return "Conflict";
        case 413:
            return "Content Too Large";
        case 415:
            return "Unsupported Media Type";
        case 422:
            return "Unprocessable Content";
        case 429:
            return "Too Many Requests";
        case 503:
            return "Service Unavailable";
        default:
            return status < 500 ? "Refused" : "Internal Server Error";
    }
}

struct meaning {
    int status;
    const char* slug;
};
meaning meaning_of(failure_kind kind) {
    switch (kind) {
        case failure_kind::invalid:
            return {422, "invalid"};
        case failure_kind::not_found:
            return {404, "not-found"};
        case failure_kind::forbidden:
            return {403, "forbidden"};
        case failure_kind::conflict:
            return {409, "conflict"};
        case failure_kind::too_large:
            return {413, "too-large"};
        case failure_kind::unavailable:
            return {503, "unavailable"};
        case failure_kind::deadline:
            return {408, "too-slow"};
        case failure_kind::untrusted:
            return {403, "untrusted"};
        case failure_kind::internal:
            break;
    }
    return {500, "internal"};
}

}  // namespace

http::response problem_response(int status, std::string slug, std::string detail,
                                const problems& all, language in, unsigned retry_after,
                                const problem_members& more) {
    boost::json::object body;
    body["type"] = "urn:ecert:problem:" + slug;
    body["title"] = title_of(status);
    body["status"] = status;
    body["detail"] = valid_utf8(detail, longest_detail);
    for (const auto& [name, value] : more) body[name] = value;
    if (!all.empty()) body["errors"] = problems_json(all, in);
    auto answer = http::reply(status, "application/problem+json", boost::json::serialize(body));
    answer.fields.set("Content-Language", in == language::zh ? "zh" : "en");
    if (retry_after != 0) answer.fields.set("Retry-After", std::to_string(retry_after));
    return answer;
}

http::response failure_response(const failure& f, language in) {
    const auto [status, slug] = meaning_of(f.kind);
    const bool ours = f.kind == failure_kind::internal;
    if (ours) log::write(log::level::error, "request_failed", {{"reason", f.text}});
    const auto* hidden = "The node could not carry this out; its operators see why.";
    return problem_response(status, slug, ours ? hidden : f.text, {}, in,
                            status == 503 ? retry_after_seconds : 0);
}

http::response body_failure_response(const failure& f, language in) {
    if (f.kind == failure_kind::invalid) return problem_response(400, "body", f.text, {}, in);
    return failure_response(f, in);
}

}  // namespace ecert::hub
