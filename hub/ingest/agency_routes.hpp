// What an agency may ask, as a table; openapi.json says the same (a test holds one against the
// other).
#pragma once

#include "hub/ingest/agency_call.hpp"
#include "hub/listen/routes.hpp"

#include <optional>
#include <span>

namespace ecert::hub {

std::span<const route<agency_call>> agency_routes();

// Takes one from the agency's rate; a response if there is none left.
std::optional<http::response> refuse_over_rate(agency_call& call);

}  // namespace ecert::hub
