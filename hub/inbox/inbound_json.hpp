// An arrival as agencies see it.
#pragma once

#include "config/problem.hpp"
#include "hub/ledger/ledger.hpp"

#include <boost/json.hpp>

namespace ecert::hub {

boost::json::object inbound_json(const inbound_view& v, language in);

}  // namespace ecert::hub
