// What an operator does to a piece of work; each act is audited with who did it and why.
#pragma once

#include "hub/ecertctl/session.hpp"

#include <string>

namespace ecert::ctl {

// verb: retry, hold, release or cancel.
exit_code act_on_work(session& s, const std::string& verb, const std::string& id,
                      const std::string& reason);

}  // namespace ecert::ctl
