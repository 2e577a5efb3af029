// What an open finds out about the process before: how it ended, and what it had in flight.
#pragma once

#include "config/result.hpp"
#include "hub/ledger/sqlite/transaction.hpp"

namespace ecert::hub::sqlite {

constexpr std::uint32_t crashes_until_poison = 3;

// Raises the epoch: every lease of an older one is void from now on (end_leases decides them as
// ambiguous). After an unclean death what was in flight becomes suspect; a suspect that was the
// only suspect out is counted, and at the third time parked as poison. Gives the new epoch.
// Where the process before left its workers alive, its death says nothing of what they work on: its
// leases stay open, and a broker counts poison. `leases_outlive_us`: so will it be with ours.
std::int64_t begin_epoch(transaction& t, time_point now, bool leases_outlive_us);

// A suspect that is out steps aside (its death among others proves nothing), or is alone again.
result<void> alone(transaction& t, std::int64_t work, std::uint32_t attempt, bool is);

// The last act of a clean stop.
void mark_clean(transaction& t);

}  // namespace ecert::hub::sqlite
