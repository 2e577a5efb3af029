#include "config/log.hpp"
#include "hub/workers/worker_door.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <algorithm>
#include <set>

namespace ecert::hub {
namespace {

constexpr duration between_looks{10'000};

std::string metric_name(std::string kind) {
    std::ranges::replace(kind, '-', '_');
    return "worker_" + kind;
}

// With work that is due, or in the queue: what nobody takes from there is not due meanwhile.
awaitable<std::set<std::string>> partners_waiting(const worker_door& parts) {
    std::set<std::string> waiting;
    if (!parts.hosts_serve) co_return waiting;
    const auto now = parts.time.now();
    const auto due = co_await parts.ledger.due(now);
    if (due)
        for (const auto& each : *due)
            if (each.ready > 0) waiting.insert(each.partner);
    const auto out = co_await parts.ledger.leased(now);
    if (out)
        for (const auto& each : *out) waiting.insert(each.partner);
    co_return waiting;
}

}  // namespace

awaitable<void> tell_of_hosts(const worker_door& parts) {
    const auto waiting = co_await partners_waiting(parts);
    for (const auto& trouble : parts.hosts.to_tell({waiting.begin(), waiting.end()},
                                                   {parts.time.now(), parts.time.steady()})) {
        parts.figures.alert(metric_name(trouble.kind));
        log::write(log::level::warn, "worker_trouble",
                   {{"kind", std::string_view{trouble.kind}},
                    {"host", std::string_view{trouble.host}},
                    {"partner", std::string_view{trouble.partner}},
                    {"text", std::string_view{trouble.text}}});
    }
}

awaitable<void> watch_hosts(worker_door parts, std::function<bool()> stopping) {
    boost::asio::steady_timer timer{co_await boost::asio::this_coro::executor};
    while (!stopping()) {
        timer.expires_after(between_looks);
        const auto [ended] =
            co_await timer.async_wait(boost::asio::as_tuple(boost::asio::use_awaitable));
        if (ended || stopping()) co_return;
        co_await tell_of_hosts(parts);
    }
}

}  // namespace ecert::hub
