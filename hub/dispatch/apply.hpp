// From the queue to the ledger: an outcome is applied in one transaction, and only then leaves the
// queue.
#pragma once

#include "hub/dispatch/desk.hpp"

#include <memory>

namespace ecert::hub {

// Throws std::runtime_error when the ledger could not apply it: nothing has changed then.
awaitable<void> apply_outcome(desk_ptr d, queue::outcome o);

// Acknowledges the lot after the commit; gives it back when the ledger cannot write. What cannot be
// read is kept in the content store, alerted and acknowledged.
awaitable<void> apply_lot(desk_ptr d, std::unique_ptr<queue::lot> taken);

}  // namespace ecert::hub
