#include "adapters/http/client.hpp"

#include "adapters/http/budget.hpp"
#include "adapters/http/dial.hpp"
#include "adapters/http/exchange.hpp"

#include <boost/asio/detached.hpp>
#include <boost/asio/steady_timer.hpp>

#include <fmt/format.h>

#include <list>

namespace ecert::http {
namespace {

constexpr duration goodbye = 1s;

// Shared by the client and its calls: a client that is let go while calls are under way serves
// them.
struct connections : std::enable_shared_from_this<connections> {
    connections(boost::asio::any_io_executor executor, client_settings how, dialer to, pool& work)
        : on{executor},
          settings{std::move(how)},
          dial{std::move(to)},
          at{dial.to().authority, settings.spool_folder, settings.spool_threshold, &work},
          free{executor, std::max(1u, settings.connections)},
          sweep{executor} {}

    // An idle connection that is still good, the one used last first; null: none.
    std::unique_ptr<connection> kept() {
        while (!idle.empty()) {
            auto one = std::move(idle.back());
            idle.pop_back();
            if (one->io->quiet()) return one;
            part(std::move(one));
        }
        return nullptr;
    }

    void keep(std::unique_ptr<connection> one) {
        if (closed) return part(std::move(one));
        one->kept = true;
        one->idle_since = machine_clock().steady();
        idle.push_back(std::move(one));
        if (!sweeping) sweep_later();
    }

    void part(std::unique_ptr<connection> from) {
        const auto leave = [](std::unique_ptr<connection> one) -> awaitable<void> {
            co_await one->io->close(machine_clock().steady() + goodbye);
        };
        boost::asio::co_spawn(on, leave(std::move(from)), boost::asio::detached);
    }

    void part_from_idle(steady_point since) {
        while (!idle.empty() && idle.front()->idle_since <= since) {
            part(std::move(idle.front()));
            idle.pop_front();
        }
    }

    // Nothing of it waits for anything any more, but the calls that are under way.
    void close() {
        closed = true;
        part_from_idle(steady_point::max());
        sweep.cancel();
    }

    // Nobody keeps a peer's sockets open for ever: idle ones go after a while.
    void sweep_later() {
        sweeping = true;
        sweep.expires_after(settings.idle);
        sweep.async_wait([self = weak_from_this()](boost::system::error_code ended) {
            const auto us = self.lock();
            if (ended || !us) return;
            us->sweeping = false;
            us->part_from_idle(machine_clock().steady() - us->settings.idle);
            if (!us->idle.empty()) us->sweep_later();
        });
    }

    boost::asio::any_io_executor on;
    client_settings settings;
    dialer dial;
    exchange_place at;
    budget free;                                  // of connections
    std::list<std::unique_ptr<connection>> idle;  // the longest idle first
    boost::asio::steady_timer sweep;
    bool sweeping = false;
    bool closed = false;
};

reply_received never_sent(std::string why, bool untrusted = false) {
    reply_received said;
    said.error = std::move(why);
    said.peer_untrusted = untrusted;
    return said;
}

// Other calls of ours hold them all. Half of its time is left for a call that gets one.
reply_received not_tried(const connections& over) {
    auto said = never_sent(
        fmt::format("all {} connections to {} were busy", over.settings.connections, over.at.host));
    said.not_tried = true;
    return said;
}

// One attempt on a kept connection or a new one. `fresh` makes it a new one.
awaitable<exchanged> attempt(connections& over, const call& what, steady_point until, bool fresh) {
    exchanged ended;
    auto line = fresh ? nullptr : over.kept();
    if (!line) {
        const auto now = machine_clock().steady();
        auto made = co_await over.dial.dial(std::min(until, now + what.connect_timeout));
        if (!made.secured) {
            ended.got = never_sent(std::move(made.why), made.untrusted);
            co_return ended;
        }
        line = std::make_unique<connection>(std::move(made.secured));
    }
    ended = co_await exchange(*line, what, over.at, until);
    if (ended.reusable)
        over.keep(std::move(line));
    else if (ended.got.stage == stage::replied)
        over.part(std::move(line));
    co_return ended;
}

awaitable<reply_received> carry_out(std::shared_ptr<connections> over, call what) {
    const auto until = machine_clock().steady() + what.total;
    if (what.target.empty()) what.target = over->dial.to().target;
    const auto turn = co_await over->free.take(1, what.total / 2);
    if (!turn) co_return not_tried(*over);
    auto ended = co_await attempt(*over, what, until, false);
    if (ended.unheard) {
        over->part_from_idle(steady_point::max());  // what closed one has closed the others
        ended = co_await attempt(*over, what, until, true);
    }
    co_return std::move(ended.got);
}

class pooled_client final : public client {
  public:
    explicit pooled_client(std::shared_ptr<connections> all) : all_{std::move(all)} {}
    ~pooled_client() override { all_->closed = true; }

    awaitable<reply_received> send(call what) override { return carry_out(all_, std::move(what)); }
    void close() override { all_->close(); }

  private:
    std::shared_ptr<connections> all_;
};

}  // namespace

result<std::unique_ptr<client>> make_client(boost::asio::any_io_executor on,
                                            client_settings settings, pool& work) {
    auto to = read_endpoint(settings.endpoint);
    if (!to) return to.error();
    auto dial = dialer::make(on, *std::move(to), settings.tls);
    if (!dial) return dial.error();
    return std::unique_ptr<client>{std::make_unique<pooled_client>(
        std::make_shared<connections>(on, std::move(settings), *std::move(dial), work))};
}

}  // namespace ecert::http
