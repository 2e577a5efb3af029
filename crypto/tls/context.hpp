// TLS contexts: 1.2 and 1.3, client certificates demanded on every listener, session lifetime five
// minutes, no renegotiation. The handshake checks the chain; who the peer is for us is decided
// after it (crypto/trust), on every connection, because a resumed session never calls a verify
// callback.
//
// A context may be handed to Asio (ssl::context takes ownership of a native handle): what it needs
// hangs on it and goes with it. Its SSL_CTX app data stays free for Asio. Errors name the file and
// what is wrong with it.
#pragma once

#include "config/clock.hpp"
#include "config/result.hpp"
#include "config/settings.hpp"
#include "crypto/handle.hpp"
#include "crypto/trust/certificate.hpp"

#include <filesystem>
#include <memory>
#include <optional>
#include <string>

struct ssl_ctx_st;
struct ssl_st;

namespace ecert::crypto {

void free_tls_context(ssl_ctx_st*) noexcept;
using tls_context = handle<ssl_ctx_st, free_tls_context>;

result<tls_context> make_server_context(const listener_settings& from);

// For one channel, so for one endpoint: presents tls_certificate (none: no certificate is shown),
// trusts tls_ca or exactly tls_pin (also checked for its time, by the clock, which must outlive the
// context).
result<tls_context> make_client_context(const channel_settings& from,
                                        const clock& by = machine_clock());

// Before each handshake of a connection of make_client_context: server name (SNI), the name or IP
// address that the server's certificate must carry (with tls_pin the pin alone decides), and a
// session to resume if the context has one.
result<void> prepare_client(ssl_st* connection, const std::string& host);

// The certificate the peer showed on this connection (of the session, when it was resumed).
std::optional<certificate> peer_certificate(const ssl_st* connection);

// Why the peer's certificate was not taken, for people, after a handshake that failed; empty if
// that was not the reason.
std::string peer_refused_because(const ssl_st* connection);

}  // namespace ecert::crypto
