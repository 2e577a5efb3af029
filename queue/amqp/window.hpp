// What was published and is not confirmed yet, by publish number. Bounded in messages and bytes.
// Confirms come in bulk ("all up to 312"), and a message that no queue took is confirmed too, after
// it came back. Inside queue/amqp only. Thread rule: one thread.
#pragma once

#include "queue/amqp/event.hpp"
#include "queue/amqp/outbox.hpp"

#include <functional>
#include <map>
#include <set>
#include <string>

namespace ecert::queue::amqp {

class window {
  public:
    window(std::size_t messages, std::size_t bytes) : messages_{messages}, most_bytes_{bytes} {}

    // Always for one message, however large it is.
    bool room_for(std::size_t size) const;
    std::uint64_t add(publishing_ptr what, steady_point now);  // its publish number
    void came_back(std::uint64_t number);
    // Gives the queue of each that it settles.
    void settle(
        const confirm& said,
        const std::function<void(const std::string&)>& queue = [](const std::string&) {});
    // The connection is gone: all may be there or not. The next begins to count anew.
    void lose();
    bool empty() const { return out_.empty(); }
    std::size_t size() const { return out_.size(); }
    std::map<std::string, std::uint64_t> by_queue() const;
    // The queues that owe a confirm for something sent before that time.
    std::set<std::string> owing(steady_point since_before) const;

  private:
    struct sent {
        publishing_ptr what;
        steady_point at;
        bool came_back = false;
    };
    std::size_t messages_, most_bytes_, bytes_ = 0;
    std::uint64_t next_ = 1;
    std::map<std::uint64_t, sent> out_;
};

}  // namespace ecert::queue::amqp
