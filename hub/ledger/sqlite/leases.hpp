// How long leases may be: what was in force when they were given decides, not what is now.
#pragma once

#include "hub/ledger/sqlite/transaction.hpp"

namespace ecert::hub::sqlite {

// The longest lease ever given, of those that may still be open.
duration longest_lease(transaction& t);
void remember_lease(transaction& t, duration given);
// At a start: when none is open any more, what follows begins anew.
void forget_longest_lease(transaction& t);

}  // namespace ecert::hub::sqlite
