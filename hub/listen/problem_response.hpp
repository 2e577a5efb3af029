// application/problem+json (RFC 9457): every refusal of the REST doors. `errors` lists all
// problems: id, level, path, value, expected, and the sentence in the language asked for.
#pragma once

#include "adapters/http/message.hpp"
#include "config/problem.hpp"
#include "config/result.hpp"

#include <string>
#include <utility>
#include <vector>

namespace ecert::hub {

// Members beside the usual ones: {"certificate", "6f1c..."}.
using problem_members = std::vector<std::pair<std::string, std::string>>;

// type is urn:ecert:problem:<slug>; retry_after in seconds, 0: none.
http::response problem_response(int status, std::string slug, std::string detail,
                                const problems& all, language in, unsigned retry_after = 0,
                                const problem_members& more = {});

// A failure of an inner call as the status its kind means: 404, 403, 409, 413, 503 with
// Retry-After, 408, 422, 500. An internal failure tells the caller nothing of our insides: its text
// goes to the log.
http::response failure_response(const failure& f, language in);

// The same for a body that could not be read: one that is broken off or no HTTP is 400, not 422.
http::response body_failure_response(const failure& f, language in);

}  // namespace ecert::hub
