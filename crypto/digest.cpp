#include "crypto/digest.hpp"

#include "crypto/base64.hpp"
#include "crypto/handle.hpp"

#include <openssl/crypto.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/rand.h>

#include <stdexcept>

namespace ecert::crypto {
namespace {

using digest_algorithm = handle<EVP_MD, EVP_MD_free>;
using digest_context = handle<EVP_MD_CTX, EVP_MD_CTX_free>;

// Never freed: a digest may still be needed while other objects of static life are destroyed.
const EVP_MD* fetched_sha256() {
    static EVP_MD* const algorithm = EVP_MD_fetch(nullptr, "SHA256", nullptr);
    if (algorithm == nullptr)
        throw std::runtime_error("OpenSSL has no SHA-256: " + openssl_errors());
    return algorithm;
}

void require(int ok, const char* what) {
    if (ok != 1) throw std::runtime_error(std::string{what} + ": " + openssl_errors());
}

int nibble(char c) {
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    if (c >= 'A' && c <= 'F') return c - 'A' + 10;
    return -1;
}

}  // namespace

std::string sha256::hex() const {
    constexpr std::string_view digits = "0123456789abcdef";
    std::string out;
    out.reserve(bytes.size() * 2);
    for (const auto b : bytes) {
        out += digits[b >> 4];
        out += digits[b & 15];
    }
    return out;
}

std::string sha256::base64() const { return base64_encode(view()); }

std::optional<sha256> sha256::from_hex(std::string_view text) {
    sha256 out;
    if (text.size() != out.bytes.size() * 2) return std::nullopt;
    for (std::size_t i = 0; i < out.bytes.size(); ++i) {
        const int high = nibble(text[2 * i]), low = nibble(text[2 * i + 1]);
        if (high < 0 || low < 0) return std::nullopt;
        out.bytes[i] = static_cast<std::uint8_t>(high << 4 | low);
    }
    return out;
}

std::optional<sha256> sha256::from_bytes(std::string_view raw) {
    sha256 out;
    if (raw.size() != out.bytes.size()) return std::nullopt;
    for (std::size_t i = 0; i < raw.size(); ++i) out.bytes[i] = static_cast<std::uint8_t>(raw[i]);
    return out;
}

struct sha256_digester::state {
    digest_context context{EVP_MD_CTX_new()};
};

sha256_digester::sha256_digester() : state_{std::make_unique<state>()} {
    if (!state_->context) throw std::bad_alloc{};
    require(EVP_DigestInit_ex(state_->context.get(), fetched_sha256(), nullptr), "start SHA-256");
}

sha256_digester::~sha256_digester() = default;
sha256_digester::sha256_digester(sha256_digester&&) noexcept = default;
sha256_digester& sha256_digester::operator=(sha256_digester&&) noexcept = default;

void sha256_digester::update(std::string_view bytes) {
    require(EVP_DigestUpdate(state_->context.get(), bytes.data(), bytes.size()), "SHA-256");
}

sha256 sha256_digester::finish() && {
    sha256 out;
    require(EVP_DigestFinal_ex(state_->context.get(), out.bytes.data(), nullptr), "end SHA-256");
    return out;
}

sha256 sha256_of(std::string_view bytes) {
    sha256_digester d;
    d.update(bytes);
    return std::move(d).finish();
}

std::string base64_encode(std::string_view bytes) {
    std::string out;
    out.reserve((bytes.size() + 2) / 3 * 4 + 1);
    base64_encoder encoder;
    encoder.update(bytes, out);
    encoder.finish(out);
    return out;
}

std::optional<std::string> base64_decode(std::string_view text) {
    std::string out;
    out.reserve(text.size() / 4 * 3 + 3);
    base64_decoder decoder;
    if (!decoder.update(text, out) || !decoder.finish(out)) return std::nullopt;
    return out;
}

bool equal_constant_time(std::string_view a, std::string_view b) {
    return a.size() == b.size() && CRYPTO_memcmp(a.data(), b.data(), a.size()) == 0;
}

std::string random_bytes(std::size_t count) {
    std::string out(count, '\0');
    require(RAND_bytes(reinterpret_cast<unsigned char*>(out.data()), static_cast<int>(count)),
            "random bytes");
    return out;
}

std::string openssl_errors() {
    std::string out;
    while (const auto code = ERR_get_error()) {
        char text[256];
        ERR_error_string_n(code, text, sizeof text);
        if (!out.empty()) out += "; ";
        out += text;
    }
    return out.empty() ? "no reason given" : out;
}

}  // namespace ecert::crypto
