// Peers that speak bytes, not HTTP: what well-behaved ends never send.
#pragma once

#include "config/pool.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/read_until.hpp>
#include <boost/asio/write.hpp>

#include <functional>
#include <string>

namespace ecert::http::tests {

using boost::asio::ip::tcp;
constexpr auto tuple = boost::asio::as_tuple(boost::asio::use_awaitable);

// A client: sends what it is told and shows what comes.
class raw_client {
  public:
    raw_client(boost::asio::any_io_executor on, std::uint16_t port) : socket_{on} {
        socket_.connect({boost::asio::ip::address_v4::loopback(), port});
    }
    awaitable<void> send(std::string text) {
        co_await boost::asio::async_write(socket_, boost::asio::buffer(text), tuple);
    }
    // Up to and including `end`; what there is, if the peer ends before.
    awaitable<std::string> until(std::string end) {
        co_await boost::asio::async_read_until(socket_, boost::asio::dynamic_buffer(got_), end,
                                               tuple);
        const auto at = got_.find(end);
        auto part = got_.substr(0, at == std::string::npos ? at : at + end.size());
        got_.erase(0, part.size());
        co_return part;
    }
    awaitable<std::string> rest() {
        for (;;) {
            std::array<char, 4096> piece;
            auto [error, bytes] =
                co_await socket_.async_read_some(boost::asio::buffer(piece), tuple);
            got_.append(piece.data(), bytes);
            if (error) co_return std::move(got_);
        }
    }
    tcp::socket& socket() { return socket_; }

  private:
    tcp::socket socket_;
    std::string got_;
};

// A server: each connection is handled by a script; counts them.
class raw_server {
  public:
    using script = std::function<awaitable<void>(tcp::socket)>;
    raw_server(boost::asio::any_io_executor on, script each)
        : acceptor_{on, {boost::asio::ip::address_v4::loopback(), 0}}, each_{std::move(each)} {
        boost::asio::co_spawn(on, accept(), boost::asio::detached);
    }
    std::uint16_t port() const { return acceptor_.local_endpoint().port(); }
    unsigned accepted() const { return accepted_; }

  private:
    awaitable<void> accept() {
        for (;;) {
            auto [error, socket] = co_await acceptor_.async_accept(tuple);
            if (error) co_return;
            ++accepted_;
            boost::asio::co_spawn(acceptor_.get_executor(), each_(std::move(socket)),
                                  boost::asio::detached);
        }
    }
    tcp::acceptor acceptor_;
    script each_;
    unsigned accepted_ = 0;
};

inline awaitable<std::string> read_head(tcp::socket& from) {
    std::string text;
    co_await boost::asio::async_read_until(from, boost::asio::dynamic_buffer(text), "\r\n\r\n",
                                           tuple);
    co_return text;
}
inline awaitable<void> say(tcp::socket& to, std::string text) {
    co_await boost::asio::async_write(to, boost::asio::buffer(text), tuple);
}
inline void reset(tcp::socket& one) {
    one.set_option(boost::asio::socket_base::linger{true, 0});
    one.close();
}

}  // namespace ecert::http::tests
