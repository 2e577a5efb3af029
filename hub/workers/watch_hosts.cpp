#include "config/log.hpp"
#include "hub/workers/worker_door.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <algorithm>

namespace ecert::hub {
namespace {

constexpr duration between_looks{10'000};

std::string metric_name(std::string kind) {
    std::ranges::replace(kind, '-', '_');
    return "worker_" + kind;
}

}  // namespace

awaitable<void> tell_of_hosts(const worker_door& parts) {
    const auto due = co_await parts.ledger.due(parts.time.now());
    std::vector<std::string> waiting;
    if (due)
        for (const auto& each : *due) waiting.push_back(each.partner);
    for (const auto& trouble :
         parts.hosts.to_tell(waiting, {parts.time.now(), parts.time.steady()})) {
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
