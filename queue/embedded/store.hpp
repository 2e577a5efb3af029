// The queues of one process: what is ready, who waits, what is out. Lots and waiting consumers
// share it, so that it may die in any order. Inside queue/embedded only. Thread rule: one executor.
#pragma once

#include "queue/embedded/embedded.hpp"

#include <boost/asio/steady_timer.hpp>

#include <cstdint>
#include <deque>
#include <list>
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace ecert::queue::embedded {

struct message {
    std::uint64_t place = 0;  // its place in the order of the queue, kept when it comes back
    std::string body;
    unsigned deliveries = 0;
    std::uint64_t life = 0;  // of the queue it was put in
};

struct subscription {
    std::string queue;
    unsigned prefetch = 1;
    unsigned unsettled = 0;
    bool closed = false;
};
using subscription_ptr = std::shared_ptr<subscription>;

// One coroutine in next(): a message is put straight into its hands, so that no wake-up can be lost
// or stolen.
struct waiter {
    subscription_ptr by;
    std::unique_ptr<lot> got;
    boost::asio::steady_timer until;
};

class store : public std::enable_shared_from_this<store> {
  public:
    explicit store(embedded_limits limits) : limits_{limits} {}

    void declare(const std::string& queue) { queues_[queue]; }
    publication put(const std::string& queue, std::string body);
    std::unique_ptr<lot> take(const subscription_ptr& by);  // null: nothing ready, no room, closed
    void join(const subscription_ptr& by);
    bool over(const subscription_ptr& by) const { return closed_ || by->closed; }
    void settled(const subscription_ptr& by, message&& what, bool back);

    void wait(waiter& w);
    void leave(waiter& w);
    void close(const subscription_ptr& which);
    void close_all();
    std::vector<queue_figures> figures() const;
    rebuilding rebuild(const std::string& queue);

  private:
    struct one_queue {
        std::deque<message> ready;
        std::uint64_t next_place = 0;
        std::uint64_t unsettled = 0;
        std::uint64_t life = 0;  // raised when it is rebuilt
        std::uint64_t consumers = 0;
        std::list<waiter*> waiting;  // in order of arrival
    };
    void hand_out(one_queue& from);
    std::unique_ptr<lot> lend(one_queue& from, const subscription_ptr& to);

    embedded_limits limits_;
    std::uint64_t bytes_ = 0;  // ready and unsettled, over all queues
    bool closed_ = false;
    std::map<std::string, one_queue> queues_;
};

}  // namespace ecert::queue::embedded
