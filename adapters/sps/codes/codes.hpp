// The code lists that the rules know: data, the .txt files beside this. What is not in them is
// carried through with a finding: lists grow, certificates must not wait for us.
//
// Thread rule: read once, at the first question; any thread.
#pragma once

#include <string_view>

namespace ecert::sps::codes {

bool is_version(int spscertificate);  // of the SPSCertificate message
bool is_type(int untdid_1001);        // documents that may be an SPS certificate
bool is_status(int untdid_4405);
bool is_country(std::string_view alpha_2);  // ISO 3166-1 alpha-2, officially assigned
bool is_package(std::string_view untdid_7065);
bool is_unit(std::string_view rec_20);         // of those that certificates use
bool has_form_of_unit(std::string_view code);  // two or three capital letters and digits
bool is_signatory(std::string_view untdid_9417);
bool is_locode(std::string_view code);  // by its form: a country and three letters or digits

// The IPPC's own words for types 851 and 657.
bool is_document_note(std::string_view subject);
bool is_line_note(std::string_view subject);
bool is_treatment_note(std::string_view key);
bool is_classification(std::string_view system);
bool is_relation(std::string_view code);

}  // namespace ecert::sps::codes
