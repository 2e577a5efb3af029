// The data of this folder, code lists and schemas, as it was when the program was built.
#pragma once

#include <map>
#include <string>

namespace ecert::sps {

// By file name without its folder.
const std::map<std::string, std::string>& embedded_files();

}  // namespace ecert::sps
