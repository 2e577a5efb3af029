#include "hub/vital_signs.hpp"

#include "config/log.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <algorithm>

namespace ecert::hub {
namespace asio = boost::asio;
namespace {

constexpr auto quietly = asio::as_tuple(asio::use_awaitable);

}  // namespace

vital_signs::vital_signs(asio::any_io_executor on, std::filesystem::path data,
                         limit_settings limits, pool& work, metrics& figures)
    : on_{on},
      data_{std::move(data)},
      limits_{limits},
      work_{work},
      figures_{figures},
      lag_timer_{on},
      disk_timer_{on},
      ledger_timer_{on} {}

void vital_signs::start(hub::ledger& ledger, http::budget& bodies) {
    asio::co_spawn(on_, watch_loop(), asio::detached);
    asio::co_spawn(on_, watch_disk(), asio::detached);
    asio::co_spawn(on_, watch_ledger(ledger, bodies), asio::detached);
}

void vital_signs::stop() {
    stopped_ = true;
    lag_timer_.cancel();
    disk_timer_.cancel();
    ledger_timer_.cancel();
}

awaitable<void> vital_signs::watch_loop() {
    constexpr auto beat = std::chrono::milliseconds(50);
    while (!stopped_) {
        const auto due = std::chrono::steady_clock::now() + beat;
        lag_timer_.expires_at(due);
        co_await lag_timer_.async_wait(quietly);
        if (!stopped_)
            figures_.loop_lag(
                std::chrono::duration<double>(std::chrono::steady_clock::now() - due).count());
    }
}

awaitable<void> vital_signs::watch_disk() {
    while (!stopped_) {
        auto look = [folder = data_] {
            std::error_code failed;
            const auto seen = std::filesystem::space(folder, failed);
            return failed ? std::filesystem::space_info{} : seen;  // what cannot be seen is full
        };
        const auto space = co_await on_pool(work_, std::move(look));
        const auto reserve =
            std::max(static_cast<double>(limits_.disk_reserve_bytes),
                     static_cast<double>(space.capacity) * limits_.disk_reserve_percent / 100);
        const bool low = static_cast<double>(space.available) < reserve;
        if (low != disk_low_)
            log::write(low ? log::level::error : log::level::info,
                       low ? "disk_below_reserve" : "disk_reserve_restored",
                       {{"available", static_cast<std::int64_t>(space.available)},
                        {"reserve", static_cast<std::int64_t>(reserve)}});
        disk_low_ = low;
        figures_.disk_free(static_cast<double>(space.available));
        disk_timer_.expires_after(std::chrono::seconds(1));
        co_await disk_timer_.async_wait(quietly);
    }
}

awaitable<void> vital_signs::watch_ledger(hub::ledger& ledger, http::budget& bodies) {
    while (!stopped_) {
        figures_.body_budget_used(static_cast<double>(bodies.used()));
        if (const auto counts = co_await ledger.counts())
            for (const auto& c : *counts)
                figures_.work(std::string(queue::name_of(c.verb)), std::string(name_of(c.state)),
                              static_cast<double>(c.pieces));
        ledger_timer_.expires_after(std::chrono::seconds(1));
        co_await ledger_timer_.async_wait(quietly);
    }
}

}  // namespace ecert::hub
