// What is found in a certificate that came from abroad, whichever way: pushed to our door, or
// fetched by us. What follows from it is each way's own.
#pragma once

#include "adapters/engine/engine.hpp"
#include "config/settings.hpp"
#include "hub/partner/agreement.hpp"

#include <string>

namespace ecert::hub {

struct inspected {
    problems found;         // all findings of reader, rules and schema
    bool readable = false;  // a certificate could be read from it
    problems refused;       // errors: what of it no certificate of this partner may have
    agreement held;         // against envelope and countries
};

struct held_to {
    queue::envelope envelope;
    std::string partner, node;  // the codes of the two sides of the line
    strictness by = strictness::lenient;
};

// Pool thread. Where `by` is lenient, findings refuse nothing but what cannot be read.
inspected inspect(const crypto::source_ptr& content, const engine::tools& with,
                  const held_to& what);

}  // namespace ecert::hub
