// A certificate and its custody as its agency sees them.
#pragma once

#include "config/problem.hpp"
#include "hub/ledger/ledger.hpp"

#include <boost/json.hpp>

namespace ecert::hub {

boost::json::object certificate_json(const certificate_view& v, language in);
boost::json::object custody_json(const custody_view& v);

}  // namespace ecert::hub
