// POST /v1/certificates: takes one certificate for one partner.
//
// Guarantee: 202 (new) and 200 (the same again) come after the commit, with the stored receipt.
// Before it everything that is wrong with the certificate is found, and said at once. Checked in
// this order: media type, disk reserve, rate, size, body, content, partner.
#pragma once

#include "hub/ingest/agency_call.hpp"
#include "hub/listen/routes.hpp"

namespace ecert::hub {

awaitable<http::response> push_certificate(agency_call& call, http::incoming& request,
                                           const parameters& found);

}  // namespace ecert::hub
