#include "adapters/http/stream_transport.hpp"

#include <fmt/format.h>

namespace ecert::http {

awaitable<io_result> transport::write_all(std::string_view bytes, steady_point until) {
    io_result all;
    while (!bytes.empty()) {
        auto step = co_await write_some(bytes, until);
        all.bytes += step.bytes;
        if (!step.done()) {
            step.bytes = all.bytes;
            co_return step;
        }
        bytes.remove_prefix(step.bytes);
    }
    co_return all;
}

std::string remote_of(const boost::asio::ip::tcp::socket& connected) {
    boost::system::error_code gone;
    const auto at = connected.remote_endpoint(gone);
    return gone ? "unknown" : fmt::format("{}:{}", at.address().to_string(), at.port());
}

transport_ptr make_plain(boost::asio::ip::tcp::socket connected) {
    auto remote = remote_of(connected);
    return std::make_unique<stream_transport<boost::asio::ip::tcp::socket>>(std::move(connected),
                                                                            std::move(remote));
}

transport_ptr make_local(boost::asio::local::stream_protocol::socket connected) {
    ucred who{};
    socklen_t size = sizeof who;
    const bool known =
        ::getsockopt(connected.native_handle(), SOL_SOCKET, SO_PEERCRED, &who, &size) == 0;
    auto made = std::make_unique<stream_transport<boost::asio::local::stream_protocol::socket>>(
        std::move(connected),
        known ? fmt::format("unix user {} process {}", who.uid, who.pid) : "unix");
    if (known) made->is(who.uid);
    return made;
}

}  // namespace ecert::http
