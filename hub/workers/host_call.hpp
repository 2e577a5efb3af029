// One request of a known worker host, as the routes of the door see it. Inside hub/workers only.
#pragma once

#include "hub/dispatch/plan.hpp"
#include "hub/listen/routes.hpp"
#include "hub/workers/worker_door.hpp"

namespace ecert::hub {

struct host_call {
    const worker_door& parts;
    plans_ptr& planned;  // of the snapshot it was last asked under
    brought& translations;
    const host_settings& host;
    engine::snapshot_ptr snapshot;
};

// content_door.cpp: GET and PUT /internal/content/{sha256}
awaitable<http::response> give_content(host_call& call, http::incoming& request,
                                       const parameters& path);
awaitable<http::response> take_content(host_call& call, http::incoming& request,
                                       const parameters& path);

}  // namespace ecert::hub
