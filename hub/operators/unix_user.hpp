// The name of a Unix user.
//
// Thread rule: may ask a directory service: pool threads only.
#pragma once

#include <string>

namespace ecert::hub {

std::string unix_user_name(unsigned uid);  // empty: there is none

}  // namespace ecert::hub
