#include "crypto/tls/client_data.hpp"

#include "crypto/tls/context.hpp"
#include "crypto/tls/session_store.hpp"
#include "crypto/trust/x509.hpp"

#include <arpa/inet.h>
#include <openssl/x509v3.h>

#include <memory>

namespace ecert::crypto {
namespace {

struct client_data {
    std::optional<certificate> pin;
    const clock& by;
    session_store sessions;
};

void free_client_data(void*, void* data, CRYPTO_EX_DATA*, int, long, void*) {
    delete static_cast<client_data*>(data);
}

// Not the app data (index 0): that one is Asio's.
int data_index() {
    static const int index =
        SSL_CTX_get_ex_new_index(0, nullptr, nullptr, nullptr, free_client_data);
    return index;
}

client_data* data_of(const SSL_CTX* context) {
    return static_cast<client_data*>(SSL_CTX_get_ex_data(context, data_index()));
}

// In place of the chain check: the very certificate, in its time. Called by OpenSSL: nothing may be
// thrown, and nothing is but for want of memory.
int verify_by_pin(X509_STORE_CTX* context, void* data) noexcept {
    const auto& known = *static_cast<client_data*>(data);
    const auto refuse = [&](int why) {
        X509_STORE_CTX_set_error(context, why);
        return 0;
    };
    const auto shown = certificate::from_der(der_of(X509_STORE_CTX_get0_cert(context)));
    if (!shown || !known.pin || shown->der() != known.pin->der())
        return refuse(X509_V_ERR_CERT_REJECTED);
    const auto now = known.by.now();
    if (now < shown->not_before()) return refuse(X509_V_ERR_CERT_NOT_YET_VALID);
    if (now > shown->not_after()) return refuse(X509_V_ERR_CERT_HAS_EXPIRED);
    X509_STORE_CTX_set_error(context, X509_V_OK);
    return 1;
}

int keep_session(SSL* connection, SSL_SESSION* session) noexcept {
    data_of(SSL_get_SSL_CTX(connection))->sessions.keep(tls_session{session});
    return 1;  // it is ours now
}

bool is_address(const std::string& host) {
    unsigned char bytes[sizeof(in6_addr)];
    return inet_pton(AF_INET, host.c_str(), bytes) == 1 ||
           inet_pton(AF_INET6, host.c_str(), bytes) == 1;
}

}  // namespace

void attach_client_data(SSL_CTX* to, std::optional<certificate> pin, const clock& by) {
    auto data = std::unique_ptr<client_data>{new client_data{std::move(pin), by, {}}};
    if (SSL_CTX_set_ex_data(to, data_index(), data.get()) != 1) throw std::bad_alloc{};
    auto* attached = data.release();
    if (attached->pin) SSL_CTX_set_cert_verify_callback(to, verify_by_pin, attached);
    SSL_CTX_set_session_cache_mode(to, SSL_SESS_CACHE_CLIENT | SSL_SESS_CACHE_NO_INTERNAL);
    SSL_CTX_sess_set_new_cb(to, keep_session);
}

result<void> prepare_client(ssl_st* connection, const std::string& host) {
    auto& data = *data_of(SSL_get_SSL_CTX(connection));
    const auto refuse = [&] {
        return failure{failure_kind::invalid,
                       "'" + host + "' is no host name or address: " + openssl_errors()};
    };
    auto* how = SSL_get0_param(connection);
    if (is_address(host)) {
        if (X509_VERIFY_PARAM_set1_ip_asc(how, host.c_str()) != 1) return refuse();
    } else {
        if (SSL_set_tlsext_host_name(connection, host.c_str()) != 1) return refuse();
        X509_VERIFY_PARAM_set_hostflags(how, X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS);
        if (host.empty() || X509_VERIFY_PARAM_set1_host(how, host.c_str(), host.size()) != 1)
            return refuse();
    }
    if (const auto earlier = data.sessions.take()) SSL_set_session(connection, earlier.get());
    return {};
}

}  // namespace ecert::crypto
