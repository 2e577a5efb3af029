// The whole command line: what may be said, and what it does.
#pragma once

#include "hub/ecertctl/session.hpp"

#include <span>
#include <string>

namespace ecert::ctl {

// The words after the program's name. Never throws for what a person may have typed.
exit_code run_command_line(session& s, std::span<const std::string> words);

}  // namespace ecert::ctl
