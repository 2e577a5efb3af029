#include "crypto/seal/derive.hpp"

#include "crypto/digest.hpp"
#include "crypto/handle.hpp"

#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <openssl/kdf.h>
#include <openssl/params.h>

#include <array>
#include <stdexcept>

namespace ecert::crypto {
namespace {

using kdf_context = handle<EVP_KDF_CTX, EVP_KDF_CTX_free>;

constexpr std::string_view salt = "ecert seal 1";

// Never freed: keys may be derived while other objects of static life are destroyed.
EVP_KDF* fetched_hkdf() {
    static EVP_KDF* const algorithm = EVP_KDF_fetch(nullptr, "HKDF", nullptr);
    if (!algorithm) throw std::runtime_error("OpenSSL has no HKDF: " + openssl_errors());
    return algorithm;
}

OSSL_PARAM octets(const char* name, std::string_view bytes) {
    return OSSL_PARAM_construct_octet_string(name, const_cast<char*>(bytes.data()), bytes.size());
}

}  // namespace

secret derive(const secret& master, std::string_view key_id, std::string_view partner) {
    std::string info(1, static_cast<char>(key_id.size()));
    info += key_id;
    info += partner;
    char digest[] = "SHA256";
    const std::array with{
        OSSL_PARAM_construct_utf8_string(OSSL_KDF_PARAM_DIGEST, digest, sizeof digest - 1),
        octets(OSSL_KDF_PARAM_KEY, master.reveal()), octets(OSSL_KDF_PARAM_SALT, salt),
        octets(OSSL_KDF_PARAM_INFO, info), OSSL_PARAM_construct_end()};
    const kdf_context context{EVP_KDF_CTX_new(fetched_hkdf())};
    if (!context) throw std::bad_alloc{};
    std::string key(key_bytes, '\0');
    if (EVP_KDF_derive(context.get(), reinterpret_cast<unsigned char*>(key.data()), key.size(),
                       with.data()) != 1)
        throw std::runtime_error("a seal key cannot be derived: " + openssl_errors());
    return secret{std::move(key)};
}

}  // namespace ecert::crypto
