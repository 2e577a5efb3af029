#include "hub/ecertctl/terminal_text.hpp"

#include "config/utf8.hpp"

#include <locale.h>
#include <wchar.h>

#include <algorithm>
#include <cstdint>

namespace ecert::ctl {
namespace {

struct character {
    std::string_view bytes;
    std::uint32_t code = 0;
};

// The first character of valid UTF-8 that is not empty.
character first_of(std::string_view text) {
    const auto byte = [&](std::size_t i) { return static_cast<std::uint8_t>(text[i]); };
    const std::uint8_t lead = byte(0);
    const std::size_t length = lead < 0x80 ? 1 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
    std::uint32_t code = length == 1 ? lead : lead & (0xFFu >> (length + 1));
    for (std::size_t i = 1; i < length; ++i) code = (code << 6) | (byte(i) & 0x3Fu);
    return {text.substr(0, length), code};
}

bool is_dangerous(std::uint32_t code) {
    const bool control = code < 0x20 || (code >= 0x7F && code < 0xA0);
    const bool direction = (code >= 0x202A && code <= 0x202E) ||
                           (code >= 0x2066 && code <= 0x2069) || code == 0x200E || code == 0x200F;
    return control || direction || code == 0x2028 || code == 0x2029;
}

// The C library's table, whatever the user's locale is.
std::size_t cells_of(std::uint32_t code) {
    static const locale_t utf8 = newlocale(LC_CTYPE_MASK, "C.UTF-8", nullptr);
    const locale_t before = uselocale(utf8);
    const int cells = wcwidth(static_cast<wchar_t>(code));
    uselocale(before);
    return cells < 0 ? 1 : static_cast<std::size_t>(cells);
}

}  // namespace

std::string terminal_text(std::string_view foreign) {
    const std::string valid = valid_utf8(foreign, foreign.size() * 3);
    std::string safe;
    for (std::string_view rest = valid; !rest.empty();) {
        const character c = first_of(rest);
        safe += is_dangerous(c.code) ? "\xEF\xBF\xBD" : c.bytes;
        rest.remove_prefix(c.bytes.size());
    }
    return safe;
}

std::size_t width_of(std::string_view text) {
    std::size_t cells = 0;
    for (; !text.empty(); text.remove_prefix(first_of(text).bytes.size()))
        cells += cells_of(first_of(text).code);
    return cells;
}

std::string cut_to(std::string_view text, std::size_t cells) {
    if (width_of(text) <= cells) return std::string{text};
    std::string kept;
    for (std::size_t used = 0; !text.empty();) {
        const character c = first_of(text);
        used += cells_of(c.code);
        if (used + 1 > cells) break;
        kept += c.bytes;
        text.remove_prefix(c.bytes.size());
    }
    return kept + "…";
}

}  // namespace ecert::ctl
