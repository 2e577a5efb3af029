// A problem as one line for people: "error [CFG-RANGE] channels/ippc.toml:2 window: The value is
// outside its range. Found: 0. Expected: 1 .. 4096."
#pragma once

#include "config/problem.hpp"

#include <string>

namespace ecert {

std::string problem_message(const problem& p, language in);  // from the sentence on
std::string problem_line(const problem& p, language in);

}  // namespace ecert
