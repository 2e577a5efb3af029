// One budget of body bytes in flight over all listeners and clients: who wants to read a body takes
// its share first and waits for it at most so long. Keeps the memory and disk of a burst bounded.
//
// Thread rule: the I/O loop's executor only (strand of the process's single loop). Shares may
// outlive the budget.
#pragma once

#include "config/clock.hpp"
#include "config/pool.hpp"

#include <boost/asio/any_io_executor.hpp>

#include <cstdint>
#include <memory>

namespace ecert::http {

class budget {
  private:
    struct state;

  public:
    budget(boost::asio::any_io_executor on, std::uint64_t bytes);
    class share {  // gives back when it dies
      public:
        share() = default;
        share(std::shared_ptr<state> from, std::uint64_t bytes);
        share(share&& other) noexcept;
        share& operator=(share&& other) noexcept;
        ~share();
        explicit operator bool() const { return from_ != nullptr; }

      private:
        std::shared_ptr<state> from_;
        std::uint64_t bytes_ = 0;
    };
    // An empty share when it was not to be had in time. First come, first served. More than the
    // whole budget is never to be had.
    awaitable<share> take(std::uint64_t bytes, duration wait);
    std::uint64_t used() const;

  private:
    std::shared_ptr<state> state_;
};

}  // namespace ecert::http
