// transport over any Asio stream. Included by the files that make transports, by nobody else.
#pragma once

#include "adapters/http/deadline.hpp"
#include "adapters/http/transport.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/asio/error.hpp>

#include <sys/socket.h>

#include <array>
#include <cerrno>

namespace ecert::http {

template <class Stream>
class stream_transport : public transport {
  public:
    stream_transport(Stream connected, std::string remote)
        : stream_{std::move(connected)},
          remote_{std::move(remote)},
          reading_{stream_.get_executor()},
          writing_{stream_.get_executor()} {}

    awaitable<io_result> read_some(std::span<char> into, steady_point until) override {
        const auto buffer = boost::asio::buffer(into.data(), into.size());
        auto [error, bytes] = co_await stream_.async_read_some(buffer, within(reading_, until));
        co_return judge(reading_.stop(), error, bytes);
    }

    awaitable<io_result> write_some(std::string_view bytes, steady_point until) override {
        const auto buffer = boost::asio::buffer(bytes);
        auto [error, count] = co_await stream_.async_write_some(buffer, within(writing_, until));
        co_return judge(writing_.stop(), error, count);
    }

    awaitable<void> close(steady_point until) override { return drain(until); }

    void cancel() override {
        reading_.cancel();
        writing_.cancel();
    }

    void abort() override {
        boost::system::error_code ignored;
        socket().set_option(boost::asio::socket_base::linger{true, 0}, ignored);
        socket().close(ignored);
    }

    bool quiet() const override {
        char next = 0;
        const auto got = ::recv(const_cast<stream_transport*>(this)->socket().native_handle(),
                                &next, 1, MSG_PEEK | MSG_DONTWAIT);
        return got < 0 && (errno == EAGAIN || errno == EWOULDBLOCK);
    }

    const std::optional<crypto::certificate>& peer() const override { return peer_; }
    std::optional<unsigned> unix_user() const override { return user_; }
    std::string remote() const override { return remote_; }

    Stream& stream() { return stream_; }
    void is(std::optional<crypto::certificate> peer) { peer_ = std::move(peer); }
    void is(unsigned user) { user_ = user; }

  protected:
    virtual void explain(io_result&, const boost::system::error_code&) const {}
    auto& socket() { return stream_.lowest_layer(); }
    deadline& reading() { return reading_; }

    void hang_up() {
        boost::system::error_code ignored;
        socket().close(ignored);
    }

    // Our side ends; what still comes is thrown away until theirs does. Below TLS too: raw bytes.
    awaitable<void> drain(steady_point until) {
        boost::system::error_code ignored;
        socket().shutdown(boost::asio::socket_base::shutdown_send, ignored);
        std::array<char, 16384> bin;
        auto* raw = raw_socket();
        while (machine_clock().steady() < until) {
            auto [error, bytes] =
                co_await raw->async_read_some(boost::asio::buffer(bin), within(reading_, until));
            reading_.stop();
            if (error || bytes == 0) break;
        }
        hang_up();
    }

  private:
    auto* raw_socket() {
        if constexpr (requires(Stream& s) { s.next_layer(); })
            return &stream_.next_layer();
        else
            return &stream_;
    }

    io_result judge(bool late, const boost::system::error_code& error, std::size_t bytes) const {
        io_result found{.bytes = bytes};
        if (!error) return found;
        found.why = error.message();
        if (late)
            found = {io::timed_out, bytes, "no answer in time"};
        else if (error == boost::asio::error::eof)
            found = {io::end, bytes, "the connection was closed"};
        else
            found.how = io::broken;
        if (found.how == io::broken) explain(found, error);
        return found;
    }

    Stream stream_;
    std::string remote_;
    std::optional<crypto::certificate> peer_;
    std::optional<unsigned> user_;
    deadline reading_, writing_;
};

}  // namespace ecert::http
