// Everything that is wrong with a configuration folder, without a running node: files, dialects,
// certificates and keys.
#pragma once

#include "hub/ecertctl/session.hpp"

#include <filesystem>

namespace ecert::ctl {

exit_code check_configuration(session& s, const std::filesystem::path& folder);

}  // namespace ecert::ctl
