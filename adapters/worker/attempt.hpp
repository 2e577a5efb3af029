// One attempt: from a task to its outcome. Publishing and settling are the lane's (workers.cpp).
#pragma once

#include "adapters/worker/worker.hpp"

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

// Never fails. A new translation over the inline limit is at the hub before anything is sent: one
// that cannot be brought there hands the task back, for a retry could not send the same again; so
// does one that cannot bring what it fetched.
awaitable<queue::outcome> attempt(attempt_parts by, queue::task what);

// The outcome `returned` of a task.
queue::outcome returned(const queue::task& what, std::string why, time_point now);

// The same for a message that is a task of a version we do not speak, as far as it says whose it
// is.
std::optional<queue::outcome> returned_unread(std::string_view message, std::string why,
                                              time_point now);

}  // namespace ecert::worker
