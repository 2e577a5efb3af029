// Foreign text on a terminal: certificate numbers and peers' words may hold anything, escape
// sequences too.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace ecert::ctl {

// Valid UTF-8 in which every control character (C0, DEL, C1, and those that turn the direction of
// text) is U+FFFD.
std::string terminal_text(std::string_view foreign);

// Cells it takes on a terminal: two for most East Asian characters.
std::size_t width_of(std::string_view text);

// At most so many cells; what was cut off ends in an ellipsis.
std::string cut_to(std::string_view text, std::size_t cells);

}  // namespace ecert::ctl
