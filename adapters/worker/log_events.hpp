// What a worker writes to the log: one function an event, the operator's page.
#pragma once

#include "queue/outcome.hpp"
#include "queue/task.hpp"

#include <string_view>

namespace ecert::worker {

// One attempt is over. task, attempt, partner, channel, class, text, trace.
void attempt_ended(const queue::outcome& o);
// A task was handed back unspent, for a reason that somebody should know: digests, profile, hub out
// of reach.
void task_returned(const queue::task& t, std::string_view why);
// The message of an attempt that was begun here came once more: acknowledged, nothing was done.
void task_repeated(const queue::task& t);
// A message on a work queue is no task of version 1: acknowledged, because its lease decides it.
void task_unreadable(std::string_view queue, std::string_view why);
// The outcome found no queue that took it: the task goes back and its attempt will be repeated.
void outcome_not_taken(const queue::outcome& o, std::string_view why);
// An attempt ended by an exception: a bug or a broken environment. The task goes back.
void attempt_broke(std::string_view queue, std::string_view why);

}  // namespace ecert::worker
