// Makes connections to one endpoint: name, TCP, TLS, and a look at who answered, all by a deadline.
//
// Thread rule: one executor. Names are kept for a minute, and longer while they cannot be looked
// up: the system's resolver may hang, and hangs for all.
#pragma once

#include "adapters/http/transport.hpp"
#include "config/result.hpp"
#include "config/settings.hpp"
#include "crypto/tls/context.hpp"
#include "crypto/trust/certificate.hpp"

#include <optional>
#include <string>
#include <vector>

namespace ecert::http {

struct endpoint {
    bool tls = true;
    std::string host;  // without brackets
    std::uint16_t port = 0;
    std::string authority;  // for the Host field
    std::string target;     // path and query
};
// https, or http on loopback.
result<endpoint> read_endpoint(const std::string& url);

class dialer {
  public:
    static result<dialer> make(boost::asio::any_io_executor on, endpoint to,
                               const channel_settings& tls);
    awaitable<handshake> dial(steady_point until);
    const endpoint& to() const { return to_; }

  private:
    dialer(boost::asio::any_io_executor on, endpoint to) : on_{std::move(on)}, to_{std::move(to)} {}
    using addresses = std::vector<boost::asio::ip::tcp::endpoint>;

    awaitable<std::string> look_up(steady_point until);
    awaitable<std::string> connect(boost::asio::ip::tcp::socket& into, steady_point until);
    awaitable<handshake> secure(boost::asio::ip::tcp::socket connected, steady_point until);
    std::string objection(const std::optional<crypto::certificate>& shown) const;

    boost::asio::any_io_executor on_;
    endpoint to_;
    crypto::tls_context context_;
    std::optional<crypto::identity_rule> pin_;
    addresses known_;
    steady_point known_since_{};
};

}  // namespace ecert::http
