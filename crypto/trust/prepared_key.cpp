#include "crypto/trust/prepared_key.hpp"

#include <openssl/err.h>
#include <openssl/rsa.h>

#include <stdexcept>

namespace ecert::crypto {
namespace {

const unsigned char* bytes_of(std::string_view text) {
    return reinterpret_cast<const unsigned char*>(text.data());
}

}  // namespace

prepared_key::prepared_key(EVP_PKEY* key, use as) : use_{as} {
    if (EVP_PKEY_up_ref(key) != 1) throw std::runtime_error("key: " + openssl_errors());
    key_.reset(key);
}

prepared_key::context prepared_key::take() const {
    {
        const std::lock_guard lock{guard_};
        if (!idle_.empty()) {
            auto one = std::move(idle_.back());
            idle_.pop_back();
            return one;
        }
    }
    context fresh{EVP_PKEY_CTX_new_from_pkey(nullptr, key_.get(), nullptr)};
    auto* at = fresh.get();
    if (!at || (use_ == use::signing ? EVP_PKEY_sign_init(at) : EVP_PKEY_verify_init(at)) != 1 ||
        EVP_PKEY_CTX_set_rsa_padding(at, RSA_PKCS1_PADDING) != 1 ||
        EVP_PKEY_CTX_set_signature_md(at, EVP_sha256()) != 1)
        throw std::runtime_error("key: no context for RSA with SHA-256: " + openssl_errors());
    return fresh;
}

void prepared_key::give_back(context done) const {
    const std::lock_guard lock{guard_};
    idle_.push_back(std::move(done));
}

result<std::string> prepared_key::sign(const sha256& digest) const {
    auto with = take();
    std::string signature(static_cast<std::size_t>(EVP_PKEY_get_size(key_.get())), '\0');
    auto size = signature.size();
    if (EVP_PKEY_sign(with.get(), reinterpret_cast<unsigned char*>(signature.data()), &size,
                      digest.bytes.data(), digest.bytes.size()) != 1)
        return failure{failure_kind::internal, openssl_errors()};
    give_back(std::move(with));
    signature.resize(size);
    return signature;
}

bool prepared_key::verifies(const sha256& digest, std::string_view signature) const {
    auto with = take();
    const bool good = EVP_PKEY_verify(with.get(), bytes_of(signature), signature.size(),
                                      digest.bytes.data(), digest.bytes.size()) == 1;
    if (!good) ERR_clear_error();
    give_back(std::move(with));
    return good;
}

}  // namespace ecert::crypto
