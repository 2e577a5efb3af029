// The release this process is, as CMakeLists.txt names it.
#pragma once

#include <string_view>

namespace ecert {

std::string_view version();

}  // namespace ecert
