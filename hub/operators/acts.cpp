// What operators do to a piece of work. Each act needs a reason and stands in the ledger's events
// with the actor and that reason.
#include "config/utf8.hpp"
#include "hub/listen/json.hpp"
#include "hub/listen/media_type.hpp"
#include "hub/listen/problem_response.hpp"
#include "hub/operators/operator_call.hpp"

namespace ecert::hub {
namespace {

constexpr std::uint64_t longest_body = 16 * kib;
constexpr std::size_t longest_reason = 2000;

using verb_of_ledger = awaitable<result<state>> (ledger::*)(uuid, std::string, std::string,
                                                            time_point);

// {"reason": "..."}; nullopt: there is none to be read.
std::optional<std::string> reason_in(std::string_view json) {
    boost::system::error_code unread;
    const auto body = boost::json::parse(json, unread);
    if (unread || !body.is_object()) return {};
    const auto* reason = body.as_object().if_contains("reason");
    if (reason == nullptr || !reason->is_string() || reason->as_string().empty()) return {};
    return valid_utf8(std::string_view{reason->as_string()}, longest_reason);
}

awaitable<http::response> carry_out(operator_call& call, http::incoming& request,
                                    const parameters& found, verb_of_ledger verb) {
    if (!is_media_type(request.head(), {"application/json"}))
        co_return problem_response(415, "media-type", "Send the reason as application/json.", {},
                                   call.in);
    const auto body = co_await request.read_body(longest_body);
    if (!body) co_return body_failure_response(body.error(), call.in);
    auto reason = reason_in(crypto::read_all(**body, longest_body));
    if (!reason) {
        const problems missing{
            {"OPS-REASON-MISSING", severity::error, "/reason", "", R"({"reason":"..."})"}};
        co_return problem_response(422, "reason", "Every act is audited with its reason.", missing,
                                   call.in);
    }
    queue::uuid id{};
    if (!queue::parse_uuid(found.at(0), id))
        co_return problem_response(404, "not-found", "No work has this id: " + found.at(0), {},
                                   call.in);
    const auto view = co_await call.parts.ledger.custody_of(id);
    if (!view) co_return failure_response(view.error(), call.in);
    const auto now = call.parts.time.now();
    const auto after = co_await (call.parts.ledger.*verb)(view->id, call.actor, *reason, now);
    if (!after) co_return failure_response(after.error(), call.in);
    call.parts.dispatch.wake();
    boost::json::object answer;
    answer["state"] = name_of(*after);
    co_return json_response(200, answer);
}

}  // namespace

awaitable<http::response> retry_work(operator_call& call, http::incoming& request,
                                     const parameters& found) {
    return carry_out(call, request, found, &ledger::retry);
}
awaitable<http::response> hold_work(operator_call& call, http::incoming& request,
                                    const parameters& found) {
    return carry_out(call, request, found, &ledger::hold);
}
awaitable<http::response> release_work(operator_call& call, http::incoming& request,
                                       const parameters& found) {
    return carry_out(call, request, found, &ledger::release);
}
awaitable<http::response> cancel_work(operator_call& call, http::incoming& request,
                                      const parameters& found) {
    return carry_out(call, request, found, &ledger::cancel);
}

}  // namespace ecert::hub
