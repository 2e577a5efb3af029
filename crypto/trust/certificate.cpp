#include "crypto/trust/certificate.hpp"

#include "crypto/handle.hpp"
#include "crypto/trust/prepared_key.hpp"
#include "crypto/trust/x509.hpp"

#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>

#include <ctime>
#include <optional>

namespace ecert::crypto {
namespace {

using x509 = handle<X509, X509_free>;
using bio = handle<BIO, BIO_free>;

constexpr std::size_t longest_der = 64 * 1024;

// Nothing for a name whose strings are not what their types say: it came from outside.
std::optional<std::string> rfc2253(const X509_NAME* name) {
    const bio text{BIO_new(BIO_s_mem())};
    if (!text || X509_NAME_print_ex(text.get(), name, 0, XN_FLAG_RFC2253) < 0) return std::nullopt;
    char* bytes = nullptr;
    const auto size = BIO_get_mem_data(text.get(), &bytes);
    return std::string{bytes, static_cast<std::size_t>(size)};
}

// Null for a key that verifies nothing here.
EVP_PKEY* usable_key(const X509* of) {
    auto* key = X509_get0_pubkey(of);
    const bool usable =
        key && EVP_PKEY_is_a(key, "RSA") && EVP_PKEY_get_bits(key) >= least_rsa_bits;
    ERR_clear_error();  // an unreadable key has left a reason
    return usable ? key : nullptr;
}

std::optional<time_point> time_of(const ASN1_TIME* at) {
    std::tm parts{};
    if (ASN1_TIME_to_tm(at, &parts) != 1) return std::nullopt;
    return time_point{std::chrono::seconds{timegm(&parts)}};
}

}  // namespace

struct certificate::state {
    x509 parsed;
    std::string der, subject, issuer;
    sha256 digest;
    time_point not_before, not_after;
    std::optional<prepared_key> key;
};

result<certificate> certificate::from_der(std::string_view der) {
    if (der.empty() || der.size() > longest_der)
        return failure{failure_kind::invalid,
                       "not an X.509 certificate: its size is out of bounds"};
    ERR_clear_error();
    const auto* at = reinterpret_cast<const unsigned char*>(der.data());
    x509 parsed{d2i_X509(nullptr, &at, static_cast<long>(der.size()))};
    if (!parsed)
        return failure{failure_kind::invalid, "not an X.509 certificate: " + openssl_errors()};
    if (at != reinterpret_cast<const unsigned char*>(der.data()) + der.size())
        return failure{failure_kind::invalid, "bytes follow the end of the certificate"};
    const auto not_before = time_of(X509_get0_notBefore(parsed.get()));
    const auto not_after = time_of(X509_get0_notAfter(parsed.get()));
    if (!not_before || !not_after)
        return failure{failure_kind::invalid, "the certificate's validity is not a time"};

    auto subject = rfc2253(X509_get_subject_name(parsed.get()));
    auto issuer = rfc2253(X509_get_issuer_name(parsed.get()));
    if (!subject || !issuer)
        return failure{failure_kind::invalid,
                       "a name in the certificate cannot be read: " + openssl_errors()};

    auto made = std::make_shared<state>();
    made->der = der;
    made->subject = *std::move(subject);
    made->issuer = *std::move(issuer);
    made->digest = sha256_of(der);
    made->not_before = *not_before;
    made->not_after = *not_after;
    if (auto* key = usable_key(parsed.get())) made->key.emplace(key, prepared_key::use::verifying);
    made->parsed = std::move(parsed);
    certificate value;
    value.state_ = std::move(made);
    return value;
}

result<std::vector<certificate>> certificate::from_pem_file(const std::filesystem::path& file) {
    const auto refuse = [&](const std::string& why) {
        return failure{failure_kind::invalid, file.string() + ": " + why};
    };
    const bio in{BIO_new_file(file.c_str(), "r")};
    if (!in) return refuse("cannot be opened: " + openssl_errors());
    std::vector<certificate> all;
    while (const x509 parsed{PEM_read_bio_X509(in.get(), nullptr, no_pass_phrase, nullptr)}) {
        auto one = from_der(der_of(parsed.get()));
        if (!one) return refuse(one.error().text);
        all.push_back(*std::move(one));
    }
    const auto last = ERR_peek_last_error();
    const bool ended =
        ERR_GET_LIB(last) == ERR_LIB_PEM && ERR_GET_REASON(last) == PEM_R_NO_START_LINE;
    const auto why = openssl_errors();
    if (!ended) return refuse("a certificate in it cannot be read: " + why);
    if (all.empty()) return refuse("holds no PEM certificate (-----BEGIN CERTIFICATE-----)");
    return all;
}

const std::string& certificate::der() const { return state_->der; }
const sha256& certificate::digest() const { return state_->digest; }
const std::string& certificate::subject() const { return state_->subject; }
const std::string& certificate::issuer() const { return state_->issuer; }
time_point certificate::not_before() const { return state_->not_before; }
time_point certificate::not_after() const { return state_->not_after; }
x509_st* certificate::raw() const { return state_->parsed.get(); }

bool certificate::valid_at(time_point now) const {
    return state_->not_before <= now && now <= state_->not_after;
}

bool certificate::verifies(std::string_view bytes, std::string_view signature) const {
    return state_->key && state_->key->verifies(sha256_of(bytes), signature);
}

}  // namespace ecert::crypto
