#include "hub/workers/worker_door.hpp"

#include "hub/listen/access_log.hpp"
#include "hub/listen/problem_response.hpp"
#include "hub/workers/host_call.hpp"
#include "queue/wire/codec.hpp"

#include <chrono>

namespace ecert::hub {
namespace {

constexpr std::uint64_t longest_heartbeat = mib;

struct door {
    worker_door parts;
    plans_ptr planned;  // of the snapshot it was last asked under
    brought translations;
};

const plans& planned_under(host_call& call) {
    const auto& under = call.snapshot;
    if (!call.planned || call.planned->from() != under)
        call.planned = std::make_shared<plans>(under, under->configuration->node.dispatch);
    return *call.planned;
}

planned_profiles planned_for(const queue::heartbeat& told, const plans& under) {
    planned_profiles all;
    for (const auto& served : told.partners)
        if (const auto* p = under.of(served.partner))
            all[served.partner] = {p->partner->channel, p->policy.dialect, p->profile};
    return all;
}

awaitable<http::response> take_heartbeat(host_call& call, http::incoming& request,
                                         const parameters&) {
    const auto& parts = call.parts;
    const auto body = co_await request.read_body(longest_heartbeat);
    if (!body) co_return body_failure_response(body.error(), language::en);
    auto told = queue::decode_heartbeat(crypto::read_all(**body, longest_heartbeat));
    if (!told) co_return failure_response(told.error(), language::en);
    if (told->adapter != call.host.name)
        co_return problem_response(403, "another-host",
                                   "This certificate is that of the worker host " + call.host.name +
                                       ": [adapter] name in its node.toml must say so.",
                                   {}, language::en);
    const auto planned = planned_for(*told, planned_under(call));
    const auto answer = parts.hosts.take(*told, call.host.partners, planned,
                                         {parts.time.now(), parts.time.steady()});
    co_return http::reply(200, "application/json", queue::encode(answer));
}

constexpr route<host_call> routes[] = {
    {"POST", "/internal/heartbeat", take_heartbeat},
    {"GET", "/internal/content/{sha256}", give_content},
    {"PUT", "/internal/content/{sha256}", take_content},
};

http::response refuse(const door& d, const http::incoming& request, const role& r) {
    d.parts.figures.refused("identity");
    const auto* unknown = std::get_if<nobody>(&r);
    log_nobody("adapters", request, unknown ? unknown->why : called(r) + " at the adapters' door");
    return problem_response(unknown ? 401 : 403, "not-a-worker-host",
                            "This door is for the worker hosts of this node.", {}, language::en);
}

awaitable<http::response> answer(door& d, http::incoming& request, const role& r) {
    const auto snapshot = d.parts.profiles.current();
    const auto* known = std::get_if<host_role>(&r);
    const auto& hosts = snapshot->configuration->hosts;
    const auto at = known ? hosts.find(known->host) : hosts.end();
    if (at == hosts.end()) co_return refuse(d, request, r);
    host_call call{d.parts, d.planned, d.translations, at->second, snapshot};
    co_return co_await dispatch_route(std::span<const route<host_call>>{routes}, call, request);
}

awaitable<http::response> serve(std::shared_ptr<door> d, http::incoming& request) {
    const auto began = d->parts.time.steady();
    const role r = request.peer() ? d->parts.who()->of(*request.peer(), d->parts.time.now())
                                  : role{nobody{"no client certificate"}};
    auto given = co_await answer(*d, request, r);
    const std::chrono::duration<double, std::milli> took = d->parts.time.steady() - began;
    log_request("adapters", request, called(r), given.status, took.count(), {});
    co_return given;
}

}  // namespace

http::handler make_worker_handler(worker_door parts) {
    auto d = std::make_shared<door>(door{std::move(parts), nullptr});
    return [d](http::incoming& request) { return serve(d, request); };
}

}  // namespace ecert::hub
