// Appends text as canonical XML writes it (document.hpp has the functions that return strings).
#pragma once

#include <string>
#include <string_view>

namespace ecert::crypto::xml {

void append_text(std::string& out, std::string_view text);        // & < > CR
void append_attribute(std::string& out, std::string_view value);  // & < " TAB LF CR

// The text itself if XML can carry it, else with U+FFFD for every byte or character it cannot.
std::string carried(std::string_view text);

}  // namespace ecert::crypto::xml
