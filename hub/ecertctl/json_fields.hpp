// Members of the node's JSON, fit for a terminal. A member that is absent or of another type is
// empty, so that a newer node may answer more or less than this tool knows.
#pragma once

#include <boost/json/array.hpp>
#include <boost/json/value.hpp>

#include <cstdint>
#include <string>
#include <string_view>

namespace ecert::ctl {

std::string text_of(const boost::json::value& in,
                    std::string_view member);  // numbers are written out
std::int64_t number_of(const boost::json::value& in, std::string_view member);
bool is_true(const boost::json::value& in, std::string_view member);
const boost::json::array& rows_of(const boost::json::value& in, std::string_view member = "rows");

}  // namespace ecert::ctl
