// X.509 certificates as the node uses them: who is it, is it in its time, is it one we were told to
// trust.
//
// Thread rule: certificate is an immutable value with shared ownership.
#pragma once

#include "config/clock.hpp"
#include "config/result.hpp"
#include "config/settings.hpp"
#include "crypto/digest.hpp"

#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

struct x509_st;
struct evp_pkey_st;

namespace ecert::crypto {

class certificate {
  public:
    static result<certificate> from_der(std::string_view der);
    static result<std::vector<certificate>> from_pem_file(const std::filesystem::path& file);
    const std::string& der() const;
    const sha256& digest() const;        // of the DER: the pin
    const std::string& subject() const;  // RFC 2253
    const std::string& issuer() const;
    time_point not_before() const;
    time_point not_after() const;
    bool valid_at(time_point now) const;
    // RSA PKCS#1 v1.5, SHA-256.
    bool verifies(std::string_view bytes, std::string_view signature) const;
    x509_st* raw() const;  // for crypto/ alone

  private:
    struct state;
    std::shared_ptr<const state> state_;
};

// A loaded peer_identity_rule. matches() says no with the reason: not pinned, issued by another CA,
// another subject, expired. Checked after every handshake, resumed ones too, and again for every
// request: a client that was removed is out at once.
class identity_rule {
  public:
    static result<identity_rule> load(const peer_identity_rule& from);
    result<void> matches(const certificate& peer, time_point now) const;

  private:
    struct state;
    std::shared_ptr<const state> state_;
};

}  // namespace ecert::crypto
