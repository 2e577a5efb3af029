// A certificate that arrived, held against what its envelope says of it and against the two
// countries of the line.
//
// What the envelope misstates is refused at once: number, type and status are what chains, rules
// and answers go by, and the sender's system can put them right. A country that is not ours or not
// the sender's may have its reason (a copy for the country of transit, a body that sends for its
// members): it is stored with a finding, and somebody is told.
#pragma once

#include "adapters/sps/certificate.hpp"
#include "config/problem.hpp"
#include "queue/envelope.hpp"

#include <string>

namespace ecert::hub {

struct agreement {
    problems refused;  // errors: SPS-ENVELOPE-...
    problems kept;     // warnings: SPS-IMPORT-COUNTRY-NOT-OURS, SPS-EXPORT-COUNTRY-NOT-OURS
};

// Pure. partner and node: their codes. A code that is no country, with or without digits behind it
// (LK2), speaks for many: no country contradicts it.
agreement agree(const sps::certificate& arrived, const queue::envelope& with,
                const std::string& partner, const std::string& node);

}  // namespace ecert::hub
