// SPSAcknowledgement (UN/CEFACT, version 17; others by the family of their namespaces): what an
// authority answers to a certificate. Not to be taken for a receipt, by which a system says that it
// has it.
//
// Thread rule: functions of their arguments.
#pragma once

#include "config/problem.hpp"
#include "crypto/xml/document.hpp"

#include <string>
#include <vector>

namespace ecert::sps {

struct acknowledgement {
    struct reference {         // ReferenceSPSReferencedDocument: the certificate, and others
        int type = 0;          // UNTDID 1001; 0: not said
        std::string relation;  // RelationshipTypeCode, such as ZZZ, CAW
        std::string id;        // of a certificate: its number
        bool operator==(const reference&) const = default;
    };

    int status = 0;                // StatusCode, UNTDID 4405: 39 approved, 41 rejected ...
    std::string issued;            // IssueDateTime as written; empty: not said
    std::string reason, language;  // ReasonInformation and its languageID
    std::vector<reference> references;
    bool operator==(const acknowledgement&) const = default;
};

// For whom `status` is an answer that decides: 39 approved and 70 issued accept (EU TRACES says
// 70), 41 rejects. Others are carried through and decide nothing.
bool accepts(const acknowledgement& a);
bool rejects(const acknowledgement& a);

struct read_acknowledgement {
    acknowledgement value;
    problems found;  // SPS-NOT-AN-ACKNOWLEDGEMENT, SPS-STATUS-...
};
// root: the SPSAcknowledgement element, in a document of its own or inside a message.
read_acknowledgement read_acknowledgement_of(const crypto::xml::node& root);

// As a document in the order of the IPPC Hub's contract. What is empty is left out.
crypto::xml::document write(const acknowledgement& a);

}  // namespace ecert::sps
