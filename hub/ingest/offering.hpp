// A partner that fetches: its certificate is prepared when it is accepted, once, so that whoever
// fetches it, and however often, is given the same bytes.
#pragma once

#include "hub/ingest/agency_call.hpp"

namespace ecert::hub {

// Sets what the ledger is asked to offer. Does nothing for a partner that is sent to.
awaitable<result<void>> prepare_offer(agency_call& call, const partner_settings& to,
                                      accept_request& into);

}  // namespace ecert::hub
