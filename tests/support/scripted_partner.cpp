#include "tests/support/scripted_partner.hpp"

#include "adapters/http/body_sink.hpp"
#include "adapters/http/reader.hpp"
#include "adapters/http/target.hpp"
#include "adapters/http/transport.hpp"
#include "adapters/http/write.hpp"
#include "crypto/tls/context.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/steady_timer.hpp>

#include <algorithm>
#include <array>

namespace ecert::tests {
namespace {

using boost::asio::ip::tcp;
constexpr auto tuple = boost::asio::as_tuple(boost::asio::use_awaitable);
constexpr duration patience = 60s;  // no test waits longer for anything

steady_point soon() { return machine_clock().steady() + patience; }

awaitable<void> sleep(duration time) {
    boost::asio::steady_timer timer{co_await boost::asio::this_coro::executor, time};
    co_await timer.async_wait(tuple);
}

// A request that has been read already, for the handler that behaves.
class read_request final : public http::incoming {
  public:
    explicit read_request(const seen_request& of) : of_{of} {}
    const http::request_head& head() const override { return of_.head; }
    const std::optional<crypto::certificate>& peer() const override { return of_.peer; }
    std::optional<unsigned> unix_user() const override { return std::nullopt; }
    std::string remote() const override { return "test"; }
    awaitable<result<crypto::source_ptr>> read_body(std::uint64_t) override { co_return of_.body; }

  private:
    const seen_request& of_;
};

}  // namespace

std::string seen_request::text(std::uint64_t limit) const { return crypto::read_all(*body, limit); }

struct scripted_partner::state {
    state(boost::asio::any_io_executor executor, pool& threads, http::handler handler)
        : on{executor}, work{threads}, otherwise{std::move(handler)}, acceptor{executor} {}

    boost::asio::any_io_executor on;
    pool& work;
    http::handler otherwise;
    tcp::acceptor acceptor;
    crypto::tls_context tls;
    std::deque<line> script;
    std::deque<behaviour> for_connections;
    std::vector<seen_request> seen;
    unsigned connections = 0;

    awaitable<void> accept(std::shared_ptr<state> self) {
        for (;;) {
            auto [error, socket] = co_await acceptor.async_accept(tuple);
            if (error) co_return;
            ++connections;
            boost::asio::co_spawn(on, serve(self, std::move(socket)), boost::asio::detached);
        }
    }

    // Holds the state for as long as it runs: nothing else may.
    awaitable<void> serve(std::shared_ptr<state>, tcp::socket socket) {
        http::transport_ptr io;
        if (tls) {
            http::transport* under_way = nullptr;
            auto shaken =
                co_await http::accept_tls(std::move(socket), tls.get(), soon(), &under_way);
            if (!shaken.secured) co_return;
            io = std::move(shaken.secured);
        } else {
            io = http::make_plain(std::move(socket));
        }
        http::message_reader from{*io, http::message_reader::kind::requests};
        if (!for_connections.empty()) {
            const auto what = std::move(for_connections.front());
            for_connections.pop_front();
            if (!co_await perform(what, *io, nullptr)) co_return;
        }
        while (co_await serve_one(*io, from)) {
        }
        co_await io->close(machine_clock().steady() + 1s);
    }

    // True: the connection may serve another request.
    awaitable<bool> serve_one(http::transport& io, http::message_reader& from) {
        http::message_head head;
        const auto got = co_await from.head(head, soon(), std::nullopt);
        if (got.how != http::head_end::read) co_return false;
        seen_request request;
        request.head.method = head.method;
        if (!http::read_target(head.target, request.head)) co_return false;
        request.head.fields = head.fields;
        request.peer = io.peer();
        if (const auto* early = deaf_line(request))
            co_return co_await perform(take(early), io, nullptr);
        if (!co_await read_body(from, request)) co_return false;
        seen.push_back(request);
        const auto chosen = choose(request);
        co_return co_await perform(chosen, io, &request) && head.keep_alive;
    }

    awaitable<bool> read_body(http::message_reader& from, seen_request& into) {
        http::body_sink sink{std::filesystem::temp_directory_path(), 1 * mib, &work};
        for (;;) {
            const auto piece = co_await from.body(soon());
            if (piece.how != http::io::done) co_return false;
            if (piece.bytes.empty()) break;
            co_await sink.add(piece.bytes);
        }
        into.body = co_await sink.finish();
        co_return true;
    }

    // Lines that act before the body is read fit by the head alone.
    const line* deaf_line(seen_request request) {
        request.body = crypto::from_memory({});
        const auto* next = first_fit(request);
        if (!next) return nullptr;
        const auto act = next->what_.what;
        const bool deaf = act == behaviour::act::deafness || act == behaviour::act::raw ||
                          act == behaviour::act::reset_before;
        return deaf ? next : nullptr;
    }

    line* first_fit(const seen_request& request) {
        const auto at = std::find_if(script.begin(), script.end(), [&](const line& one) {
            return one.left_ > 0 && (!one.fits_ || one.fits_(request));
        });
        return at == script.end() ? nullptr : &*at;
    }

    behaviour take(const line* of) {
        auto& one = const_cast<line&>(*of);
        if (one.left_ != always_left) --one.left_;
        return one.what_;
    }

    behaviour choose(const seen_request& request) {
        const auto* next = first_fit(request);
        return next ? take(next) : behaviour::pass();
    }

    awaitable<bool> perform(behaviour what, http::transport& io, const seen_request* request) {
        using act = behaviour::act;
        if (what.what != act::trickle && what.pause > 0ms) co_await sleep(what.pause);
        switch (what.what) {
            case act::pass:
                co_return co_await answer(co_await behaved(request), io);
            case act::answer:
                co_return co_await answer(what.response, io);
            case act::raw:
                co_await io.write_all(what.text, soon());
                co_return false;
            case act::silence:
            case act::deafness:
                co_await wait_for_end(io);
                co_return false;
            case act::trickle:
                co_await trickle(io, what.pause);
                co_return false;
            case act::flood:
                co_await flood(io, what);
                co_return false;
            case act::half_a_reply:
                co_await io.write_all("HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\nhalf",
                                      soon());
                co_await sleep(50ms);  // let it arrive: a reset overtakes what was sent
                io.abort();
                co_return false;
            case act::reset_before:
            case act::reset_after:
                io.abort();
                co_return false;
        }
        co_return false;
    }

    awaitable<http::response> behaved(const seen_request* request) {
        if (!otherwise || !request) co_return http::reply(200, "text/plain", "");
        read_request as_read{*request};
        co_return co_await otherwise(as_read);
    }

    awaitable<bool> answer(http::response what, http::transport& io) {
        co_return co_await http::write_response(io, what, {}, work, {1, patience});
    }

    // The other side's bytes may come or not: only its end counts.
    awaitable<void> wait_for_end(http::transport& io) {
        const auto end = soon();
        while (io.quiet() && machine_clock().steady() < end) co_await sleep(10ms);
        std::array<char, 4096> bin;
        while ((co_await io.read_some(bin, end)).done()) {
        }
    }

    awaitable<void> trickle(http::transport& io, duration every) {
        co_await io.write_all("HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n", soon());
        for (const auto end = soon(); machine_clock().steady() < end;) {
            if (!(co_await io.write_all("x", soon())).done()) co_return;
            co_await sleep(every);
        }
    }

    awaitable<void> flood(http::transport& io, const behaviour& what) {
        auto head = std::string{"HTTP/1.1 200 OK\r\n"};
        if (what.length_told) head += "Content-Length: " + std::to_string(what.size) + "\r\n";
        co_await io.write_all(head + "\r\n", soon());
        const std::string piece(256 * kib, 'x');
        for (std::uint64_t sent = 0; sent < what.size; sent += piece.size())
            if (!(co_await io.write_all(piece, soon())).done()) co_return;
    }

    static constexpr unsigned always_left = ~0u;
};

scripted_partner::line& scripted_partner::line::reply(behaviour what) {
    what_ = std::move(what);
    return *this;
}
scripted_partner::line& scripted_partner::line::times(unsigned count) {
    left_ = count;
    return *this;
}
scripted_partner::line& scripted_partner::line::always() {
    left_ = state::always_left;
    return *this;
}

scripted_partner::scripted_partner(boost::asio::any_io_executor on, pool& work, where at,
                                   http::handler otherwise)
    : state_{std::make_shared<state>(on, work, std::move(otherwise))} {
    std::uint16_t port = 0;
    if (const auto* tls = std::get_if<listener_settings>(&at)) {
        port = tls->port;
        state_->tls = std::move(crypto::make_server_context(*tls)).value();
    } else {
        port = std::get<http::plain_listener>(at).port;
    }
    state_->acceptor = tcp::acceptor{on, {boost::asio::ip::address_v4::loopback(), port}};
    boost::asio::co_spawn(on, state_->accept(state_), boost::asio::detached);
}

scripted_partner::~scripted_partner() {
    boost::system::error_code ignored;
    state_->acceptor.close(ignored);
}

std::uint16_t scripted_partner::port() const { return state_->acceptor.local_endpoint().port(); }

std::string scripted_partner::url(const std::string& path) const {
    return (state_->tls ? "https://localhost:" : "http://127.0.0.1:") + std::to_string(port()) +
           path;
}

scripted_partner::line& scripted_partner::expect(std::string text) {
    if (text.empty()) return expect(std::function<bool(const seen_request&)>{});
    return expect([text = std::move(text)](const seen_request& request) {
        return request.head.target.find(text) != std::string::npos ||
               (request.body->size() <= 16 * mib && request.text().find(text) != std::string::npos);
    });
}

scripted_partner::line& scripted_partner::expect(std::function<bool(const seen_request&)> fits) {
    auto& one = state_->script.emplace_back();
    one.fits_ = std::move(fits);
    return one;
}

void scripted_partner::next_connection(behaviour what) {
    state_->for_connections.push_back(std::move(what));
}

const std::vector<seen_request>& scripted_partner::seen() const { return state_->seen; }
unsigned scripted_partner::connections() const { return state_->connections; }

unsigned scripted_partner::unused() const {
    return static_cast<unsigned>(std::count_if(
        state_->script.begin(), state_->script.end(),
        [](const line& one) { return one.left_ > 0 && one.left_ != state::always_left; }));
}

}  // namespace ecert::tests
