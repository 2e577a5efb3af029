// What one listener's sessions share, and the session: one connection's requests, one after
// another.
#pragma once

#include "adapters/http/admission.hpp"
#include "adapters/http/refusals.hpp"
#include "adapters/http/server.hpp"
#include "adapters/http/transport.hpp"
#include "crypto/tls/context.hpp"

#include <boost/asio/steady_timer.hpp>

#include <memory>
#include <string>

namespace ecert::http {

// Owned by the server and by every session: a server that dies early leaves nothing dangling here.
// The pool and the budget outlive them all.
struct listener_state {
    listener_state(boost::asio::any_io_executor executor, server_settings how, handler handle,
                   pool& threads, budget& shared);

    boost::asio::any_io_executor on;
    server_settings settings;
    handler to;
    pool& work;
    budget& bodies;
    crypto::tls_context tls;  // null: no TLS on this listener
    refusals turned_away;
    admission places;
    bool stopping = false;
    boost::asio::steady_timer room, drained;  // cancelled when a connection has ended
};

// Serves one connection that has come this far, and closes it: gives it a place, or answers 503.
awaitable<void> run_session(std::shared_ptr<listener_state> of, guest& who, transport_ptr over);

}  // namespace ecert::http
