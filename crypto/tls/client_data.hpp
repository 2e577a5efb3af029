// What hangs on a client's SSL_CTX and dies with it: the pinned certificate, the clock that judges
// it, sessions to resume.
#pragma once

#include "config/clock.hpp"
#include "crypto/trust/certificate.hpp"

#include <openssl/ssl.h>

#include <optional>

namespace ecert::crypto {

// Also installs the callbacks: verification by pin where there is one, and the keeping of sessions.
void attach_client_data(SSL_CTX* to, std::optional<certificate> pin, const clock& by);

}  // namespace ecert::crypto
