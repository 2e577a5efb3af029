// Signs by key id. Keys are PEM files now; a PKCS#11 token later, behind the same interface, which
// is why signing is awaited: a token may take its time.
//
// A signer holds the keys as its files were when it was made. A reload makes another one; whoever
// began with the old one signs to the end with the key whose certificate it has shown.
//
// Thread rule: sign() may be awaited from any executor; the work runs on the pool.
#pragma once

#include "config/clock.hpp"
#include "config/pool.hpp"
#include "config/problem.hpp"
#include "config/result.hpp"
#include "config/settings.hpp"

#include <map>
#include <memory>
#include <string>
#include <string_view>

namespace ecert::crypto {

class signer {
  public:
    virtual ~signer() = default;
    // RSA PKCS#1 v1.5 with SHA-256 over the bytes (RFC 9231: rsa-sha256). Failure: no such key, its
    // certificate has expired, or the key's own error.
    virtual awaitable<result<std::string>> sign(std::string key_id, std::string bytes) = 0;
    // The key's certificate in DER; empty for an unknown id.
    virtual std::string certificate(std::string_view key_id) const = 0;
};

struct loaded_signer {
    std::shared_ptr<signer> value;
    // Errors (the key is left out): unreadable, key and certificate that do not belong together,
    // not RSA of 2048 bit; outside its time where `before` has one that is not. Warnings: outside
    // its time, near its end, readable by every user.
    problems found;
};
// The pool and the clock must outlive the signer. before: the signer in force, null at the start.
loaded_signer make_pem_signer(const std::map<std::string, key_settings>& keys, pool& on,
                              const clock& by = machine_clock(), const signer* before = nullptr);

}  // namespace ecert::crypto
