// SOAP faults of both versions, written and read. Codes by local name: Sender and Client are the
// same thing said in two versions, and are kept as each version says them.
#pragma once

#include "adapters/soap/names.hpp"
#include "crypto/xml/document.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace ecert::soap {

struct fault {
    std::string code;  // Sender, Receiver, MustUnderstand, VersionMismatch; 1.1: Client, Server ...
    std::vector<std::string> subcodes;  // outermost first, local names; 1.1: after the dots
    std::string reason;
    std::string detail;                        // text below detail
    bool names(std::string_view local) const;  // as code or subcode
};

// Body's content. The subcode's prefix must be declared on Envelope (assemble): wsse, wsu, or f.
// In 1.1 `wsse:` subcodes are the faultcode itself (WS-Security 1.1, 12), others go after a dot.
// `detail` is one element, canonical by itself; empty: no detail.
std::string write_fault(version v, std::string_view code, std::string_view subcode,
                        std::string_view reason, std::string_view detail = {});

// The fault in this Body; nullopt: none.
std::optional<fault> read_fault(version v, const crypto::xml::node& body);

// HTTP status a fault of this code is sent with.
int fault_status(version v, std::string_view code);

}  // namespace ecert::soap
