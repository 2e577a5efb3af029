// An RSA key made ready for one use: PKCS#1 v1.5 over SHA-256, signing or verifying. An OpenSSL
// context is looked up and allocated once, not for every message: that costs a quarter of a
// verification.
//
// Thread rule: any thread, any number of them at once; each call has a context to itself, and as
// many stay as there ever were calls at once. For crypto/ alone.
#pragma once

#include "config/result.hpp"
#include "crypto/digest.hpp"
#include "crypto/handle.hpp"

#include <openssl/evp.h>

#include <mutex>
#include <string>
#include <string_view>
#include <vector>

namespace ecert::crypto {

class prepared_key {
  public:
    enum class use { signing, verifying };
    prepared_key(EVP_PKEY* key, use as);  // shares the key

    result<std::string> sign(const sha256& digest) const;
    bool verifies(const sha256& digest, std::string_view signature) const;

  private:
    using shared_key = handle<EVP_PKEY, EVP_PKEY_free>;
    using context = handle<EVP_PKEY_CTX, EVP_PKEY_CTX_free>;

    context take() const;
    void give_back(context done) const;

    shared_key key_;
    use use_;
    mutable std::mutex guard_;
    mutable std::vector<context> idle_;
};

}  // namespace ecert::crypto
