// The agencies' SOAP door, at /soap/<dialect> of their listener: every dialect that says it is for
// agencies (adapters/dialects), served over the same ledger as their REST door. GET ?wsdl describes
// it.
//
// Guarantee: what is delivered here goes the way of POST /v1/certificates: the same checks, ids,
// duplicates and receipts. One agency never learns of another's. Who asks is known by the client
// certificate alone.
#pragma once

#include "hub/ingest/agency_api.hpp"

namespace ecert::hub {

// `call`: null for a client certificate that is no agency's.
awaitable<http::response> serve_agency_soap(const agency_api& parts, agency_call* call,
                                            http::incoming& request);

}  // namespace ecert::hub
