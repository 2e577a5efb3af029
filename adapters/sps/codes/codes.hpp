// The code lists that the rules know. What is not in them is carried through with a warning: lists
// grow, certificates must not wait for us.
#pragma once

#include <string_view>

namespace ecert::sps::codes {

bool is_version(int spscertificate);  // of the SPSCertificate message
bool is_type(int untdid_1001);        // documents that may be an SPS certificate
bool is_status(int untdid_4405);
bool is_country(std::string_view alpha_2);  // ISO 3166-1 alpha-2, officially assigned

}  // namespace ecert::sps::codes
