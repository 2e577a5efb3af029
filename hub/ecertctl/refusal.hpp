// A refusal (application/problem+json) as a person reads it: what was wrong, every reason, and when
// to come again.
#pragma once

#include "hub/ecertctl/session.hpp"

#include <boost/json/value.hpp>

#include <string>

namespace ecert::ctl {

// `text` is the document as it came. Gives the exit code that the refusal means.
exit_code tell_refusal(session& s, int status, const boost::json::value& problem,
                       const std::string& text);

}  // namespace ecert::ctl
