// From the queue to the ledger: an outcome is applied in one transaction, and only then leaves the
// queue. So is a task that the queue gave up: it counts as the outcome `poison` of its attempt.
#pragma once

#include "hub/dispatch/desk.hpp"

#include <memory>

namespace ecert::hub {

// A failure of the ledger: nothing has changed then.
awaitable<result<void>> apply_outcome(desk_ptr d, queue::outcome o);

// The outcome that a message stands for: of the queue `outcomes`, and of the queue `poison`.
using outcome_reader = result<queue::outcome> (*)(const queue::message_codec&, const std::string&);
result<queue::outcome> outcome_in(const queue::message_codec& by, const std::string& message);
result<queue::outcome> poison_in(const queue::message_codec& by, const std::string& message);

// Acknowledges the lot after the commit; gives it back when the ledger cannot write. What cannot be
// read (it is no outcome, its seal does not open ...), or what the ledger will never take, is kept
// in the content store, alerted and acknowledged: it must not hold up the others for ever. So is
// one that breaks off by an exception, after a few tries.
awaitable<void> apply_lot(desk_ptr d, std::unique_ptr<queue::lot> taken, outcome_reader read);

}  // namespace ecert::hub
