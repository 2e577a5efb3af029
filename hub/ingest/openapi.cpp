#include "hub/ingest/openapi.hpp"

namespace ecert::hub {

awaitable<http::response> show_openapi(agency_call&, http::incoming&, const parameters&) {
    co_return http::reply(200, "application/json", std::string{openapi_text()});
}

}  // namespace ecert::hub
