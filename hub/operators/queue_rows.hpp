// The queue as operators see it: for each partner what the ledger knows beside what the broker
// says. Pure.
#pragma once

#include "hub/dispatch/dispatch.hpp"
#include "queue/transport.hpp"

#include <boost/json.hpp>

#include <functional>
#include <map>
#include <string>
#include <vector>

namespace ecert::hub {

struct queue_seen {
    std::map<std::string, std::string> partners;  // that are configured -> their channel
    std::vector<due_partner> due;
    std::vector<open_lease> leased;
    std::vector<channel_status> channels;
    std::vector<queue::queue_figures> queues;  // empty: nobody answered
    std::function<bool(const std::string& partner)> nobody_serves;
};

// A row for each partner that is configured or has work, in order of their names.
boost::json::array queue_rows(const queue_seen& seen);

// Of one queue; null when nothing is known of it.
boost::json::value queue_figures_json(const queue_seen& seen, const std::string& name);

}  // namespace ecert::hub
