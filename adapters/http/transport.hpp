// One connection, whatever carries it: TCP, TLS over TCP, a Unix socket. Every operation has a
// deadline, and one that ran out leaves the other direction usable.
//
// Thread rule: one executor; at most one read and one write at a time.
// Errors: returned, never thrown.
#pragma once

#include "config/clock.hpp"
#include "config/pool.hpp"
#include "crypto/trust/certificate.hpp"

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/local/stream_protocol.hpp>

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

struct ssl_ctx_st;

namespace ecert::http {

enum class io { done, end, timed_out, broken };

struct io_result {
    io how = io::done;
    std::size_t bytes = 0;
    std::string why;          // for people; empty when done
    bool refused_us = false;  // a TLS alert: they did not take our certificate
    bool done() const { return how == io::done; }
};

class transport {
  public:
    virtual ~transport() = default;
    virtual awaitable<io_result> read_some(std::span<char> into, steady_point until) = 0;
    virtual awaitable<io_result> write_some(std::string_view bytes, steady_point until) = 0;
    // All of them, or the first failure with the bytes that went before it.
    awaitable<io_result> write_all(std::string_view bytes, steady_point until);

    // Says goodbye, and takes in what is still on its way: a peer that is sending would otherwise
    // lose our last answer to a reset.
    virtual awaitable<void> close(steady_point until) = 0;
    virtual void cancel() = 0;  // operations under way end as broken; the connection stays
    virtual void abort() = 0;   // closes at once: what is unsent is dropped, the peer sees a reset
    // Neither closed by the peer nor with anything to read: an idle connection that may be used.
    virtual bool quiet() const = 0;

    virtual const std::optional<crypto::certificate>& peer() const = 0;
    virtual std::optional<unsigned> unix_user() const = 0;
    virtual std::string remote() const = 0;
};
using transport_ptr = std::unique_ptr<transport>;

transport_ptr make_plain(boost::asio::ip::tcp::socket connected);
transport_ptr make_local(boost::asio::local::stream_protocol::socket connected);

struct handshake {
    transport_ptr secured;  // null: it failed
    std::string why;
    bool untrusted = false;  // about a certificate: theirs or ours
    bool late = false;       // it did not end in time
};
// `under_way` shows the connection while it shakes hands, so that it can be cut off.
awaitable<handshake> accept_tls(boost::asio::ip::tcp::socket connected, ssl_ctx_st* context,
                                steady_point until, transport** under_way);
// `host` is the name or address that the peer's certificate must carry.
awaitable<handshake> connect_tls(boost::asio::ip::tcp::socket connected, ssl_ctx_st* context,
                                 std::string host, steady_point until);

}  // namespace ecert::http
