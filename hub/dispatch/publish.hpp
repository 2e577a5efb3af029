// From the ledger to the queue: takes what is due of one partner and publishes it. Attempt and
// lease of a task are on disk before a byte of it reaches the queue.
#pragma once

#include "hub/dispatch/desk.hpp"

#include <string>
#include <vector>

namespace ecert::hub {

// Up to `most` pieces of work of a partner, whose places must be free: they are reserved until the
// work is taken.
awaitable<void> publish_due(desk_ptr d, std::string partner, unsigned most);

// One task to try a channel whose circuit is open: not the one that opened it, unless it is the
// only one there is.
awaitable<void> publish_probe(desk_ptr d, std::string channel, std::vector<std::string> partners);

}  // namespace ecert::hub
