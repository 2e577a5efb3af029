// The sessions that one client context may resume: the newest few, each used once (TLS 1.3 wants it
// so).
//
// Thread rule: any thread; a lock is held for a few instructions.
#pragma once

#include "crypto/handle.hpp"

#include <openssl/ssl.h>

#include <deque>
#include <mutex>

namespace ecert::crypto {

using tls_session = handle<SSL_SESSION, SSL_SESSION_free>;

class session_store {
  public:
    void keep(tls_session one);
    tls_session take();  // null if there is none

  private:
    static constexpr std::size_t most = 32;
    std::mutex lock_;
    std::deque<tls_session> newest_last_;
};

}  // namespace ecert::crypto
