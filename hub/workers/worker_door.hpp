// The worker hosts' door: HTTP over mutual TLS, for ecert-adapter alone.
//
//   POST /internal/heartbeat
//   GET  /internal/content/{sha256}   a task's content over 128 KiB; Range (one range) goes on
//                                     where a connection broke
//   PUT  /internal/content/{sha256}   a new translation, before the outcome that names it
//
// Guarantee: who speaks is the TLS certificate's host, never a name in a body; what a host may
// serve is its file on this hub; content moves only for a host that may serve the partner, with the
// token of an attempt at that very content (content_grant.hpp). Refused: 401 without a token of
// this hub, 403 for another partner or an attempt that is over, 404 for other content, 409 for a
// second translation of one attempt, 413 over the token's limit. Bodies use the listeners' budget.
// Thread rule: one executor.
#pragma once

#include "adapters/engine/channels.hpp"
#include "adapters/http/server.hpp"
#include "config/metrics.hpp"
#include "hub/ledger/ledger.hpp"
#include "hub/listen/roles.hpp"
#include "hub/workers/registry.hpp"
#include "hub/workers/task_tokens.hpp"

#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace ecert::hub {

struct worker_door {
    hub::ledger& ledger;
    engine::snapshots& profiles;
    std::function<std::shared_ptr<const roles>()> who;
    const clock& time;
    metrics& figures;
    registry& hosts;
    pool& work;
    std::shared_ptr<const task_tokens> tokens;  // null: no task goes out, no content is given
    bool hosts_serve = true;                    // false: workers in this process do
};
http::handler make_worker_handler(worker_door parts);

// Looks every ten seconds for what is to be told of worker hosts, and tells it: an alert and a log
// line each. Ends when `stopping` says so.
awaitable<void> watch_hosts(worker_door parts, std::function<bool()> stopping);

// One look of it.
awaitable<void> tell_of_hosts(const worker_door& parts);

}  // namespace ecert::hub
