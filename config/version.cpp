#include "config/version.hpp"

namespace ecert {

std::string_view version() { return ECERT_VERSION; }

}  // namespace ecert
