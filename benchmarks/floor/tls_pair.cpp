#include "benchmarks/floor/tls_pair.hpp"

#include "crypto/handle.hpp"

#include <openssl/ssl.h>

#include <algorithm>
#include <stdexcept>

namespace ecert::bench {
namespace {

using context = crypto::handle<SSL_CTX, SSL_CTX_free>;
using session = crypto::handle<SSL, SSL_free>;

void pass(SSL* from, SSL* to, const std::string& bytes) {
    char into[16384];
    std::size_t done = 0, read = 0;
    while (read < bytes.size()) {
        if (done < bytes.size()) {
            const auto n =
                SSL_write(from, bytes.data() + done,
                          static_cast<int>(std::min<std::size_t>(16384, bytes.size() - done)));
            if (n <= 0) throw std::runtime_error("tls_pair: write");
            done += static_cast<std::size_t>(n);
        }
        const auto n = SSL_read(to, into, sizeof into);
        if (n > 0) read += static_cast<std::size_t>(n);
    }
}

}  // namespace

struct tls_pair::state {
    context server_context{SSL_CTX_new(TLS_server_method())},
        client_context{SSL_CTX_new(TLS_client_method())};
    session server, client;
};

tls_pair::tls_pair(const std::string& certificate, const std::string& key)
    : state_{std::make_unique<state>()} {
    auto& s = *state_;
    if (SSL_CTX_use_certificate_chain_file(s.server_context.get(), certificate.c_str()) != 1 ||
        SSL_CTX_use_PrivateKey_file(s.server_context.get(), key.c_str(), SSL_FILETYPE_PEM) != 1)
        throw std::runtime_error("tls_pair: certificate or key cannot be read");
    s.server.reset(SSL_new(s.server_context.get()));
    s.client.reset(SSL_new(s.client_context.get()));
    BIO *one = nullptr, *other = nullptr;
    if (BIO_new_bio_pair(&one, 1 << 16, &other, 1 << 16) != 1)
        throw std::runtime_error("tls_pair: no BIO pair");
    SSL_set_bio(s.server.get(), one, one);
    SSL_set_bio(s.client.get(), other, other);
    SSL_set_accept_state(s.server.get());
    SSL_set_connect_state(s.client.get());
    for (int i = 0; i < 10; ++i) {
        SSL_do_handshake(s.client.get());
        SSL_do_handshake(s.server.get());
    }
    if (!SSL_is_init_finished(s.client.get()) || !SSL_is_init_finished(s.server.get()))
        throw std::runtime_error("tls_pair: the handshake did not end");
}

tls_pair::~tls_pair() = default;

void tls_pair::send(const std::string& bytes) {
    pass(state_->client.get(), state_->server.get(), bytes);
}
void tls_pair::reply(const std::string& bytes) {
    pass(state_->server.get(), state_->client.get(), bytes);
}

}  // namespace ecert::bench
