// What the node needs to know of an SPSCertificate (UN/CEFACT, any version: matched by local structure and the family of its
// namespaces urn:un:unece:uncefact:data:standard:SPSCertificate:N), read from a skeleton.
#pragma once

#include <string>
#include <vector>

#include "config/problem.hpp"
#include "crypto/xml/reader.hpp"
#include "queue/envelope.hpp"

namespace ecert::sps {

struct attachment {
    std::string path;       // XPath of the AttachmentBinaryObject
    std::string filename;
    std::string mime_code;
    const crypto::xml::slot* slot = nullptr;  // null: empty or by uri
};

struct certificate {
    int version = 0;                    // 17, 8 ...: of the namespace
    std::string number;                 // SPSExchangedDocument/ID
    int type = 0;                       // TypeCode
    int status = 0;                     // StatusCode
    std::string issued;                 // IssueDateTime as written
    std::string issuer;
    std::string export_country;         // ISO alpha-2
    std::string import_country;
    std::vector<std::string> replaces;  // ADRPN notes: numbers it replaces
    std::vector<attachment> attachments;
};

// The elements whose text is slotted: AttachmentBinaryObject of every ram version we know.
std::vector<crypto::xml::name> attachment_elements();

struct read_certificate {
    certificate value;
    problems found;      // SPS-... : not an SPSCertificate at all, or identity fields that cannot be read
};
read_certificate read(const crypto::xml::skeleton& from);

// The rule table (rules/): all findings, errors and warnings, each with a stable id. Strictness is by the caller.
problems check(const crypto::xml::skeleton& from, const certificate& read, const std::string& node);

}  // namespace ecert::sps
