#include "hub/listen/access_log.hpp"
#include "hub/listen/problem_response.hpp"
#include "hub/operators/operator_call.hpp"
#include "hub/operators/unix_user.hpp"

#include <algorithm>
#include <chrono>

namespace ecert::hub {
namespace {

const route<operator_call> all[] = {
    {"GET", "/v1/status", show_status},
    {"GET", "/v1/channels", list_channels},
    {"GET", "/v1/workers", list_workers},
    {"GET", "/v1/queue", show_queue},
    {"POST", "/v1/queue/rebuild", rebuild_queue},
    {"GET", "/v1/audit", show_audit},
    {"POST", "/v1/reload", reload},
    {"GET", "/v1/work", list_work},
    {"GET", "/v1/work/{id}", show_work},
    {"POST", "/v1/work/{id}/retry", retry_work},
    {"POST", "/v1/work/{id}/hold", hold_work},
    {"POST", "/v1/work/{id}/release", release_work},
    {"POST", "/v1/work/{id}/cancel", cancel_work},
};

struct door {
    operator_api parts;
    pool blocking{1};
};

awaitable<std::string> user_of(door& d, const http::incoming& request) {
    const auto uid = request.unix_user();
    if (!uid) co_return std::string{};
    auto ask = [uid] { return unix_user_name(*uid); };
    co_return co_await on_pool(d.blocking, std::move(ask));
}

bool may_operate(const door& d, const std::string& user) {
    const auto snapshot = d.parts.profiles.current();
    const auto& users = snapshot->configuration->node.operator_users;
    return !user.empty() && std::find(users.begin(), users.end(), user) != users.end();
}

awaitable<http::response> serve(std::shared_ptr<door> d, http::incoming& request) {
    const auto began = d->parts.time.steady();
    const auto in = preferred_language(request.head().fields.get("Accept-Language"));
    const auto user = co_await user_of(*d, request);
    if (!may_operate(*d, user)) {
        log_nobody("operators", request, user.empty() ? "an unknown Unix user" : user);
        co_return problem_response(
            403, "not-an-operator",
            "Only the Unix users in operator_users of node.toml may operate this node.", {}, in);
    }
    operator_call call{d->parts, d->blocking, "operator:" + user, in};
    auto given = co_await dispatch_route(operator_routes(), call, request);
    const std::chrono::duration<double, std::milli> took = d->parts.time.steady() - began;
    log_request("operators", request, call.actor, given.status, took.count(), {});
    co_return given;
}

}  // namespace

std::span<const route<operator_call>> operator_routes() { return all; }

http::handler make_operator_handler(operator_api parts) {
    auto d = std::make_shared<door>(std::move(parts));
    return [d](http::incoming& request) { return serve(d, request); };
}

}  // namespace ecert::hub
