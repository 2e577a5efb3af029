// The chain of one number to one partner: what a push is in the light of the links before it. Pure
// over the links it is given.
#pragma once

#include "hub/ledger/sqlite/piece.hpp"

#include <optional>
#include <vector>

namespace ecert::hub::sqlite {

constexpr int status_withdrawn = 40;

struct chain {
    std::int64_t id = 0;
    std::vector<delivery_row> links;  // in order
    std::string reason;  // of the latest link, when it is refused, rejected or cancelled
    const delivery_row* latest() const { return links.empty() ? nullptr : &links.back(); }
};

// The chain of (agency, number, partner), made if it is new.
chain load_chain(transaction& t, const std::string& agency, const std::string& number,
                 const std::string& partner);

struct placed {
    enum class how { repeat, next, refused } what = how::next;
    const delivery_row* repeats = nullptr;
    std::uint32_t occurrence = 0;
    conflict why;                             // refused
    std::vector<const delivery_row*> closes;  // superseded: earlier links of this type and status
    const delivery_row* undoes = nullptr;     // withdrawn before they took it: both are cancelled
};
placed place(const chain& c, const accept_request& what);

// They never took it: never transmitted, or refused.
bool never_taken(const piece& p);

}  // namespace ecert::hub::sqlite
