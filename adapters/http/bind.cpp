#include "adapters/http/bind.hpp"

#include <fmt/format.h>

namespace ecert::http {
namespace {

using boost::asio::ip::tcp;
using local = boost::asio::local::stream_protocol;
using boost::system::error_code;

failure cannot(const std::string& where, const std::string& why) {
    return {failure_kind::unavailable, fmt::format("cannot listen on {}: {}", where, why)};
}

template <class Acceptor, class Endpoint>
error_code open(Acceptor& acceptor, const Endpoint& at) {
    error_code error;
    acceptor.open(at.protocol(), error);
    if (!error) acceptor.set_option(boost::asio::socket_base::reuse_address{true}, error);
    if (!error) acceptor.bind(at, error);
    if (!error) acceptor.listen(boost::asio::socket_base::max_listen_connections, error);
    return error;
}

// True: the file is a socket left behind by a process that is gone, and is removed.
bool removed_left_over(boost::asio::any_io_executor on, const std::filesystem::path& file) {
    std::error_code unknown;
    if (!std::filesystem::is_socket(file, unknown)) return false;
    local::socket probe{on};
    error_code error;
    probe.connect(local::endpoint{file.string()}, error);
    if (error != boost::asio::error::connection_refused) return false;
    return std::filesystem::remove(file, unknown);
}

}  // namespace

result<bound_tcp> bind_tcp(boost::asio::any_io_executor on, const std::string& address,
                           std::uint16_t port) {
    const auto name = fmt::format("{}:{}", address, port);
    error_code error;
    const auto ip = boost::asio::ip::make_address(address, error);
    if (error) return cannot(name, "not an IP address");
    bound_tcp made{tcp::acceptor{on}, name, port, {}};
    if (error = open(made.acceptor, tcp::endpoint{ip, port}); error)
        return cannot(name, error.message());
    made.port = made.acceptor.local_endpoint().port();
    made.name = fmt::format("{}:{}", address, made.port);
    return made;
}

result<bound_unix> bind_unix(boost::asio::any_io_executor on, const std::filesystem::path& file) {
    if (file.string().size() >= sizeof(sockaddr_un::sun_path))
        return cannot(file.string(), "the path is too long for a Unix socket");
    bound_unix made{local::acceptor{on}, file.string(), 0, file};
    const local::endpoint at{file.string()};
    auto error = open(made.acceptor, at);
    if (error == boost::asio::error::address_in_use && removed_left_over(on, file)) {
        made.acceptor.close();
        error = open(made.acceptor, at);
    }
    if (error) return cannot(file.string(), error.message());
    std::error_code unchanged;
    using std::filesystem::perms;
    std::filesystem::permissions(file,
                                 perms::owner_read | perms::owner_write | perms::group_read |
                                     perms::group_write | perms::others_read | perms::others_write,
                                 unchanged);
    if (unchanged) return cannot(file.string(), unchanged.message());
    return made;
}

}  // namespace ecert::http
