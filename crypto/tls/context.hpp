// TLS contexts: 1.2 and 1.3, client certificates demanded on every listener, session lifetime five minutes, no renegotiation.
// The handshake checks the chain; who the peer is for us is decided after it (crypto/trust), on every connection, because a resumed
// session never calls a verify callback.
#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <string>

#include "config/result.hpp"
#include "config/settings.hpp"
#include "crypto/handle.hpp"
#include "crypto/trust/certificate.hpp"

struct ssl_ctx_st;
struct ssl_st;

namespace ecert::crypto {

void free_tls_context(ssl_ctx_st*) noexcept;
using tls_context = handle<ssl_ctx_st, free_tls_context>;

result<tls_context> make_server_context(const listener_settings& from);

// For one channel: presents tls_certificate, trusts tls_ca or exactly tls_pin (also checked for its time).
result<tls_context> make_client_context(const channel_settings& from);

// The certificate the peer showed on this connection (of the session, when it was resumed).
std::optional<certificate> peer_certificate(const ssl_st* connection);

}  // namespace ecert::crypto
