// What the executor tells the consuming thread, in order. Inside queue/amqp only.
// Thread rule: put() from any thread; take_all() on the thread.
#pragma once

#include "queue/amqp/answer.hpp"
#include "queue/amqp/event.hpp"
#include "queue/amqp/wake.hpp"

#include <atomic>
#include <memory>
#include <mutex>
#include <string>
#include <utility>
#include <variant>
#include <vector>

namespace ecert::queue::amqp {

class inbox;

struct subscribe {
    std::shared_ptr<inbox> to;
    std::string queue;
    unsigned prefetch;
};
using flushing = std::shared_ptr<answer<bool>>;  // all before it has reached the broker
struct settlement {
    const inbox* of;     // a name only
    std::uint64_t life;  // of the channel it came by: a later one knows nothing of it
    std::uint64_t tag;
    bool done;           // else back to the queue
    flushing told = {};  // whether the broker has it, where somebody asks
};
struct unsubscribe {
    const inbox* of;
};
struct renew {  // it was rebuilt: who consumes it must consume the new one
    std::string queue;
};
using notice = std::variant<subscribe, settlement, unsubscribe, renew, flushing>;

class settlements {
  public:
    void put(notice what) {
        const std::scoped_lock hold{lock_};
        if (stopped_) return;
        waiting_.push_back(std::move(what));
        if (waiting_.size() == 1) bell_.ring();
    }
    std::vector<notice> take_all() {
        const std::scoped_lock hold{lock_};
        return std::exchange(waiting_, {});
    }
    // What is put from now on is forgotten: the connection ends, and with it every lot.
    void stop() {
        const std::scoped_lock hold{lock_};
        stopped_ = true;
        bell_.ring();
    }
    bool stopped() const { return stopped_; }
    wake& bell() { return bell_; }

  private:
    std::mutex lock_;
    std::vector<notice> waiting_;  // bounded by what is out: consumers times prefetch
    std::atomic<bool> stopped_{false};
    wake bell_;
};

}  // namespace ecert::queue::amqp
