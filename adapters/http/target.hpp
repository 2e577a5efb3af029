// A request's target, taken apart: path segments and query, percent-decoded. A decoded slash stays
// inside its segment, so that a certificate number may hold one.
#pragma once

#include "adapters/http/message.hpp"
#include "config/result.hpp"

#include <string>

namespace ecert::http {

// Sets target, path, segments and query. Takes the origin form (/path?query), the absolute form
// that proxies send, and the * of OPTIONS; anything else is invalid.
result<void> read_target(std::string target, request_head& into);

}  // namespace ecert::http
