// One attempt: from a task to its outcome. Publishing and settling are the lane's (workers.cpp).
#pragma once

#include "adapters/worker/worker.hpp"

#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace ecert::worker {

struct attempt_parts {
    boost::asio::any_io_executor on;
    engine::snapshots& profiles;
    content_access& content;
    engine::tools with;
    std::shared_ptr<const worker_settings> settings;
};

// The message that a task came in.
struct message {
    bool came_again = false;  // another worker may have begun it
    // Takes it off its queue. False: it may come again, here or elsewhere.
    std::function<awaitable<bool>()> take_off;
};

// A new translation over the inline limit is at the hub before anything is sent: one that cannot be
// brought there hands the task back, for a retry could not send the same again; so does one that
// cannot bring what it fetched. What the partner would not know again is off its queue before the
// first byte, so that nobody sends it a second time unasked. Throws when that is not sure: nothing
// was sent then, nothing is to be told, and the task must still be done.
awaitable<queue::outcome> attempt(attempt_parts by, queue::task what, message from);

// The task unspent: `returned`, or `ambiguous` where a worker before us may have sent it.
queue::outcome handed_back(const attempt_parts& by, const queue::task& what, bool came_again,
                           std::string why);

// The outcome `returned` of a task.
queue::outcome returned(const queue::task& what, std::string why, time_point now);

// A worker before us had it, and may have sent it.
void before_us(queue::outcome& o);

// The outcome `returned` for a message that is a task of a version we do not speak, as far as it
// says whose it is.
std::optional<queue::outcome> returned_unread(std::string_view message, std::string why,
                                              time_point now);

}  // namespace ecert::worker
