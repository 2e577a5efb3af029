#include "adapters/http/server.hpp"

#include "adapters/http/bind.hpp"
#include "adapters/http/log_events.hpp"
#include "adapters/http/session.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/detached.hpp>

#include <fmt/format.h>

namespace ecert::http {
namespace {

using boost::asio::ip::tcp;
using local = boost::asio::local::stream_protocol;
constexpr auto waiting = boost::asio::as_tuple(boost::asio::use_awaitable);

awaitable<void> pause(boost::asio::any_io_executor on, duration time) {
    boost::asio::steady_timer timer{on, time};
    co_await timer.async_wait(waiting);
}

// Null: the handshake did not come to its end. A refusal made room for is told by who made it.
awaitable<transport_ptr> shake_hands(listener_state& of, guest& who, tcp::socket connected) {
    const auto until = machine_clock().steady() + of.settings.limits.handshake_timeout;
    auto shaken = co_await accept_tls(std::move(connected), of.tls.get(), until, &who.io);
    if (!shaken.secured && who.at() != guest::place::put_out)
        of.turned_away.tell(shaken.late ? reason::handshake_too_slow : reason::handshake_failed,
                            who.source(), shaken.why);
    co_return std::move(shaken.secured);
}

awaitable<void> serve_connection(std::shared_ptr<listener_state> of, std::unique_ptr<guest> come,
                                 tcp::socket connected) {
    const auto me = std::move(come);
    if (me->at() == guest::place::put_out) co_return;
    boost::system::error_code ignored;
    connected.set_option(tcp::no_delay{true}, ignored);
    transport_ptr over;
    if (of->tls)
        over = co_await shake_hands(*of, *me, std::move(connected));
    else
        over = make_plain(std::move(connected));
    if (over) co_await run_session(of, *me, std::move(over));
}

awaitable<void> serve_connection(std::shared_ptr<listener_state> of, std::unique_ptr<guest> come,
                                 local::socket connected) {
    const auto me = std::move(come);
    co_await run_session(of, *me, make_local(std::move(connected)));
}

auto on_end(std::shared_ptr<listener_state> of) {
    return [of](std::exception_ptr failed) {
        of->room.cancel();
        of->drained.cancel();
        try {
            if (failed) std::rethrow_exception(failed);
        } catch (const std::exception& error) {
            session_failed(of->settings.name, "", error.what());
        }
    };
}

std::string peer_of(const tcp::socket& connected) {
    boost::system::error_code gone;
    const auto from = connected.remote_endpoint(gone);
    return gone ? "gone" : source_of(from.address());
}
std::string peer_of(const local::socket&) { return "this machine"; }

std::unique_ptr<guest> let_in(listener_state& of, std::string source) {
    auto come = std::make_unique<guest>(of.places, std::move(source));
    if (of.tls) of.places.shakes_hands(*come, machine_clock().steady());
    return come;
}

template <class Acceptor>
awaitable<void> accept_loop(std::shared_ptr<listener_state> of, std::shared_ptr<Acceptor> at) {
    while (!of->stopping) {
        if (const auto again = of->places.full_until(machine_clock().steady())) {
            of->room.expires_at(*again);
            co_await of->room.async_wait(waiting);
            continue;
        }
        auto [error, connected] = co_await at->async_accept(waiting);
        if (of->stopping) co_return;
        if (error) {
            accept_failed(of->settings.name, error.message());
            co_await pause(of->on, 100ms);
            continue;
        }
        auto come = let_in(*of, peer_of(connected));
        boost::asio::co_spawn(of->on, serve_connection(of, std::move(come), std::move(connected)),
                              on_end(of));
    }
}

template <class Acceptor>
class listening_server final : public server {
  public:
    listening_server(std::shared_ptr<listener_state> of, bound<Acceptor> at)
        : of_{std::move(of)},
          at_{std::make_shared<Acceptor>(std::move(at.acceptor))},
          socket_{std::move(at.socket)},
          port_{at.port} {
        boost::asio::co_spawn(of_->on, accept_loop(of_, at_), boost::asio::detached);
    }
    ~listening_server() override {
        close();
        abort_all(*of_);
    }

    std::uint16_t port() const override { return port_; }

    result<void> reload_tls(const listener_settings& with) override {
        auto made = crypto::make_server_context(with);
        if (!made) return made.error();
        of_->tls = *std::move(made);
        return {};
    }

    awaitable<void> stop(duration within) override {
        const auto of = of_;
        close();
        for (const auto* one : of->places.guests())
            if (one->at() != guest::place::busy) one->end();
        co_await drained(of, within);
        abort_all(*of);
        co_await drained(of, 1s);  // aborted reads and writes come back at once
        of->turned_away.flush();
    }

  private:
    static awaitable<void> drained(std::shared_ptr<listener_state> of, duration within) {
        const auto until = machine_clock().steady() + within;
        while (!of->places.guests().empty() && machine_clock().steady() < until) {
            of->drained.expires_at(until);
            co_await of->drained.async_wait(waiting);
        }
    }

    static void abort_all(const listener_state& of) {
        for (const auto* one : of.places.guests())
            if (one->io) one->io->abort();
    }

    void close() {
        of_->stopping = true;
        boost::system::error_code ignored;
        at_->close(ignored);
        of_->room.cancel();
        if (!socket_.empty()) std::filesystem::remove(std::exchange(socket_, {}), not_thrown_);
    }

    std::shared_ptr<listener_state> of_;
    std::shared_ptr<Acceptor> at_;
    std::filesystem::path socket_;
    std::uint16_t port_;
    std::error_code not_thrown_;
};

template <class Acceptor>
result<std::unique_ptr<server>> start(std::shared_ptr<listener_state> of,
                                      result<bound<Acceptor>> at) {
    if (!at) {
        auto why = at.error();
        why.text = "listener " + of->settings.name + ": " + why.text;
        return why;
    }
    listening(of->settings.name, at->name);
    return std::unique_ptr<server>{
        std::make_unique<listening_server<Acceptor>>(of, *std::move(at))};
}

}  // namespace

result<std::unique_ptr<server>> serve(boost::asio::any_io_executor on, server_settings settings,
                                      handler to, pool& work, budget& bodies) {
    auto of =
        std::make_shared<listener_state>(on, std::move(settings), std::move(to), work, bodies);
    const auto& where = of->settings.at;
    if (const auto* file = std::get_if<unix_listener>(&where))
        return start(of, bind_unix(on, file->socket));
    if (const auto* plain = std::get_if<plain_listener>(&where))
        return start(of, bind_tcp(on, "127.0.0.1", plain->port));
    const auto& tls = std::get<listener_settings>(where);
    auto context = crypto::make_server_context(tls);
    if (!context) return context.error();
    of->tls = *std::move(context);
    return start(of, bind_tcp(on, tls.address, tls.port));
}

}  // namespace ecert::http
