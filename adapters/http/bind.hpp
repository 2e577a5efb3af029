// Opens the sockets that listeners accept on. Failures name address and reason.
#pragma once

#include "config/result.hpp"

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/local/stream_protocol.hpp>

#include <filesystem>
#include <string>

namespace ecert::http {

template <class Acceptor>
struct bound {
    Acceptor acceptor;
    std::string name;              // for people
    std::uint16_t port = 0;        // TCP
    std::filesystem::path socket;  // Unix: the file, removed when the listener ends
};

using bound_tcp = bound<boost::asio::ip::tcp::acceptor>;
using bound_unix = bound<boost::asio::local::stream_protocol::acceptor>;

result<bound_tcp> bind_tcp(boost::asio::any_io_executor on, const std::string& address,
                           std::uint16_t port);

// A socket file that nobody listens on any more is replaced; one that is in use is an error.
// Anybody on this machine may connect: who may do what is decided by SO_PEERCRED, for every
// request.
result<bound_unix> bind_unix(boost::asio::any_io_executor on, const std::filesystem::path& file);

}  // namespace ecert::http
