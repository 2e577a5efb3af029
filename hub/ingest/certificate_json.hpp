// A certificate as its agency sees it, and the same with its custody: who holds it, since when,
// what they last said, what comes next, who must act. Flat, named as the members of the views.
#pragma once

#include "config/problem.hpp"
#include "hub/ledger/ledger.hpp"

#include <boost/json.hpp>

namespace ecert::hub {

boost::json::object certificate_json(const certificate_view& v, language in);
boost::json::object custody_json(const custody_view& v, language in);

}  // namespace ecert::hub
