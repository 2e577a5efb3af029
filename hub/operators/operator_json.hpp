// The ledger's custody and the channels' states as operators see them: flat rows, names as in the
// structs.
#pragma once

#include "hub/dispatch/dispatch.hpp"
#include "hub/ledger/ledger.hpp"

#include <boost/json.hpp>

namespace ecert::hub {

boost::json::object delivery_row(const custody_view& v);
boost::json::object channel_row(const channel_status& c);
boost::json::object audit_json(const audit_result& a);

}  // namespace ecert::hub
