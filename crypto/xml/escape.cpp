#include "crypto/xml/escape.hpp"

#include "crypto/xml/document.hpp"

#include <array>
#include <cstdint>

namespace ecert::crypto::xml {
namespace {

using escapes = std::array<std::string_view, 128>;

constexpr escapes in_text = [] {
    escapes e{};
    e['&'] = "&amp;";
    e['<'] = "&lt;";
    e['>'] = "&gt;";
    e['\r'] = "&#xD;";
    return e;
}();

constexpr escapes in_attribute = [] {
    escapes e{};
    e['&'] = "&amp;";
    e['<'] = "&lt;";
    e['"'] = "&quot;";
    e['\t'] = "&#x9;";
    e['\n'] = "&#xA;";
    e['\r'] = "&#xD;";
    return e;
}();

// What a byte needs is asked of one small table; most need nothing.
constexpr std::array<bool, 256> special(const escapes& as) {
    std::array<bool, 256> is{};
    for (std::size_t c = 0; c < as.size(); ++c) is[c] = !as[c].empty();
    return is;
}

template <const escapes& As>
void append(std::string& out, std::string_view text) {
    static constexpr auto is_special = special(As);
    std::size_t plain = 0;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const auto c = static_cast<unsigned char>(text[i]);
        if (!is_special[c]) continue;
        out.append(text, plain, i - plain);
        out += As[c];
        plain = i + 1;
    }
    out.append(text, plain);
}

// The length of the XML character that `text` begins with; 0: none is there.
std::size_t character(std::string_view text) {
    const auto at = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
    const unsigned first = at(0);
    if (first < 0x80) return first >= 0x20 || first == '\t' || first == '\n' || first == '\r';
    const std::size_t length = first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : 2;
    if (first < 0xC2 || first > 0xF4 || text.size() < length) return 0;
    std::uint32_t code = first & (0xFF >> (length + 1));
    for (std::size_t i = 1; i < length; ++i) {
        if ((at(i) & 0xC0) != 0x80) return 0;
        code = code << 6 | (at(i) & 0x3F);
    }
    constexpr std::array<std::uint32_t, 5> least{0, 0, 0x80, 0x800, 0x10000};
    const bool surrogate = code >= 0xD800 && code <= 0xDFFF;
    const bool none = code == 0xFFFE || code == 0xFFFF || code > 0x10FFFF || code < least[length];
    return surrogate || none ? 0 : length;
}

}  // namespace

void append_text(std::string& out, std::string_view text) { append<in_text>(out, text); }
void append_attribute(std::string& out, std::string_view value) {
    append<in_attribute>(out, value);
}

std::string escape_text(std::string_view text) {
    std::string out;
    out.reserve(text.size() + text.size() / 8);
    append_text(out, text);
    return out;
}

std::string escape_attribute(std::string_view text) {
    std::string out;
    append_attribute(out, text);
    return out;
}

bool is_xml_text(std::string_view utf8) {
    while (!utf8.empty()) {
        const auto length = character(utf8);
        if (length == 0) return false;
        utf8.remove_prefix(length);
    }
    return true;
}

std::string carried(std::string_view text) {
    std::string out;
    out.reserve(text.size());
    while (!text.empty()) {
        const auto length = character(text);
        out += length == 0 ? std::string_view{"\xEF\xBF\xBD"} : text.substr(0, length);
        text.remove_prefix(length == 0 ? 1 : length);
    }
    return out;
}

}  // namespace ecert::crypto::xml
