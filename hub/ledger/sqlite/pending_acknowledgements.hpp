// Acknowledgements and the deliveries they answer.
#pragma once

#include "hub/ledger/sqlite/piece.hpp"

namespace ecert::hub::sqlite {

struct given_answer {
    std::int64_t row = 0;  // of the acknowledgement
    int status = 0;
    std::string reason;
};

// Raises the delivery by their authority's answer. True: it differs from an earlier one. Does not
// save.
bool take_answer(transaction& t, piece& p, const given_answer& given, const cause& why);

// Acknowledgements that came before anything they could be matched with: those that name this
// delivery or its reference.
void match_pending(transaction& t, piece& p, const cause& why);

}  // namespace ecert::hub::sqlite
