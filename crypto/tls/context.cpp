#include "crypto/tls/context.hpp"

#include "crypto/digest.hpp"
#include "crypto/tls/client_data.hpp"
#include "crypto/trust/x509.hpp"

#include <openssl/err.h>
#include <openssl/ssl.h>

namespace ecert::crypto {
namespace {

constexpr long session_seconds = 300;
constexpr auto cipher_list = "ECDHE+AESGCM:ECDHE+CHACHA20";  // TLS 1.2; those of 1.3 are all good
constexpr unsigned char session_owner[] = "ecert-node";

failure about(const std::filesystem::path& file, const char* what) {
    return {failure_kind::invalid, file.string() + ": " + what + ": " + openssl_errors()};
}

tls_context make_context(const SSL_METHOD* role) {
    tls_context made{SSL_CTX_new(role)};
    auto* raw = made.get();
    if (!raw || SSL_CTX_set_min_proto_version(raw, TLS1_2_VERSION) != 1 ||
        SSL_CTX_set_cipher_list(raw, cipher_list) != 1)
        throw std::runtime_error("TLS cannot be set up: " + openssl_errors());
    SSL_CTX_set_options(
        raw, SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION | SSL_OP_CIPHER_SERVER_PREFERENCE);
    SSL_CTX_set_mode(raw, SSL_MODE_RELEASE_BUFFERS);  // an idle connection costs 34 KiB less
    SSL_CTX_set_default_passwd_cb(raw, no_pass_phrase);
    SSL_CTX_set_timeout(raw, session_seconds);
    return made;
}

result<void> present(SSL_CTX* on, const std::filesystem::path& chain,
                     const std::filesystem::path& key) {
    ERR_clear_error();
    if (SSL_CTX_use_certificate_chain_file(on, chain.c_str()) != 1)
        return about(chain, "not a PEM certificate chain that can be used");
    if (SSL_CTX_use_PrivateKey_file(on, key.c_str(), SSL_FILETYPE_PEM) != 1)
        return about(key, "not a PEM private key of the certificate, without a pass phrase");
    if (SSL_CTX_check_private_key(on) != 1)
        return about(key, "does not belong to the certificate beside it");
    return {};
}

result<void> trust(SSL_CTX* on, const std::filesystem::path& authorities) {
    ERR_clear_error();
    if (SSL_CTX_load_verify_file(on, authorities.c_str()) != 1)
        return about(authorities, "not a PEM file of CA certificates");
    return {};
}

}  // namespace

void free_tls_context(ssl_ctx_st* context) noexcept { SSL_CTX_free(context); }

result<tls_context> make_server_context(const listener_settings& from) {
    auto made = make_context(TLS_server_method());
    auto* raw = made.get();
    if (auto ours = present(raw, from.certificate, from.key); !ours) return ours.error();
    if (auto theirs = trust(raw, from.client_ca); !theirs) return theirs.error();
    auto* names = SSL_load_client_CA_file(from.client_ca.c_str());
    if (!names) return about(from.client_ca, "not a PEM file of CA certificates");
    SSL_CTX_set_client_CA_list(raw, names);  // takes the list
    SSL_CTX_set_verify(raw, SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT, nullptr);
    // Without it the handshake of a returning client with a certificate fails.
    if (SSL_CTX_set_session_id_context(raw, session_owner, sizeof session_owner - 1) != 1)
        throw std::runtime_error("TLS sessions cannot be set up: " + openssl_errors());
    return made;
}

result<tls_context> make_client_context(const channel_settings& from, const clock& by) {
    if (from.tls_ca.empty() == from.tls_pin.empty())
        return failure{failure_kind::invalid,
                       "channel " + from.name + ": set tls_ca or tls_pin, one of the two"};
    auto made = make_context(TLS_client_method());
    auto* raw = made.get();
    if (!from.tls_certificate.empty())
        if (auto ours = present(raw, from.tls_certificate, from.tls_key); !ours)
            return ours.error();
    std::optional<certificate> pin;
    if (from.tls_pin.empty()) {
        if (auto theirs = trust(raw, from.tls_ca); !theirs) return theirs.error();
    } else {
        auto pinned = certificate::from_pem_file(from.tls_pin);
        if (!pinned) return pinned.error();
        pin = pinned->front();
    }
    SSL_CTX_set_verify(raw, SSL_VERIFY_PEER, nullptr);
    attach_client_data(raw, std::move(pin), by);
    return made;
}

std::optional<certificate> peer_certificate(const ssl_st* connection) {
    const auto* shown = SSL_get0_peer_certificate(connection);
    if (!shown) return std::nullopt;
    auto read = certificate::from_der(der_of(shown));
    if (!read) return std::nullopt;
    return *std::move(read);
}

std::string peer_refused_because(const ssl_st* connection) {
    const auto why = SSL_get_verify_result(connection);
    return why == X509_V_OK ? std::string{} : X509_verify_cert_error_string(why);
}

}  // namespace ecert::crypto
