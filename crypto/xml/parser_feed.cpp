#include "crypto/xml/parser_feed.hpp"

#include <algorithm>
#include <string_view>
#include <utility>

namespace ecert::crypto::xml {
namespace {

constexpr std::string_view again = "]]><![CDATA[";
constexpr std::uint64_t cdata_piece = 64 << 10;

// How many of the bytes may come before the section is broken; 0: none of the first few places will
// do. Not inside a character, a CR LF, or what ends the section.
std::size_t place_to_break(std::string_view bytes) {
    const auto last = std::min<std::size_t>(bytes.size(), 64);
    for (std::size_t i = 1; i + 2 < last; ++i) {
        const char previous = bytes[i - 1];
        const bool in_character = (static_cast<unsigned char>(bytes[i]) & 0xC0) == 0x80;
        const bool in_line_end = previous == '\r' && bytes[i] == '\n';
        const bool in_end = previous == ']' && (bytes[i] == '>' || bytes[i + 1] == '>');
        if (!in_character && !in_line_end && !in_end) return i;
    }
    return 0;
}

}  // namespace

parser_feed::parser_feed(utf8_text from, const limits& within)
    : from_{std::move(from)}, guard_{within}, at_{from_.begins} {}

std::size_t parser_feed::read(std::span<char> into) {
    if (std::exchange(break_next_, false)) {
        added_ += again.size();
        return again.copy(into.data(), into.size());
    }
    auto got = from_.text->read(at_, into);
    const bool long_section =
        open_cdata() >= broken_at_ + cdata_piece && into.size() > again.size();
    if (const auto place = long_section ? place_to_break({into.data(), got}) : 0; place > 0) {
        got = place;
        break_next_ = true;
    }
    at_ += got;
    breach_ = guard_.look({into.data(), got});
    break_next_ = break_next_ && open_cdata() > 0;
    if (break_next_ || open_cdata() == 0) broken_at_ = open_cdata();
    return got;
}

}  // namespace ecert::crypto::xml
