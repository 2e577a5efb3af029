// The query string of a list as the ledger's query: number, partner, agency, state, verb, from,
// until, unfinished, cursor, limit. A parameter given twice is wrong, whichever was meant. All that
// is wrong at once.
#pragma once

#include "adapters/http/message.hpp"
#include "config/problem.hpp"
#include "hub/ledger/ledger.hpp"

#include <string_view>

namespace ecert::hub {

struct list_request {
    list_query query;
    problems found;
};
// Whether `agency`, `verb` and `unfinished` may be asked: operators' lists; an agency's list is its
// own.
enum class list_scope { one_agency, all_agencies };
list_request read_list_request(const http::request_head& head, list_scope scope);

std::optional<state> state_of_name(std::string_view name);

}  // namespace ecert::hub
