#include "adapters/http/client.hpp"
#include "adapters/http/deadline.hpp"
#include "adapters/http/exchange.hpp"

#include <boost/asio/local/stream_protocol.hpp>

namespace ecert::http {

awaitable<reply_received> send_unix(boost::asio::any_io_executor on, std::filesystem::path socket,
                                    call what) {
    const auto now = machine_clock().steady();
    reply_received never;
    never.error = socket.string() + ": the path is too long for a Unix socket";
    if (socket.string().size() >= sizeof(sockaddr_un::sun_path)) co_return never;
    boost::asio::local::stream_protocol::socket line{on};
    deadline limit{on};
    const boost::asio::local::stream_protocol::endpoint at{socket.string()};
    auto [error] = co_await line.async_connect(at, within(limit, now + what.connect_timeout));
    never.error = "connecting to " + socket.string() + ": " + error.message();
    if (limit.stop() || error) co_return never;
    if (what.target.empty()) what.target = "/";
    connection over{make_local(std::move(line))};
    const exchange_place place{"localhost", {}, what.reply_limit, nullptr};
    auto ended = co_await exchange(over, what, place, now + what.total);
    co_return std::move(ended.got);
}

}  // namespace ecert::http
