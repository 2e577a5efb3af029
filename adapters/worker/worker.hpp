// A worker: takes a task, makes one attempt, publishes the outcome, settles the task when that
// publish is confirmed. No memory, no database, no retry logic: killing it costs at most a repeated
// attempt.
//
// Thread rule: coroutines of one executor. Errors of one task end only that task.
#pragma once

#include "adapters/engine/channels.hpp"
#include "queue/transport.hpp"
#include "queue/wire/sealed.hpp"

#include <boost/asio/any_io_executor.hpp>

#include <functional>
#include <memory>
#include <string>

namespace ecert::worker {

// Where content over the inline limit comes from and where a new translation goes before the
// outcome. Embedded: the ledger's content store; over AMQP: the hub's /internal/content.
class content_access {
  public:
    virtual ~content_access() = default;
    virtual awaitable<result<crypto::source_ptr>> fetch(const queue::task& for_task,
                                                        const queue::content_ref& what) = 0;
    virtual awaitable<result<void>> store(const queue::task& for_task, crypto::source_ptr what) = 0;
};

struct worker_settings {
    unsigned concurrency =
        32;  // attempts at once over all partners; each partner has at most its channel's window
    dispatch_settings limits;
    std::function<void(const char*)> reached;  // crash harness: "before-send", "after-send",
                                               // "before-outcome", "after-outcome", "after-ack"
    // Awaited when a task that must be alone (turns.hpp) no longer is, and when it is again: only
    // what was alone counts when the process dies. Embedded: the hub's ledger; else empty.
    std::function<awaitable<void>(std::int64_t work, std::uint32_t attempt, bool alone)> alone;
    duration patience{1'000};           // with the partner of such a task, before others go on
    duration publish_deadline{10'000};  // of one publish of an outcome
    unsigned publish_tries = 3;         // then the task is given back, and its attempt repeated
    duration publish_pause{1'000};      // between tries, and before the task goes back
    queue::message_codec codec;         // sealed where a broker is between
};

class workers {
  public:
    virtual ~workers() = default;
    // Serves work.<partner> of these partners from now on; starts and stops consumers as the set
    // changes.
    virtual void serve(const std::vector<std::string>& partners) = 0;
    virtual unsigned in_flight() const = 0;
    // Takes no more, lets attempts end and settle; after `within` the rest is abandoned (its lease
    // decides).
    virtual awaitable<void> stop(duration within) = 0;
};
std::unique_ptr<workers> make_workers(boost::asio::any_io_executor on, queue::transport& over,
                                      engine::snapshots& profiles, content_access& content,
                                      engine::tools with, worker_settings settings);

// One slow partner must not starve others: concurrency is shared out by turns (turns.hpp).

}  // namespace ecert::worker
