// Where an agency's certificates are: lists, one with its custody, its events, its bytes, the answer to it. Another
// agency's are 404.
#pragma once

#include "hub/ingest/agency_call.hpp"
#include "hub/listen/routes.hpp"

namespace ecert::hub {

awaitable<http::response> list_certificates(agency_call& call, http::incoming& request,
                                            const parameters& found);
awaitable<http::response> show_certificate(agency_call& call, http::incoming& request,
                                           const parameters& found);
awaitable<http::response> show_events(agency_call& call, http::incoming& request,
                                      const parameters& found);
awaitable<http::response> certificate_content(agency_call& call, http::incoming& request,
                                              const parameters& found);

awaitable<http::response> show_acknowledgement(agency_call& call, http::incoming& request,
                                               const parameters& found);

}  // namespace ecert::hub
