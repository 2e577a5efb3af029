// What one listener's sessions share, and the session: one connection's requests, one after
// another.
#pragma once

#include "adapters/http/server.hpp"
#include "adapters/http/transport.hpp"
#include "crypto/tls/context.hpp"

#include <boost/asio/steady_timer.hpp>

#include <list>
#include <memory>

namespace ecert::http {

struct live_session {
    transport* io = nullptr;
    bool between_requests = true;
};

// Owned by the server and by every session: a server that dies early leaves nothing dangling here.
// The pool and the budget outlive them all.
struct listener_state {
    listener_state(boost::asio::any_io_executor executor, server_settings how, handler handle,
                   pool& threads, budget& shared)
        : on{executor},
          settings{std::move(how)},
          to{std::move(handle)},
          work{threads},
          bodies{shared},
          room{executor},
          drained{executor} {}

    boost::asio::any_io_executor on;
    server_settings settings;
    handler to;
    pool& work;
    budget& bodies;
    crypto::tls_context tls;  // null: no TLS on this listener
    std::list<live_session*> sessions;
    unsigned connections = 0;
    bool stopping = false;
    boost::asio::steady_timer room, drained;  // cancelled when a connection has ended
};

awaitable<void> run_session(std::shared_ptr<listener_state> of, transport_ptr over);

}  // namespace ecert::http
