// One budget of body bytes in flight over all listeners and clients: who wants to read a body takes
// its share first and waits for it at most so long. Keeps the memory and disk of a burst bounded.
//
// Thread rule: the I/O loop's executor only (strand of the process's single loop).
#pragma once

#include "config/clock.hpp"
#include "config/pool.hpp"

#include <boost/asio/steady_timer.hpp>

#include <cstdint>
#include <list>
#include <memory>

namespace ecert::http {

class budget {
  public:
    budget(boost::asio::any_io_executor on, std::uint64_t bytes);
    class share {  // gives back when it dies
      public:
        share() = default;
        share(budget* from, std::uint64_t bytes) : from_{from}, bytes_{bytes} {}
        share(share&& other) noexcept
            : from_{std::exchange(other.from_, nullptr)}, bytes_{std::exchange(other.bytes_, 0)} {}
        share& operator=(share&& other) noexcept {
            std::swap(from_, other.from_);
            std::swap(bytes_, other.bytes_);
            return *this;
        }
        ~share();
        explicit operator bool() const { return from_ != nullptr; }

      private:
        budget* from_ = nullptr;
        std::uint64_t bytes_ = 0;
    };
    // An empty share when it was not to be had in time. First come, first served. More than the
    // whole budget is never to be had.
    awaitable<share> take(std::uint64_t bytes, duration wait);
    std::uint64_t used() const { return used_; }

  private:
    friend class share;
    void give(std::uint64_t bytes);
    struct waiter;
    boost::asio::any_io_executor on_;
    std::uint64_t total_, used_ = 0;
    std::list<waiter*> waiting_;
};

}  // namespace ecert::http
