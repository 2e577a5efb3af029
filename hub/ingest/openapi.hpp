// GET /openapi.json: openapi.json of this folder, embedded when building.
#pragma once

#include "hub/ingest/agency_call.hpp"
#include "hub/listen/routes.hpp"

#include <string_view>

namespace ecert::hub {

std::string_view openapi_text();
awaitable<http::response> show_openapi(agency_call& call, http::incoming& request,
                                       const parameters& found);

}  // namespace ecert::hub
