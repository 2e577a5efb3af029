// Work that no clock can have meant: due later than any retry may be. The wall clock stood wrong
// when it was planned.
#pragma once

#include "hub/ledger/sqlite/verbs.hpp"

namespace ecert::hub::sqlite {

// Makes it due now, with an alert a partner; the texts are added.
void pull_in_far_due(transaction& t, time_point now, const policy_of& policy,
                     std::vector<std::string>& texts);

}  // namespace ecert::hub::sqlite
