// What is found in a certificate that came from abroad, whichever way: pushed to our door, or
// fetched by us. What follows from it is each way's own.
#pragma once

#include "adapters/engine/engine.hpp"
#include "hub/partner/agreement.hpp"

#include <string>

namespace ecert::hub {

struct inspected {
    problems found;         // all findings of reader and rules
    bool readable = false;  // a certificate could be read from it
    agreement held;         // against envelope and countries
};

// Pool thread. `partner` and `node`: the codes of the two sides of the line.
inspected inspect(const crypto::source_ptr& content, const engine::tools& with,
                  const queue::envelope& envelope, const std::string& partner,
                  const std::string& node);

// The errors of `found`, each with its place, for the people at the other end.
std::string told(const problems& found);

}  // namespace ecert::hub
