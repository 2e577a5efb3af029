// A lane: the work of one partner, from its queue. Takes a task, waits for its turn, makes the
// attempt, publishes the outcome, settles.
//
// Guarantee: a task is acknowledged only after the queue confirmed its outcome; in every other case
// it goes back, after a pause, so that no failure makes a hot loop of repeated sends. But what its
// partner would not know again is acknowledged before its first byte: it never goes back, its
// outcome is published until its lease ends, and a lease that ends is asked about. One attempt is
// carried out once in this process, however often its message comes (begun.hpp). Thread rule: one
// executor. A lane lives until its loop and its attempts have ended (shared_ptr).
#pragma once

#include "adapters/worker/attempt.hpp"
#include "adapters/worker/begun.hpp"
#include "adapters/worker/turns.hpp"
#include "queue/transport.hpp"

#include <boost/asio/cancellation_signal.hpp>

#include <list>
#include <memory>
#include <string>

namespace ecert::worker {

class lane : public std::enable_shared_from_this<lane> {
  public:
    lane(std::string partner, attempt_parts by, queue::transport& over,
         std::shared_ptr<turns> order, std::shared_ptr<begun> known);
    void start();    // detached
    void close();    // takes no more; attempts end by themselves
    void abandon();  // ends them now, unsettled: their leases decide

  private:
    // A message taken from the queue, and the task in it.
    struct taken {
        std::shared_ptr<queue::lot> lot;
        result<queue::task> task;
        begun::claim claim;
        turns::slot turn;
        std::shared_ptr<bool> off = std::make_shared<bool>(false);  // its queue, before it was sent
    };
    awaitable<void> run();
    awaitable<void> take_one();
    awaitable<void> carry_out(taken one);
    awaitable<queue::outcome> attempt_in_turn(taken& one);
    awaitable<bool> work_and_publish(taken& one);
    tell_alone tell_of(const result<queue::task>& task) const;
    awaitable<bool> publish(const queue::outcome& o);
    awaitable<bool> publish_until(const queue::outcome& o, time_point end);
    std::optional<queue::outcome> unread(const taken& one) const;
    awaitable<void> pause(duration time);
    void reached(const char* point) const;
    unsigned window() const;

    std::string partner_, queue_;
    attempt_parts by_;
    queue::transport& over_;
    std::shared_ptr<turns> order_;
    std::shared_ptr<begun> known_;
    std::unique_ptr<queue::consumer> from_;
    std::list<boost::asio::cancellation_signal> attempts_;  // in progress
    bool closed_ = false;
};

}  // namespace ecert::worker
