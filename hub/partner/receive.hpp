// What we fetched from a partner: read and judged like what is pushed to our door. What is found
// decides how it is confirmed: plain; with a warning, when it is stored and yet has errors that its
// sender should know; failed, when it is no certificate or not the one that its envelope names, and
// is not stored.
#pragma once

#include "adapters/engine/channels.hpp"
#include "config/metrics.hpp"
#include "hub/ledger/ledger.hpp"
#include "hub/partner/inspection.hpp"

namespace ecert::hub {

struct reception_parts {
    hub::ledger& ledger;  // where the content is
    engine::snapshots& profiles;
    engine::tools with;
};

// How what was found is confirmed.
queue::confirmation confirmation_of(const inspected& seen);

// Failure: unavailable, its content cannot be had now; forbidden, From and To are not those of a
// partner of the channel; conflict, it came from another than was asked for.
awaitable<result<fetched_arrival>> receive_fetched(reception_parts by, queue::outcome o);

// What somebody is told of it, once the ledger has it: nothing of a repeat.
void tell_of_fetched(metrics& figures, const fetched_arrival& what, const applied& done);

}  // namespace ecert::hub
