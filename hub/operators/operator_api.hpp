// The operators' door: REST over a Unix socket; who calls is known by SO_PEERCRED. GET /v1/status,
// /v1/work (all that is owed to partners: deliveries, our answers ...), /v1/work/{id} (of a
// delivery, a certificate or an inbound certificate), POST /v1/work/{id}/retry|hold|release|cancel,
// GET /v1/audit, /v1/channels, /v1/workers, /v1/queue, POST /v1/queue/rebuild, /v1/reload. Every
// act is audited. And the loopback door: /healthz, /readyz, /metrics.
#pragma once

#include "adapters/http/server.hpp"
#include "config/metrics.hpp"
#include "hub/dispatch/dispatch.hpp"
#include "hub/ledger/ledger.hpp"
#include "hub/workers/registry.hpp"
#include "queue/transport.hpp"

#include <functional>

namespace ecert::hub {

struct operator_api {
    hub::ledger& ledger;
    hub::dispatch& dispatch;
    engine::snapshots& profiles;
    const clock& time;
    metrics& figures;
    std::function<problems()> reload;  // what SIGHUP does
    const registry& hosts;
    queue::transport& queue;
    std::function<std::vector<std::string>()> waits;  // what waits for what
    bool hosts_serve = false;                         // else workers in this process do

    bool nobody_serves(const std::string& partner) const {
        return hosts_serve && hosts.nobody_serves(partner, time.steady());
    }
};
http::handler make_operator_handler(operator_api parts);

struct health {
    metrics& figures;
    std::function<std::vector<std::string>()> not_ready;  // reasons; empty: ready
    std::function<std::vector<std::string>()> waits;      // what waits for what; ready all the same
};
http::handler make_health_handler(health parts);

}  // namespace ecert::hub
