// Wakes the one coroutine that waits: rung any number of times while nobody waits, it wakes the
// next wait once. Thread rule: one executor; one waiter.
#pragma once

#include "config/clock.hpp"
#include "config/pool.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace ecert::hub {

class bell {
  public:
    explicit bell(boost::asio::any_io_executor on) : timer_{std::move(on)} {}

    void ring() {
        rung_ = true;
        timer_.cancel();
    }
    // Until it rings, at most `most`.
    awaitable<void> wait(duration most) {
        if (!rung_) {
            timer_.expires_after(most);
            co_await timer_.async_wait(boost::asio::as_tuple(boost::asio::use_awaitable));
        }
        rung_ = false;
    }

  private:
    boost::asio::steady_timer timer_;
    bool rung_ = false;
};

}  // namespace ecert::hub
