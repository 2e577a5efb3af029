#include "adapters/http/dial.hpp"

#include "adapters/http/deadline.hpp"

#include <boost/asio/steady_timer.hpp>
#include <boost/url/parse.hpp>
#include <boost/url/url_view.hpp>

#include <fmt/format.h>

namespace ecert::http {
namespace {

using boost::asio::ip::tcp;
using boost::system::error_code;
constexpr duration names_kept = 1min;

// A look-up that may outlive the one who asked: the system's resolver cannot be interrupted.
struct lookup {
    explicit lookup(boost::asio::any_io_executor on) : resolver{on}, told{on} {}
    tcp::resolver resolver;
    boost::asio::steady_timer told;
    bool done = false;
    error_code error;
    std::vector<tcp::endpoint> found;
};

bool loopback(const std::string& host) {
    error_code no;
    const auto address = boost::asio::ip::make_address(host, no);
    return host == "localhost" || (!no && address.is_loopback());
}

}  // namespace

result<endpoint> read_endpoint(const std::string& url) {
    const auto read = boost::urls::parse_uri(url);
    const auto no = [&](const char* why) {
        return failure{failure_kind::invalid, "endpoint '" + url + "': " + why};
    };
    if (!read) return no("not a URL; write https://host:port/path");
    endpoint to;
    to.tls = read->scheme() == "https";
    if (!to.tls && read->scheme() != "http") return no("the scheme must be https");
    if (read->has_userinfo()) return no("a user name does not belong here");
    if (read->host().empty()) return no("the host is missing");
    to.host = read->host_type() == boost::urls::host_type::ipv6
                  ? std::string{read->host_ipv6_address().to_string()}
                  : read->host();
    if (!to.tls && !loopback(to.host)) return no("http is for loopback alone; use https");
    if (read->has_port() && read->port_number() == 0) return no("the port is not one");
    to.port = read->has_port() ? read->port_number() : to.tls ? 443 : 80;
    to.authority = std::string{read->encoded_host_and_port()};
    to.target = std::string{read->encoded_target()};
    if (!to.target.starts_with('/')) to.target.insert(0, "/");
    return to;
}

result<dialer> dialer::make(boost::asio::any_io_executor on, endpoint to,
                            const channel_settings& tls) {
    dialer made{std::move(on), std::move(to)};
    if (!made.to_.tls) return made;
    auto context = crypto::make_client_context(tls);
    if (!context) return context.error();
    made.context_ = *std::move(context);
    if (tls.tls_pin.empty()) return made;
    auto pin = crypto::identity_rule::load({.pin = tls.tls_pin});
    if (!pin) return pin.error();
    made.pin_ = *std::move(pin);
    return made;
}

awaitable<handshake> dialer::dial(steady_point until) {
    handshake found;
    tcp::socket socket{on_};
    found.why = co_await look_up(until);
    if (found.why.empty()) found.why = co_await connect(socket, until);
    if (!found.why.empty()) co_return found;
    error_code ignored;
    socket.set_option(tcp::no_delay{true}, ignored);
    if (to_.tls) co_return co_await secure(std::move(socket), until);
    found.secured = make_plain(std::move(socket));
    co_return found;
}

// Empty: known_ holds addresses to try.
awaitable<std::string> dialer::look_up(steady_point until) {
    error_code no;
    const auto literal = boost::asio::ip::make_address(to_.host, no);
    if (!no) {
        known_ = {tcp::endpoint{literal, to_.port}};
        co_return std::string{};
    }
    const auto now = machine_clock().steady();
    if (!known_.empty() && now - known_since_ < names_kept) co_return std::string{};
    const auto asked = std::make_shared<lookup>(on_);
    asked->resolver.async_resolve(to_.host, std::to_string(to_.port),
                                  tcp::resolver::numeric_service,
                                  [asked](error_code error, tcp::resolver::results_type all) {
                                      asked->done = true;
                                      asked->error = error;
                                      for (const auto& one : all) asked->found.push_back(one);
                                      asked->told.cancel();
                                  });
    asked->told.expires_at(until);
    co_await asked->told.async_wait(boost::asio::as_tuple(boost::asio::use_awaitable));
    if (asked->done && !asked->error) {
        known_ = asked->found;
        known_since_ = now;
    }
    if (!known_.empty()) co_return std::string{};
    co_return fmt::format("the name {} could not be looked up: {}", to_.host,
                          asked->done ? asked->error.message() : "no answer in time");
}

awaitable<std::string> dialer::connect(tcp::socket& into, steady_point until) {
    std::string why;
    const auto all = known_;
    auto left = static_cast<std::int64_t>(all.size());
    for (const auto& address : all) {
        const auto now = machine_clock().steady();
        deadline limit{on_};
        into = tcp::socket{on_};
        const auto its_share = now + (until - now) / left--;
        auto [error] = co_await into.async_connect(address, within(limit, its_share));
        const bool late = limit.stop();
        if (!error) co_return std::string{};
        why = fmt::format("connecting to {}:{} ({}): {}", to_.host, to_.port,
                          address.address().to_string(),
                          late ? "no answer in time" : error.message());
    }
    known_since_ = {};  // look again next time
    co_return why;
}

awaitable<handshake> dialer::secure(tcp::socket connected, steady_point until) {
    auto found = co_await connect_tls(std::move(connected), context_.get(), to_.host, until);
    if (!found.secured) {
        found.why = fmt::format("{}:{}: {}", to_.host, to_.port, found.why);
        co_return found;
    }
    if (auto no = objection(found.secured->peer()); !no.empty()) {
        found.secured.reset();
        found.why = fmt::format("{}:{}: {}", to_.host, to_.port, no);
        found.untrusted = true;
    }
    co_return found;
}

// A resumed session brings the certificate of its first handshake, unverified since.
std::string dialer::objection(const std::optional<crypto::certificate>& shown) const {
    const auto now = machine_clock().now();
    if (!shown) return "they showed no certificate";
    if (!shown->valid_at(now)) return "their certificate is out of its time";
    if (!pin_) return {};
    const auto same = pin_->matches(*shown, now);
    return same ? std::string{} : "their certificate: " + same.error().text;
}

}  // namespace ecert::http
