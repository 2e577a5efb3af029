// The channels' states and the audit as operators see them: names as in the structs.
#pragma once

#include "hub/dispatch/dispatch.hpp"
#include "hub/ledger/ledger.hpp"

#include <boost/json.hpp>

namespace ecert::hub {

boost::json::object channel_row(const channel_status& c);
boost::json::object audit_json(const audit_result& a);

}  // namespace ecert::hub
