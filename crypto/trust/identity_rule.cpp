#include "crypto/handle.hpp"
#include "crypto/trust/certificate.hpp"

#include <openssl/err.h>
#include <openssl/x509_vfy.h>
#include <openssl/x509v3.h>

namespace ecert::crypto {
namespace {

using store = handle<X509_STORE, X509_STORE_free>;
using store_context = handle<X509_STORE_CTX, X509_STORE_CTX_free>;

failure untrusted(std::string why) { return {failure_kind::untrusted, std::move(why)}; }

std::string day_of(time_point at) { return rfc3339(at).substr(0, 10); }

result<void> in_its_time(const certificate& peer, time_point now) {
    if (now < peer.not_before())
        return untrusted("the certificate of " + peer.subject() + " is not valid before " +
                         day_of(peer.not_before()));
    if (now > peer.not_after())
        return untrusted("the certificate of " + peer.subject() + " expired on " +
                         day_of(peer.not_after()) + ": it must be renewed");
    return {};
}

result<store> trust_all_of(const std::filesystem::path& file) {
    auto authorities = certificate::from_pem_file(file);
    if (!authorities) return authorities.error();
    store made{X509_STORE_new()};
    if (!made) throw std::bad_alloc{};
    for (const auto& one : *authorities)
        if (X509_STORE_add_cert(made.get(), one.raw()) != 1)
            return failure{failure_kind::invalid, file.string() + ": " + openssl_errors()};
    return made;
}

}  // namespace

struct identity_rule::state {
    std::optional<certificate> pin;
    store issuers;  // the CAs of the rule; null with a pin
    std::string subject, ca_file;

    // The chain, for a TLS client, as of `now`. Every certificate of the CA file is an anchor, an
    // intermediate one too.
    result<void> issued(const certificate& peer, time_point now) const;
};

result<void> identity_rule::state::issued(const certificate& peer, time_point now) const {
    const store_context context{X509_STORE_CTX_new()};
    if (!context || X509_STORE_CTX_init(context.get(), issuers.get(), peer.raw(), nullptr) != 1)
        throw std::runtime_error("identity rule: no verification context: " + openssl_errors());
    auto* how = X509_STORE_CTX_get0_param(context.get());
    X509_VERIFY_PARAM_set_flags(how, X509_V_FLAG_PARTIAL_CHAIN);
    X509_VERIFY_PARAM_set_purpose(how, X509_PURPOSE_SSL_CLIENT);
    X509_VERIFY_PARAM_set_time(how, std::chrono::system_clock::to_time_t(now));
    if (X509_verify_cert(context.get()) == 1) return {};
    const auto* why = X509_verify_cert_error_string(X509_STORE_CTX_get_error(context.get()));
    ERR_clear_error();
    return untrusted("the certificate of " + peer.subject() + " (issuer " + peer.issuer() +
                     ") is not one that " + ca_file + " vouches for: " + why);
}

result<identity_rule> identity_rule::load(const peer_identity_rule& from) {
    const bool by_pin = !from.pin.empty(), by_issuer = !from.ca.empty() || !from.subject.empty();
    if (by_pin == by_issuer || (by_issuer && (from.ca.empty() || from.subject.empty())))
        return failure{failure_kind::invalid,
                       "an identity is either pin, or ca and subject together"};
    auto made = std::make_shared<state>();
    if (by_pin) {
        auto pinned = certificate::from_pem_file(from.pin);
        if (!pinned) return pinned.error();
        made->pin = pinned->front();
    } else {
        auto issuers = trust_all_of(from.ca);
        if (!issuers) return issuers.error();
        made->issuers = *std::move(issuers);
        made->subject = from.subject;
        made->ca_file = from.ca.filename().string();
    }
    identity_rule value;
    value.state_ = std::move(made);
    return value;
}

result<void> identity_rule::matches(const certificate& peer, time_point now) const {
    if (state_->pin) {
        if (peer.der() != state_->pin->der())
            return untrusted("the certificate of " + peer.subject() + " is not the pinned one (" +
                             state_->pin->subject() + ", SHA-256 " + state_->pin->digest().hex() +
                             ")");
        return in_its_time(peer, now);
    }
    if (peer.subject() != state_->subject)
        return untrusted("the certificate's subject is " + peer.subject() + ", not " +
                         state_->subject);
    if (auto timely = in_its_time(peer, now); !timely) return timely;
    return state_->issued(peer, now);
}

}  // namespace ecert::crypto
