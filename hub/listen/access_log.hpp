// Log events of the doors: who asked what, and what was answered. Bodies, query strings and
// certificate numbers never appear.
#pragma once

#include "adapters/http/server.hpp"

#include <string_view>

namespace ecert::hub {

// request_served: door, who ("agency:NPPO", "operator:root"), method, path, status, ms,
// traceparent.
void log_request(std::string_view door, const http::incoming& request, std::string_view who,
                 int status, double ms, std::string_view traceparent);

// request_from_nobody: door, remote, why. A warning: somebody with a certificate that opens
// nothing.
void log_nobody(std::string_view door, const http::incoming& request, std::string_view why);

}  // namespace ecert::hub
