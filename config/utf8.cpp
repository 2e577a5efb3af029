#include "config/utf8.hpp"

#include <cstdint>

namespace ecert {
namespace {

// Bytes of the well-formed sequence (Unicode, table 3-7) at the front of a text that is not empty;
// 0: none.
std::size_t well_formed(std::string_view text) {
    const auto byte = [&](std::size_t i) { return static_cast<std::uint8_t>(text[i]); };
    const std::uint8_t first = byte(0);
    if (first < 0x80) return 1;
    if (first < 0xC2 || first > 0xF4) return 0;
    const std::size_t length = first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4;
    if (text.size() < length) return 0;
    for (std::size_t i = 1; i < length; ++i) {
        if ((byte(i) & 0xC0) != 0x80) return 0;
    }
    const std::uint8_t second = byte(1);
    const bool overlong = (first == 0xE0 && second < 0xA0) || (first == 0xF0 && second < 0x90);
    const bool surrogate = first == 0xED && second > 0x9F;
    const bool beyond = first == 0xF4 && second > 0x8F;
    return overlong || surrogate || beyond ? 0 : length;
}

}  // namespace

std::string valid_utf8(std::string_view text, std::size_t most) {
    std::string valid;
    while (!text.empty()) {
        const std::size_t length = well_formed(text);
        const std::string_view piece = length == 0 ? "\xEF\xBF\xBD" : text.substr(0, length);
        if (valid.size() + piece.size() > most) break;
        valid += piece;
        text.remove_prefix(length == 0 ? 1 : length);
    }
    return valid;
}

}  // namespace ecert
