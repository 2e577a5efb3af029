// One request of one operator, and what it may use.
#pragma once

#include "config/pool.hpp"
#include "hub/listen/routes.hpp"
#include "hub/operators/operator_api.hpp"

#include <string>

namespace ecert::hub {

struct operator_call {
    const operator_api& parts;
    pool& blocking;     // for what asks the operating system
    std::string actor;  // "operator:root", as it stands in the audit
    language in = language::en;
};

std::span<const route<operator_call>> operator_routes();

// Reading: node.cpp, queue.cpp, work.cpp, workers.cpp. Acting: acts.cpp, queue.cpp.
awaitable<http::response> show_status(operator_call& call, http::incoming& request,
                                      const parameters& found);
awaitable<http::response> list_channels(operator_call& call, http::incoming& request,
                                        const parameters& found);
awaitable<http::response> list_workers(operator_call& call, http::incoming& request,
                                       const parameters& found);
awaitable<http::response> show_queue(operator_call& call, http::incoming& request,
                                     const parameters& found);
awaitable<http::response> rebuild_queue(operator_call& call, http::incoming& request,
                                        const parameters& found);
awaitable<http::response> show_audit(operator_call& call, http::incoming& request,
                                     const parameters& found);
awaitable<http::response> reload(operator_call& call, http::incoming& request,
                                 const parameters& found);
awaitable<http::response> list_work(operator_call& call, http::incoming& request,
                                    const parameters& found);
awaitable<http::response> show_work(operator_call& call, http::incoming& request,
                                    const parameters& found);
awaitable<http::response> retry_work(operator_call& call, http::incoming& request,
                                     const parameters& found);
awaitable<http::response> hold_work(operator_call& call, http::incoming& request,
                                    const parameters& found);
awaitable<http::response> release_work(operator_call& call, http::incoming& request,
                                       const parameters& found);
awaitable<http::response> cancel_work(operator_call& call, http::incoming& request,
                                      const parameters& found);

}  // namespace ecert::hub
