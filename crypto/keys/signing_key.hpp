// One key of keys.toml, loaded: private to the PEM signer.
#pragma once

#include "config/clock.hpp"
#include "config/problem.hpp"
#include "config/settings.hpp"
#include "crypto/trust/certificate.hpp"
#include "crypto/trust/prepared_key.hpp"

#include <memory>
#include <string>

namespace ecert::crypto {

struct signing_key {
    signing_key(EVP_PKEY* key, crypto::certificate of)
        : certificate{std::move(of)}, ready{key, prepared_key::use::signing} {}
    const crypto::certificate certificate;
    const prepared_key ready;
};

// Every problem goes to `found`; null when it cannot be used. `before`: the DER of the certificate
// that this id signed with so far, empty if there was none.
std::shared_ptr<const signing_key> load_signing_key(const std::string& id, const key_settings& from,
                                                    const std::string& before, time_point now,
                                                    problems& found);

}  // namespace ecert::crypto
