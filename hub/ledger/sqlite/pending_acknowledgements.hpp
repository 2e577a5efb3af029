// Acknowledgements and the deliveries they answer.
#pragma once

#include "hub/ledger/sqlite/piece.hpp"

namespace ecert::hub::sqlite {

// What an acknowledgement says, as it came or as it was kept.
struct given_answer {
    std::int64_t row = 0;  // of the acknowledgement, once it is kept
    std::string partner;   // authenticated
    std::optional<uuid> named;
    std::string reference;
    queue::envelope envelope;  // of the certificate it answers
    int status = 0;
    std::string reason;
};

// The delivery it answers, whenever it is asked: by the id it names, else by the reference, else by
// the whole envelope the latest link that may have reached them.
std::optional<std::int64_t> answered_by(transaction& t, const given_answer& given);

// Raises the delivery by their authority's answer. True: it differs from an earlier one. Does not
// save.
bool take_answer(transaction& t, piece& p, const given_answer& given, const cause& why);

// Acknowledgements that came before anything they could be matched with, and answer this delivery.
// What this attempt proved must stand in the ledger already.
void match_pending(transaction& t, piece& p, const cause& why);

}  // namespace ecert::hub::sqlite
