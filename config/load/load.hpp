// Reads a configuration folder. All problems at once: syntax, unknown keys, wrong types, values out
// of range, files that are not there, names that lead nowhere, one identity in two roles. Each
// names file, line and key.
//
// Errors: the returned problems (ids CFG-...); never throws for what a file may contain.
#pragma once

#include "config/problem.hpp"
#include "config/settings.hpp"

#include <filesystem>

namespace ecert {

struct loaded_configuration {
    configuration_ptr value;  // null when problems has errors
    problems found;
    // What could be read, defaults in place of the rest: for tools that check further, never to run
    // on. Null when there is no such folder.
    configuration_ptr readable;
};
loaded_configuration load_configuration(const std::filesystem::path& folder);

}  // namespace ecert
