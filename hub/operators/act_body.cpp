#include "hub/operators/act_body.hpp"

#include "config/utf8.hpp"
#include "hub/listen/media_type.hpp"
#include "hub/listen/problem_response.hpp"

#include <boost/json.hpp>

#include <optional>

namespace ecert::hub {
namespace {

constexpr std::uint64_t longest_body = 16 * kib;
constexpr std::size_t longest_reason = 2000;

// {"reason": "..."}; nullopt: there is none to be read.
std::optional<act_asked> asked_in(std::string_view json) {
    boost::system::error_code unread;
    auto body = boost::json::parse(json, unread);
    if (unread || !body.is_object()) return {};
    const auto* reason = body.as_object().if_contains("reason");
    if (reason == nullptr || !reason->is_string() || reason->as_string().empty()) return {};
    auto text = valid_utf8(std::string_view{reason->as_string()}, longest_reason);
    return act_asked{std::move(body.as_object()), std::move(text)};
}

}  // namespace

awaitable<std::variant<act_asked, http::response>> read_act(operator_call& call,
                                                            http::incoming& request) {
    if (!is_media_type(request.head(), {"application/json"}))
        co_return problem_response(415, "media-type", "Send the reason as application/json.", {},
                                   call.in);
    const auto body = co_await request.read_body(longest_body);
    if (!body) co_return body_failure_response(body.error(), call.in);
    auto asked = asked_in(crypto::read_all(**body, longest_body));
    if (asked) co_return std::move(*asked);
    const problems missing{
        {"OPS-REASON-MISSING", severity::error, "/reason", "", R"({"reason":"..."})"}};
    co_return problem_response(422, "reason", "Every act is audited with its reason.", missing,
                               call.in);
}

}  // namespace ecert::hub
