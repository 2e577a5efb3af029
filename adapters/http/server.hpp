// The one HTTP server: HTTP/1.1 over mutual TLS, over a Unix socket, or plain on loopback.
//
// Guarantees: who has a place is admission.hpp's to say: silent connections, unfinished handshakes
// and one identity's many connections shut nobody out. A head within header_timeout and 64 KiB; a
// body only when the handler asks for it, within its limit, the shared budget and the minimum rate;
// a handler's exception is logged and answered 500, and ends only its own session; a body the
// handler did not read closes the connection after the answer. Expect: 100-continue is honoured
// when the body is read. Content-Encoding other than identity: 415. Thread rule: everything runs on
// the executor given; handlers hop to the pool for work that takes time.
#pragma once

#include "adapters/http/budget.hpp"
#include "adapters/http/message.hpp"
#include "config/metrics.hpp"
#include "config/pool.hpp"
#include "config/result.hpp"
#include "config/settings.hpp"
#include "crypto/source.hpp"
#include "crypto/trust/certificate.hpp"

#include <boost/asio/any_io_executor.hpp>

#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <variant>

namespace ecert::http {

// One request and what is known of who sent it. Lives as long as its handler runs, and until the
// response is written.
class incoming {
  public:
    virtual ~incoming() = default;
    virtual const request_head& head() const = 0;
    virtual const std::optional<crypto::certificate>& peer() const = 0;  // mutual TLS: theirs
    virtual std::optional<unsigned> unix_user() const = 0;  // Unix socket: SO_PEERCRED uid
    virtual std::string remote() const = 0;                 // address for logs
    // Reads the body, in memory up to the spool threshold, else into a file in spool_folder.
    // Failures: too_large (413), unavailable (budget: 503), deadline (too slow: 408), invalid
    // (400).
    virtual awaitable<result<crypto::source_ptr>> read_body(std::uint64_t limit) = 0;
};

using handler = std::function<awaitable<response>(incoming&)>;

// What the server answers for itself, because a request is unfit or its handler failed, in the
// words of the service that was asked for. nullopt, or an exception: it has none, and problem+json
// is answered.
using wording =
    std::function<awaitable<std::optional<response>>(const request_head&, int, std::string_view)>;

struct unix_listener {
    std::filesystem::path socket;
};
struct plain_listener {  // loopback only
    std::uint16_t port = 0;
};
using listener = std::variant<listener_settings, unix_listener, plain_listener>;

struct server_settings {
    std::string name;  // "agencies", for the log
    http::listener at;
    limit_settings limits;
    std::filesystem::path spool_folder;
    duration rate_window{10'000};  // over which limits.minimum_rate is averaged
    duration goodbye{2'000};       // the longest polite close
    duration grace{1'000};         // so long nobody is put out who has just come, or just rests
    duration log_window{10'000};   // one line in it for each source that is turned away
    metrics* figures = nullptr;    // counts who is turned away
    wording words = {};            // status and reason, as the service says them
};

class server {
  public:
    virtual ~server() = default;
    virtual std::uint16_t port() const = 0;  // the bound one (0 was asked: any)
    virtual result<void> reload_tls(const listener_settings& with) = 0;  // new handshakes only
    // Accepts no more, lets requests in progress end, closes the rest at the deadline.
    virtual awaitable<void> stop(duration within) = 0;
};

// Binds and accepts. Failure names address and reason.
result<std::unique_ptr<server>> serve(boost::asio::any_io_executor on, server_settings settings,
                                      handler to, pool& work, budget& bodies);

}  // namespace ecert::http
