// The rules of a certificate as one table: id, weight, what it looks at, and a function that gives
// what it found. A rule reads only its subject; it has no order, no state and no knowledge of the
// others.
#pragma once

#include "adapters/sps/certificate.hpp"
#include "adapters/sps/elements.hpp"

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace ecert::sps::rules {

struct subject {
    const certificate& read;
    const std::string& node;
    std::optional<time_point> now;
    sps::node root, document, consignment;
    std::vector<sps::node> lines;      // IncludedSPSTradeLineItem
    std::vector<sps::node> countries;  // identifiers of countries, wherever they stand
    std::vector<sps::node> processes;  // AppliedSPSProcess
};
subject prepare(const crypto::xml::skeleton& from, const certificate& read, const std::string& node,
                std::optional<time_point> now);

struct finding {
    std::string where, value, expected;
};
using findings = std::vector<finding>;

// essential: an error that no strictness lowers. ephyto: demanded by the IPPC's ePhyto (types 851
// and 657), good manners elsewhere.
enum class weight { essential, error, ephyto, warning, info };

struct rule {
    std::string_view id;
    weight level;
    std::string_view about;
    findings (*look)(const subject&);
};
std::span<const rule> table();

// By subject: identity.cpp, parties.cpp, goods.cpp, attachments.cpp.
findings version_unknown(const subject&);
findings type_unknown(const subject&);
findings status_unknown(const subject&);
findings issued_missing(const subject&);
findings issued_no_date(const subject&);
findings issued_in_future(const subject&);
findings replaces_itself(const subject&);
findings replacement_without_number(const subject&);

findings issuer_missing(const subject&);
findings export_country_missing(const subject&);
findings import_country_missing(const subject&);
findings export_country_not_ours(const subject&);
findings country_not_iso(const subject&);
findings consignor_missing(const subject&);
findings consignee_missing(const subject&);
findings transport_missing(const subject&);

findings line_missing(const subject&);
findings line_description_missing(const subject&);
findings line_origin_missing(const subject&);
findings line_package(const subject&);
findings process_type(const subject&);

findings attachment_empty(const subject&);
findings attachment_type(const subject&);
findings attachment_type_lies(const subject&);
findings attachment_size(const subject&);
findings attachment_mime_empty(const subject&);
findings attachment_without_name(const subject&);

}  // namespace ecert::sps::rules
