// What follows from an examined push: what the ledger is asked to accept, and what the agency is
// answered.
#pragma once

#include "hub/ingest/agency_call.hpp"
#include "hub/ingest/examine.hpp"
#include "hub/ingest/push_request.hpp"

namespace ecert::hub {

accept_request accept_request_of(const agency_call& call, push_request asked, const examined& seen,
                                 crypto::source_ptr content);

// The receipt: stored with the certificate, the same bytes for ever.
receipt_writer receipt_writer_of(const accept_request& what);

http::response answer_accept(const agency_call& call, const accept_result& kept);
http::response refuse_all(const agency_call& call, const problems& found);

}  // namespace ecert::hub
