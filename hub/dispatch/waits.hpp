// What waits for what outside the ledger, as people read it. Pure.
#pragma once

#include "hub/ledger/ledger.hpp"
#include "queue/transport.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace ecert::hub {

// What is due while it cannot be published.
struct due_now {
    std::uint64_t pieces = 0;
    std::uint64_t partners = 0;
    bool at_least = false;  // somebody has more than is counted
};
due_now sum_of(const std::vector<due_partner>& due);

// `stalled`: partners whose own queue takes nothing. Empty: nothing waits.
std::vector<std::string> what_waits(const queue::transport_state& queue, const due_now& due,
                                    const std::vector<std::string>& stalled);

}  // namespace ecert::hub
