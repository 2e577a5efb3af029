// What somebody is told of a certificate that is new in the inbox, whichever way it came: figures,
// alerts and log lines. After its commit, and once.
#pragma once

#include "config/metrics.hpp"
#include "config/problem.hpp"
#include "hub/ledger/arriving.hpp"

namespace ecert::hub {

// by_rule: an agency's rule names it; differing: findings about its countries.
void tell_of_arrival(metrics& figures, const arrival& what, bool by_rule,
                     const problems& differing);

}  // namespace ecert::hub
