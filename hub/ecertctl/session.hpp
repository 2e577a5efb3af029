// What every command works with, and how it ends. A command writes its answer to `out`, what went
// wrong to `err`, and returns its exit code; scripts may rely on the codes.
#pragma once

#include "config/clock.hpp"
#include "config/problem.hpp"

#include <filesystem>
#include <ostream>

namespace ecert::ctl {

enum class exit_code {
    ok = 0,
    refused = 1,      // the node said no: not found, no such state, a certificate with errors
    usage = 2,        // the command line is wrong
    unreachable = 3,  // the node cannot be reached, or cannot answer now
    broken = 4        // the audit trail does not hold, or the configuration is wrong
};

struct session {
    std::ostream& out;
    std::ostream& err;
    const clock& time;
    language in = language::en;
    bool json = false;             // print the node's JSON as it came
    std::filesystem::path socket;  // of the operators
};

}  // namespace ecert::ctl
