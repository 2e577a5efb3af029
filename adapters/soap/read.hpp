// Reading a SOAP message, of one version or of either. What is read here is not proven yet: that is
// the security profile's work.
//
// Thread rule: pool work. Failure kinds: conflict = it is the other SOAP version; too_large,
// invalid = as the reader says.
#pragma once

#include "adapters/soap/fault.hpp"
#include "adapters/soap/write.hpp"
#include "config/result.hpp"
#include "crypto/xml/reader.hpp"

#include <optional>
#include <string>
#include <vector>

namespace ecert::soap {

struct received {
    version spoken = version::v1_2;
    crypto::xml::message message;
    soap::addressing addressing;       // as it stands, unproven
    std::optional<soap::fault> fault;  // unproven as well
    std::vector<std::string>
        demanded;  // {namespace}local of headers with mustUnderstand that are meant for us
};

// `options` without the SOAP names and prefixes, which are set here.
result<received> read(crypto::source_ptr bytes, version v, crypto::xml::message_options options);
// Whichever of these it is in; one at least.
result<received> read(crypto::source_ptr bytes, const std::vector<version>& any_of,
                      crypto::xml::message_options options);

}  // namespace ecert::soap
