// All that is known of one delivery, on one screen.
#pragma once

#include "hub/ecertctl/session.hpp"

#include <boost/json/value.hpp>

namespace ecert::ctl {

void print_card(session& s, const boost::json::value& delivery);

}  // namespace ecert::ctl
