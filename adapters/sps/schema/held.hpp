// Our own schema of SPSCertificate 17 (the .xsd files beside this), and what it has against a
// certificate. Element order and everything else it finds are warnings: real systems send them, and
// the rules say what an error is. Other versions are not held against it, and are told so.
//
// Thread rule: the schema is read once, at the first question; pool work.
#pragma once

#include "adapters/sps/certificate.hpp"

namespace ecert::sps {

// SPS-SCHEMA-...: 100 at most. A tree of the certificate's skeleton.
problems held_against_schema(const crypto::xml::document& skeleton, const certificate& read);

}  // namespace ecert::sps
