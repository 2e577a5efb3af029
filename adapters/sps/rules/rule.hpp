// The rules of a certificate as one table: id, weight, whom it concerns, what it looks at, and a
// function that gives what it found. A rule reads only its subject; it has no order, no state and
// no knowledge of the others.
#pragma once

#include "adapters/sps/certificate.hpp"
#include "adapters/sps/elements.hpp"

#include <cstdint>
#include <initializer_list>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace ecert::sps::rules {

// A note as an ePhyto has it: a Subject that is a code, and a Content.
struct note {
    sps::node at;
    std::string subject;  // empty for TRACES', which have a SubjectCode
    std::string content;
};
using notes = std::vector<note>;
notes about(const notes& all, std::string_view subject);

struct trade_line {  // IncludedSPSTradeLineItem
    sps::node at;
    rules::notes notes;
    operator const sps::node&() const { return at; }
};

struct subject {
    const certificate& read;
    const std::string& node;
    std::optional<time_point> now;
    std::uint64_t size = 0;  // of the document as it came
    bool ephyto = false;     // one of the IPPC's documents: types 851 and 657
    sps::node root, document, consignment;
    rules::notes notes;                 // of the document
    std::vector<trade_line> lines;      // without TRACES' line of totals
    std::vector<sps::node> countries;   // identifiers of countries, wherever they stand
    std::vector<sps::node> processes;   // AppliedSPSProcess
    std::vector<sps::node> references;  // ReferenceSPSReferencedDocument of the document
};
subject prepare(const crypto::xml::skeleton& from, const certificate& read, const std::string& node,
                std::optional<time_point> now);

// Where: an element, and what is below it (one that is missing, an attribute). Written as a path
// only for what is told.
struct place {
    sps::node at;
    std::string below{};
    place(sps::node element) : at{element} {}
    place(sps::node element, std::string path) : at{element}, below{std::move(path)} {}
    std::string path() const { return (at ? at.path() : std::string{}) + below; }
};
using steps = std::initializer_list<std::string_view>;
place below(const sps::node& from, steps path);  // whether it is there or not
place attribute_of(const sps::node& element, std::string_view name);

struct finding {
    place where;
    std::string value, expected;
};
using findings = std::vector<finding>;
findings missing_text(const subject& s, steps path);  // of the root: one, if nothing stands there

// essential: an error that no strictness lowers. ephyto: an error for the IPPC's documents, good
// manners elsewhere.
enum class weight { essential, error, ephyto, warning, info };
enum class scope { every, ephyto };  // ephyto: says nothing of other documents

struct rule {
    std::string_view id;
    weight level;
    scope concerns;
    std::string_view about;
    findings (*look)(const subject&);
};
std::span<const rule> table();

// identity.cpp
findings version_unknown(const subject&);
findings type_unknown(const subject&);
findings status_unknown(const subject&);
findings issued_missing(const subject&);
findings issued_no_date(const subject&);
findings issued_in_future(const subject&);
findings certificate_size(const subject&);

// replacement.cpp
findings replaces_itself(const subject&);
findings replacement_without_number(const subject&);
findings replacement_statement_missing(const subject&);
findings replacement_date(const subject&);

// reexport.cpp
findings reexport_original_missing(const subject&);
findings reexport_country_missing(const subject&);
findings reexport_country_not_iso(const subject&);
findings reexport_statement_missing(const subject&);
findings reexport_answer(const subject&);
findings reexport_copy_missing(const subject&);
findings reexport_unexpected(const subject&);

// notes.cpp
findings note_subject(const subject&);
findings note_empty(const subject&);
findings quantity_unpaired(const subject&);

// signatory.cpp
findings signatory_missing(const subject&);
findings signatory_type(const subject&);
findings issue_place_missing(const subject&);
findings clause_missing(const subject&);
findings clause_id(const subject&);

// parties.cpp
findings issuer_missing(const subject&);
findings export_country_missing(const subject&);
findings import_country_missing(const subject&);
findings export_country_not_ours(const subject&);
findings country_not_iso(const subject&);
findings consignor_missing(const subject&);
findings consignee_missing(const subject&);

// transport.cpp
findings transport_missing(const subject&);
findings transport_mode(const subject&);
findings port_not_locode(const subject&);

// goods.cpp
findings line_missing(const subject&);
findings line_sequence(const subject&);
findings line_description_missing(const subject&);
findings line_origin_missing(const subject&);
findings classification_unknown(const subject&);
findings hs_code(const subject&);

// measures.cpp
findings line_package(const subject&);
findings package_type_unknown(const subject&);
findings package_level(const subject&);
findings measure_negative(const subject&);
findings net_over_gross(const subject&);
findings unit_missing(const subject&);
findings unit_no_code(const subject&);
findings unit_unknown(const subject&);

// treatments.cpp
findings process_type(const subject&);
findings process_key(const subject&);
findings process_text_missing(const subject&);
findings process_period(const subject&);

// attachments.cpp
findings attachment_empty(const subject&);
findings attachment_type(const subject&);
findings attachment_type_lies(const subject&);
findings attachment_size(const subject&);
findings attachment_mime_empty(const subject&);
findings attachment_without_name(const subject&);
findings reference_relation(const subject&);
findings reference_date(const subject&);

}  // namespace ecert::sps::rules
