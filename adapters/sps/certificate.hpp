// What the node needs to know of an SPSCertificate (UN/CEFACT, any version: matched by local
// structure and the family of its namespaces urn:un:unece:uncefact:data:standard:SPSCertificate:N),
// read from a skeleton.
//
// Thread rule: everything here is a function of its arguments; a certificate's slots live as long
// as the skeleton it was read from.
#pragma once

#include "config/clock.hpp"
#include "config/problem.hpp"
#include "config/settings.hpp"
#include "crypto/xml/reader.hpp"
#include "queue/envelope.hpp"

#include <optional>
#include <string>
#include <vector>

namespace ecert::sps {

struct attachment {
    crypto::xml::node at;  // the AttachmentBinaryObject
    std::string filename;
    std::optional<std::string> mime_code;     // as written; nullopt: no such attribute
    std::string uri;                          // set: the content is elsewhere
    bool has_text = false;                    // binary content, slotted or not
    const crypto::xml::slot* slot = nullptr;  // null: empty, by uri, or not base64
};

struct certificate {
    int version = 0;     // 17, 8 ...: of the namespace
    std::string number;  // SPSExchangedDocument/ID
    int type = 0;        // TypeCode
    int status = 0;      // StatusCode
    std::string issued;  // IssueDateTime as written
    std::string issuer;
    std::string export_country;  // ISO alpha-2
    std::string import_country;
    std::vector<std::string> transit_countries;
    std::vector<std::string> replaces;  // ADRPN notes: numbers it replaces
    std::vector<attachment> attachments;
};

// The elements whose text is slotted: AttachmentBinaryObject of whatever ram version. For
// skeleton_options::slotted_families.
std::vector<crypto::xml::name> attachment_elements();

// How XML, and a certificate, is read under the limits that the node was told: the same wherever
// something is taken in.
crypto::xml::limits xml_limits(const limit_settings& from);
crypto::xml::skeleton_options reading_options(const limit_settings& from,
                                              std::filesystem::path spool_folder);

// Whether what was read can be judged: a document whose attachments alone are no base64 is still a
// certificate with more to be said of it.
bool can_be_judged(const crypto::xml::skeleton_result& read);

struct read_certificate {
    certificate value;
    problems found;  // SPS-... : not an SPSCertificate at all, or number, type, status that cannot
                     // be read
};
read_certificate read(const crypto::xml::skeleton& from);

// The rule table (rules/): all findings beyond those of read(), errors and warnings, each with a
// stable id. Strictness is by the caller. node: the export country that is right; empty: any. now:
// dates are held against it; unset: against nothing.
problems check(const crypto::xml::skeleton& from, const certificate& read, const std::string& node,
               std::optional<time_point> now = std::nullopt);

// IssueDateTime as the many clients write it: RFC 3339, the same without zone or seconds (taken as
// UTC), a date (with or without zone), or CCYYMMDD (UNTDID 2379, 102).
std::optional<time_point> parse_issue_time(std::string_view text);

}  // namespace ecert::sps
