// The one HTTP client: keep-alive connections to one endpoint, bounded; mutual TLS; every step with
// a deadline.
//
// What a caller must know after a failure is whether the peer may have got the message: `stage`
// says it exactly. Before the first body byte was handed to the connection nothing reached the
// peer's application; after it, it may have. (An alert that refuses our certificate is before it
// too: a handshake that was not accepted hands nothing on.) A kept connection that the peer closed
// while idle is replaced once, and only where no byte of the body had been written on it. Thread
// rule: one executor.
#pragma once

#include "adapters/http/message.hpp"
#include "config/pool.hpp"
#include "config/result.hpp"
#include "config/settings.hpp"
#include "crypto/source.hpp"
#include "crypto/trust/certificate.hpp"

#include <boost/asio/any_io_executor.hpp>

#include <memory>
#include <optional>
#include <string>

namespace ecert::http {

enum class stage { before_body, after_body, replied };

struct call {
    std::string method = "POST";
    std::string target;  // path and query; empty: the endpoint's own
    http::fields fields;
    crypto::xml::parts body;
    std::uint64_t size = 0;  // of the body as written: measure() knows it
    std::uint64_t reply_limit = 8ull << 20;
    bool keep_part = false;  // of a reply that broke off: with stage after_body, its status, fields
                             // and what came of its body are there
    duration connect_timeout{10'000};
    duration reply_timeout{60'000};  // from the last body byte to the reply's last
    duration total{120'000};
};

struct reply_received {
    http::stage stage = stage::before_body;
    int status = 0;  // with stage replied
    http::fields fields;
    crypto::source_ptr body;        // at most reply_limit; null if none
    bool reply_over_limit = false;  // stage is after_body then
    std::string error;              // what ended it, for people; empty when replied
    bool not_tried = false;         // all connections were busy: it says nothing of the peer
    bool peer_untrusted =
        false;  // TLS: their certificate is not the one configured, or ours was not taken
    std::optional<crypto::certificate> peer;
};

class client {
  public:
    virtual ~client() = default;
    virtual awaitable<reply_received> send(call what) = 0;
    virtual void close() = 0;  // idle connections now, others when their call ends
};

struct client_settings {
    std::string endpoint;       // https://host:port/path, or http:// on loopback (tests)
    channel_settings tls;       // certificate, key, ca, pin
    unsigned connections = 16;  // more calls wait, half of their total deadline
    std::filesystem::path spool_folder;
    std::uint64_t spool_threshold = 1ull << 20;
    duration idle{30'000};  // a kept connection is closed after so long without a call
};
result<std::unique_ptr<client>> make_client(boost::asio::any_io_executor on,
                                            client_settings settings, pool& work);

// An agency's or operator's tool: one request over a Unix socket.
awaitable<reply_received> send_unix(boost::asio::any_io_executor on, std::filesystem::path socket,
                                    call what);

}  // namespace ecert::http
