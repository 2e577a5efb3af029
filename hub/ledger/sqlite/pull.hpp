// What follows from an answer to `list`, inside the transaction that applies it.
#pragma once

#include "hub/ledger/sqlite/piece.hpp"
#include "hub/ledger/sqlite/pulled.hpp"
#include "hub/ledger/sqlite/verbs.hpp"

namespace ecert::hub::sqlite {

// Work `fetch` for each certificate that is new, at most by.pull_most; an alert, once, for each
// whose sender nobody names, and for what the list could not bring.
struct taken_listing {
    unsigned fetches = 0;
    bool more = false;  // so many that the rest waits for this very page to be asked for again
    bool told = false;  // something is wrong with the list itself
};
taken_listing take_listing(transaction& t, piece& list, const queue::outcome& o,
                           const work_policy& by, time_point now);

// Confirmed long ago, and they name it still: said again, and told as an alert about `by`.
void confirm_again(transaction& t, piece& by, const pulled_row& row, time_point now);

// A piece of work about what is pulled, due now.
void owe(transaction& t, queue::verb verb, const std::string& partner, const std::string& channel,
         std::int64_t pulled, std::optional<std::int64_t> inbound, time_point now);

}  // namespace ecert::hub::sqlite
