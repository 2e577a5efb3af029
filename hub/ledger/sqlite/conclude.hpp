// What follows when an attempt is over: the proofs it brought, the end of its lease, and the
// verdict of decide().
#pragma once

#include "hub/ledger/sqlite/piece.hpp"
#include "hub/ledger/sqlite/verbs.hpp"

namespace ecert::hub::sqlite {

struct attempt_over {
    const queue::outcome& o;
    queue::verb verb;  // of the attempt: track while asking
    const work_policy& by;
    time_point now;
    double jitter;
};

// Raises progress by what the outcome proves, whichever attempt it is of.
void prove(transaction& t, piece& p, const queue::outcome& o, queue::verb verb, const cause& why);

// Of the open attempt: ends its lease and acts on the verdict, which is returned. Does not save.
verdict conclude(transaction& t, piece& p, const attempt_over& over, const cause& why);

// Asked, and it is in their custody as before.
bool says_nothing_new(const piece& p, const queue::outcome& o, queue::verb verb);

// Their receipt names bytes we never sent under this id.
bool names_other_bytes(const piece& p, const queue::outcome& o);

}  // namespace ecert::hub::sqlite
