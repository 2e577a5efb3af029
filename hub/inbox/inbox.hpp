// What arrived for the agencies: lists, one, its bytes, and the authority's answer to it. The
// responsible agency reads and answers; others read only with read_all_inbox; for everybody else an
// arrival does not exist.
//
// Guarantee: an answer is on disk, with the work of carrying it abroad, before it is confirmed; the
// same answer again changes nothing; another answer is 409.
#pragma once

#include "adapters/http/server.hpp"
#include "hub/ledger/ledger.hpp"
#include "hub/listen/routes.hpp"

#include <functional>

namespace ecert::hub {

struct inbox_call {
    hub::ledger& ledger;
    const agency_settings& agency;
    const clock& time;
    language in = language::en;
    std::string traceparent;
    std::function<void()> changed;  // wakes dispatch: an answer is due
};

awaitable<http::response> list_inbox(inbox_call& call, http::incoming& request,
                                     const parameters& found);
awaitable<http::response> show_inbound(inbox_call& call, http::incoming& request,
                                       const parameters& found);
awaitable<http::response> inbound_content(inbox_call& call, http::incoming& request,
                                          const parameters& found);
awaitable<http::response> answer_inbound(inbox_call& call, http::incoming& request,
                                         const parameters& found);

}  // namespace ecert::hub
