// Problems as they are kept in a column, and back.
#pragma once

#include "config/problem.hpp"

#include <string>
#include <string_view>

namespace ecert::hub::sqlite {

std::string json_of(const problems& all);
problems problems_of(std::string_view json);  // what cannot be read is left out

}  // namespace ecert::hub::sqlite
