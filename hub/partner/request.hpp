// One authenticated request of a partner, as its verb's function gets it; and what such a function
// gives back.
#pragma once

#include "adapters/engine/engine.hpp"
#include "hub/partner/partner_door.hpp"

#include <string>
#include <variant>

namespace ecert::hub {

struct partner_request {
    engine::snapshot_ptr profiles;  // the one it began with
    engine::channel_ptr channel;
    std::string partner;  // authenticated
    engine::served asked;
    std::string traceparent;
};

// The reply's Body content as stored (the same bytes for every repeat), or a fault.
using partner_answer = std::variant<std::string, engine::fault>;

awaitable<partner_answer> serve_deliver(const partner_door& door, const partner_request& request);
awaitable<partner_answer> serve_respond(const partner_door& door, const partner_request& request);

// Which partner speaks: on a channel of one partner that one, on a shared channel the one From
// names. From and To must agree with it. The fault tells an honest sender what to mend.
boost::system::result<std::string, engine::fault> authenticate(const engine::snapshot& profiles,
                                                               const std::string& channel,
                                                               const queue::envelope& e);

// A failure of the ledger as the fault its kind means.
engine::fault fault_of(const failure& f);

}  // namespace ecert::hub
