// What the process watches of itself: how late its loop is, how much disk is left, how full its
// budgets are, how many deliveries are in which state.
//
// Thread rule: started and stopped on the loop; disk_low() from any thread.
#pragma once

#include "adapters/http/budget.hpp"
#include "config/metrics.hpp"
#include "config/pool.hpp"
#include "config/settings.hpp"
#include "hub/ledger/ledger.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/steady_timer.hpp>

#include <atomic>
#include <filesystem>

namespace ecert::hub {

class vital_signs {
  public:
    vital_signs(boost::asio::any_io_executor on, std::filesystem::path data, limit_settings limits,
                pool& work, metrics& figures);
    void start(hub::ledger& ledger, http::budget& bodies);
    void stop();
    bool disk_low() const { return disk_low_; }  // below the reserve: nothing new is taken in

  private:
    awaitable<void> watch_loop();
    awaitable<void> watch_disk();
    awaitable<void> watch_ledger(hub::ledger& ledger, http::budget& bodies);

    boost::asio::any_io_executor on_;
    std::filesystem::path data_;
    limit_settings limits_;
    pool& work_;
    metrics& figures_;
    std::atomic<bool> disk_low_{false};
    bool stopped_ = false;
    boost::asio::steady_timer lag_timer_, disk_timer_, ledger_timer_;
};

}  // namespace ecert::hub
