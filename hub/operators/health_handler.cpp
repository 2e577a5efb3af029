// The loopback door. /healthz says that the loop turns; /readyz whether work should be sent here,
// and what waits for what; neither needs the ledger to answer.
#include "hub/listen/json.hpp"
#include "hub/listen/routes.hpp"
#include "hub/operators/operator_api.hpp"

namespace ecert::hub {
namespace {

awaitable<http::response> healthy(health&, http::incoming&, const parameters&) {
    co_return json_response(200, boost::json::object{{"status", "alive"}});
}

boost::json::array texts(const std::vector<std::string>& all) {
    boost::json::array list;
    for (const auto& one : all) list.push_back(json_text(one));
    return list;
}

awaitable<http::response> ready(health& parts, http::incoming&, const parameters&) {
    const auto reasons = parts.not_ready ? parts.not_ready() : std::vector<std::string>{};
    boost::json::object body;
    body["ready"] = reasons.empty();
    body["reasons"] = texts(reasons);
    body["waits"] = texts(parts.waits ? parts.waits() : std::vector<std::string>{});
    auto answer = json_response(reasons.empty() ? 200 : 503, body);
    if (!reasons.empty()) answer.fields.set("Retry-After", "5");
    co_return answer;
}

awaitable<http::response> figures(health& parts, http::incoming&, const parameters&) {
    co_return http::reply(200, "text/plain; version=0.0.4; charset=utf-8", parts.figures.render());
}

const route<health> all[] = {
    {"GET", "/healthz", healthy},
    {"GET", "/readyz", ready},
    {"GET", "/metrics", figures},
};

awaitable<http::response> serve(std::shared_ptr<health> parts, http::incoming& request) {
    co_return co_await dispatch_route(std::span<const route<health>>{all}, *parts, request);
}

}  // namespace

http::handler make_health_handler(health parts) {
    auto kept = std::make_shared<health>(std::move(parts));
    return [kept](http::incoming& request) { return serve(kept, request); };
}

}  // namespace ecert::hub
