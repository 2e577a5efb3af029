// From the queue to the ledger: an outcome is applied in one transaction, and only then leaves the
// queue.
#pragma once

#include "hub/dispatch/desk.hpp"

#include <memory>

namespace ecert::hub {

// A failure of the ledger: nothing has changed then.
awaitable<result<void>> apply_outcome(desk_ptr d, queue::outcome o);

// Acknowledges the lot after the commit; gives it back when the ledger cannot write. What cannot be
// read, or what the ledger will never take, is kept in the content store, alerted and acknowledged:
// it must not hold up the others for ever. So is one that breaks off by an exception, after a few
// tries.
awaitable<void> apply_lot(desk_ptr d, std::unique_ptr<queue::lot> taken);

}  // namespace ecert::hub
