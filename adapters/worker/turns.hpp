// Who may start the next attempt, and who may go on with one. First come, first served, with two
// exceptions that keep one partner from harming the others.
//
// A partner that is at work leaves a slot free for each one that is not (at most half of all).
//
// A task that must be alone (a suspect, or one that comes again) works only while nobody else does:
// if the process dies then, it was this one. An attempt works while it is prepared, signed and its
// reply is read, and does not while it waits for the partner: so whoever must be alone waits for
// the others' work, never for their partners. Others wait for its work, and for its partner for
// `patience`: a partner that answers in time finds it still alone. One that is silent longer makes
// it step aside, which is told before anybody else works, and be alone again when the reply is
// there.
//
// Thread rule: one executor.
#pragma once

#include "config/clock.hpp"
#include "config/pool.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/steady_timer.hpp>

#include <functional>
#include <list>
#include <map>
#include <memory>
#include <set>
#include <string>

namespace ecert::worker {

// Told, and awaited, when a task that must be alone steps aside (false) and is alone again (true).
using tell_alone = std::function<awaitable<void>(bool)>;

class turns {
  public:
    turns(boost::asio::any_io_executor on, unsigned total, duration patience = duration{1'000})
        : on_{on}, total_{total == 0 ? 1 : total}, patience_{patience} {}

    // One attempt under way.
    struct place {
        turns& of;
        std::string lane;
        bool alone = false;
        tell_alone tell;
        boost::asio::steady_timer patience, stepped;
        bool away = false;     // others may work
        bool leaving = false;  // alone, and waiting with patience
        bool stepping = false;
        bool over = false;
    };
    using place_ptr = std::shared_ptr<place>;

    // A right to run one attempt; gives itself back.
    class slot {
      public:
        slot() = default;
        explicit slot(place_ptr at) : at_{std::move(at)} {}
        slot(slot&&) noexcept = default;
        slot& operator=(slot&& other) noexcept {
            std::swap(at_, other.at_);
            return *this;
        }
        ~slot() {
            if (at_) at_->of.give(*at_);
        }
        explicit operator bool() const { return at_ != nullptr; }
        const place_ptr& at() const { return at_; }

      private:
        place_ptr at_;
    };

    void open(const std::string& lane);
    void close(const std::string& lane);  // whoever waits in it gets an empty slot now
    // Empty when none was to be had in time.
    awaitable<slot> take(std::string lane, unsigned window, bool alone, duration wait,
                         tell_alone tell = {});
    // It waits for others than us; it has work to do again. Nothing happens once its slot is gone.
    void leave(const place_ptr& at);
    awaitable<void> come_back(place_ptr at);

    unsigned in_flight() const { return all_running_; }

  private:
    // Lives in the frame of who waits: leaves the queue when that dies, however it dies.
    struct waiter {
        turns& of;
        std::string lane;
        unsigned window;
        bool alone, returns;
        boost::asio::steady_timer wake;
        bool granted = false;
        ~waiter();
    };
    bool may_start(const waiter& w) const;
    void start(waiter& w);
    awaitable<void> granted(waiter& w);
    awaitable<void> step_aside(place_ptr at);
    void give(place& at);
    void end_work(bool alone);
    void end_running(const std::string& lane);
    void grant();

    boost::asio::any_io_executor on_;
    unsigned total_, all_running_ = 0;
    duration patience_;
    unsigned working_ = 0;                     // of those running: not away
    bool alone_working_ = false;               // then it is the only one
    std::map<std::string, unsigned> running_;  // by lane
    std::set<std::string> closed_;
    std::list<waiter*> waiting_;
};

}  // namespace ecert::worker
