// The queue between hub and workers. It is a cache of due work: losing all of it loses nothing (the
// ledger publishes again what has no outcome when its lease ends).
//
// Guarantees, held by tests/conformance/transport_suite.hpp for every implementation:
//   publish() completes with `confirmed` only when the queue has taken responsibility; `returned`
//   when there is no such queue, `refused` when it is full or the message never left us; both mean
//   that it is not there. `unconfirmed`: it may or may not be there. A lot that is not settled when
//   it dies goes back to the queue and comes again, before what nobody has had yet, with
//   redelivered set. At most `prefetch` unsettled lots a consumer.
// declare(), settling and close() only ask: they never wait for a broker.
// Thread rule: one transport may be used from any coroutine of its executor.
#pragma once

#include "config/clock.hpp"
#include "config/pool.hpp"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace ecert::queue {

enum class publication { confirmed, returned, refused, unconfirmed };

// One message taken from a queue. Settling is an act of the owner; dying unsettled returns it.
class lot {
  public:
    virtual ~lot() = default;
    virtual const std::string& body() const = 0;
    virtual bool redelivered() const = 0;
    // How often it was handed out, this time included, as far as the queue counts.
    virtual unsigned deliveries() const { return redelivered() ? 2 : 1; }
    virtual void ack() = 0;  // done: gone for good
    // ack(), and waits until the queue has it. False: it is not known to; it may come again.
    // The lot may die meanwhile.
    virtual awaitable<bool> ack_surely(duration /*within*/) {
        ack();
        return surely();
    }
    virtual void give_back() = 0;  // to the queue, at once

  private:
    static awaitable<bool> surely() { co_return true; }
};

class consumer {
  public:
    virtual ~consumer() = default;
    // The next message; null when `deadline` has passed or the consumer was closed.
    virtual awaitable<std::unique_ptr<lot>> next(duration deadline) = 0;
    virtual void
    close() = 0;  // next() completes with null at once; unsettled lots stay their owners'
};

struct queue_figures {
    std::string name;
    std::uint64_t ready = 0;
    std::uint64_t unsettled = 0;    // over AMQP: of this process's own consumers
    std::uint64_t unconfirmed = 0;  // published here, and the queue has not answered yet
    std::uint64_t consumers = 0;    // of all processes
    std::string trouble;            // why it cannot be used; empty: it can
    bool operator==(const queue_figures&) const = default;
};

// What became of a queue that was to be deleted and declared anew.
struct rebuilding {
    bool done = false;
    std::uint64_t before = 0, after = 0;  // ready
    std::string trouble;                  // why not
};

// Whether the queue is there for us, for /readyz and for people.
struct transport_state {
    bool publishing = true;
    bool consuming = true;
    std::string trouble;              // what is wrong and where; empty when nothing is
    std::optional<time_point> since;  // nothing could be published, or consumed
};

class transport {
  public:
    virtual ~transport() = default;
    virtual void declare(const std::string& queue) = 0;  // idempotent
    virtual awaitable<publication> publish(std::string queue, std::string body,
                                           duration deadline) = 0;
    virtual std::unique_ptr<consumer> consume(const std::string& queue, unsigned prefetch) = 0;
    // Of the queues this process declared, asked anew; empty when nobody answers in time.
    virtual awaitable<std::vector<queue_figures>> figures(duration deadline) = 0;
    // Deletes the queue and declares it anew, while others use it: what was ready is gone, whoever
    // consumes here goes on with the new one, and a lot that is out settles nothing any more.
    virtual awaitable<rebuilding> rebuild(std::string queue, duration deadline) = 0;
    virtual transport_state state() const { return {}; }
    // For a clean stop, before close(): true when what was published is answered and what was
    // settled has reached the queue; false when that took longer.
    virtual awaitable<bool> drain(duration /*within*/) { co_return true; }
    virtual void close() = 0;
};

inline std::string work_queue(const std::string& partner) { return "work." + partner; }
constexpr const char* outcome_queue = "outcomes";
constexpr const char* poison_queue = "poison";  // where a broker puts tasks past its delivery limit

}  // namespace ecert::queue
