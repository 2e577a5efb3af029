// Who may start the next attempt. First come, first served, with two exceptions that keep one
// partner from harming the others: a partner that is at work leaves a slot free for each one that
// is not (at most half of all), and a task that must run alone (a suspect, or one that comes again)
// waits until nothing runs, holds back what comes after it, and lets nothing start beside it.
//
// Thread rule: one executor.
#pragma once

#include "config/clock.hpp"
#include "config/pool.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/steady_timer.hpp>

#include <list>
#include <map>
#include <set>
#include <string>

namespace ecert::worker {

class turns {
  public:
    turns(boost::asio::any_io_executor on, unsigned total)
        : on_{on}, total_{total == 0 ? 1 : total} {}

    // A right to run one attempt; gives itself back.
    class slot {
      public:
        slot() = default;
        slot(turns* of, std::string lane, bool alone)
            : of_{of}, lane_{std::move(lane)}, alone_{alone} {}
        slot(slot&& other) noexcept { swap(other); }
        slot& operator=(slot&& other) noexcept {
            swap(other);
            return *this;
        }
        ~slot() {
            if (of_) of_->give(lane_, alone_);
        }
        explicit operator bool() const { return of_ != nullptr; }

      private:
        void swap(slot& other) noexcept {
            std::swap(of_, other.of_);
            std::swap(lane_, other.lane_);
            std::swap(alone_, other.alone_);
        }
        turns* of_ = nullptr;
        std::string lane_;
        bool alone_ = false;
    };

    void open(const std::string& lane);
    void close(const std::string& lane);  // whoever waits in it gets an empty slot now
    // Empty when none was to be had in time.
    awaitable<slot> take(std::string lane, unsigned window, bool alone, duration wait);
    unsigned in_flight() const { return all_running_; }

  private:
    // Lives in the frame of take(): leaves the queue when that dies, however it dies.
    struct waiter {
        turns& of;
        std::string lane;
        unsigned window;
        bool alone;
        boost::asio::steady_timer wake;
        bool granted = false;
        ~waiter();
    };
    bool may_start(const waiter& w) const;
    void start(waiter& w);
    void give(const std::string& lane, bool alone);
    void grant();

    boost::asio::any_io_executor on_;
    unsigned total_, all_running_ = 0;
    bool alone_running_ = false;
    std::map<std::string, unsigned> running_;  // by lane
    std::set<std::string> closed_;
    std::list<waiter*> waiting_;
};

}  // namespace ecert::worker
