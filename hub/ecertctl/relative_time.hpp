// Times as people say them: "3 min ago", "in 40 s".
#pragma once

#include "config/clock.hpp"

#include <string>
#include <string_view>

namespace ecert::ctl {

std::string relative(time_point at, time_point now);

// Of RFC 3339 text; the text itself if it is none, "-" if it is empty.
std::string relative(std::string_view rfc3339_text, time_point now);

}  // namespace ecert::ctl
