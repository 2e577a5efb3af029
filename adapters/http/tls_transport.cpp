#include "adapters/http/stream_transport.hpp"
#include "crypto/tls/context.hpp"

#include <boost/asio/ssl/error.hpp>
#include <boost/asio/ssl/stream.hpp>

#include <openssl/err.h>
#include <openssl/ssl.h>

namespace ecert::http {

std::string remote_of(const boost::asio::ip::tcp::socket& connected);

namespace {

using tls_stream = boost::asio::ssl::stream<boost::asio::ip::tcp::socket>;
namespace ssl_error = boost::asio::error;

// Alerts by which a peer says that our certificate is not one it takes.
bool refuses_our_certificate(const boost::system::error_code& error) {
    if (error.category() != ssl_error::get_ssl_category()) return false;
    switch (ERR_GET_REASON(static_cast<unsigned long>(error.value()))) {
        case SSL_R_SSLV3_ALERT_BAD_CERTIFICATE:
        case SSL_R_SSLV3_ALERT_UNSUPPORTED_CERTIFICATE:
        case SSL_R_SSLV3_ALERT_CERTIFICATE_REVOKED:
        case SSL_R_SSLV3_ALERT_CERTIFICATE_EXPIRED:
        case SSL_R_SSLV3_ALERT_CERTIFICATE_UNKNOWN:
        case SSL_R_TLSV1_ALERT_UNKNOWN_CA:
        case SSL_R_TLSV1_ALERT_ACCESS_DENIED:
        case SSL_R_TLSV13_ALERT_CERTIFICATE_REQUIRED:
            return true;
        default:
            return false;
    }
}

class tls_transport final : public stream_transport<tls_stream> {
  public:
    using stream_transport::stream_transport;

    awaitable<io_result> shake(boost::asio::ssl::stream_base::handshake_type role,
                               steady_point until) {
        auto [error] = co_await stream().async_handshake(role, within(reading(), until));
        io_result found;
        const bool late = reading().stop();
        if (!error) {
            is(crypto::peer_certificate(ssl()));
            co_return found;
        }
        found.how = late ? io::timed_out : io::broken;
        found.why = late ? "the TLS handshake did not end in time"
                         : "the TLS handshake failed: " + error.message();
        if (!late) explain(found, error);
        co_return found;
    }

    // A polite close waits for the peer's own close_notify; data it is still sending ends that, and
    // is then taken in below TLS.
    awaitable<void> close(steady_point until) override {
        auto [error] = co_await stream().async_shutdown(within(reading(), until));
        if (reading().stop() || !error) co_return hang_up();
        co_await drain(until);
    }

    // The alert of a failed handshake must not be lost to a reset.
    awaitable<void> linger(steady_point until) { return drain(until); }

    bool quiet() const override {
        return SSL_pending(const_cast<tls_transport*>(this)->ssl()) == 0 &&
               stream_transport::quiet();
    }

    SSL* ssl() { return stream().native_handle(); }

  protected:
    void explain(io_result& found, const boost::system::error_code& error) const override {
        found.refused_us = refuses_our_certificate(error);
        if (found.refused_us)
            found.why = "they did not take our certificate: " + error.message();
        else if (error == boost::asio::ssl::error::stream_truncated)
            found.why = "the connection was cut without a TLS goodbye";
    }
};

std::unique_ptr<tls_transport> over(boost::asio::ip::tcp::socket connected, ssl_ctx_st* context) {
    auto* made = SSL_new(context);
    if (!made) throw std::runtime_error("no TLS connection: " + crypto::openssl_errors());
    auto remote = remote_of(connected);
    return std::make_unique<tls_transport>(tls_stream{std::move(connected), made},
                                           std::move(remote));
}

}  // namespace

awaitable<handshake> accept_tls(boost::asio::ip::tcp::socket connected, ssl_ctx_st* context,
                                steady_point until, transport** under_way) {
    auto made = over(std::move(connected), context);
    *under_way = made.get();
    const auto end = co_await made->shake(tls_stream::server, until);
    *under_way = nullptr;
    handshake found{.why = end.why, .untrusted = end.refused_us, .late = end.how == io::timed_out};
    if (end.done())
        found.secured = std::move(made);
    else if (end.how == io::broken)
        co_await made->linger(machine_clock().steady() + 500ms);
    co_return found;
}

awaitable<handshake> connect_tls(boost::asio::ip::tcp::socket connected, ssl_ctx_st* context,
                                 std::string host, steady_point until) {
    auto made = over(std::move(connected), context);
    handshake found;
    if (auto ready = crypto::prepare_client(made->ssl(), host); !ready) {
        found.why = ready.error().text;
        co_return found;
    }
    const auto end = co_await made->shake(tls_stream::client, until);
    found.why = end.why;
    found.untrusted = end.refused_us;
    if (end.done()) {
        found.secured = std::move(made);
    } else if (const auto why = crypto::peer_refused_because(made->ssl()); !why.empty()) {
        found.why = "their certificate is not the one we were told to trust: " + why;
        found.untrusted = true;
    }
    co_return found;
}

}  // namespace ecert::http
