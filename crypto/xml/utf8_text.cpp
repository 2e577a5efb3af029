#include "crypto/xml/utf8_text.hpp"

#include "config/utf8.hpp"
#include "crypto/handle.hpp"

#include <iconv.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>

namespace ecert::crypto::xml {
namespace {

using namespace std::string_view_literals;

constexpr std::size_t chunk = 64 << 10;
constexpr std::uint64_t kept_in_memory = 1 << 20;

struct encoding_row {
    std::string_view name;
    bool many_bytes;  // a character may be several bytes
};

constexpr std::array encodings{
    encoding_row{"ISO-8859-1", false},   encoding_row{"ISO-8859-2", false},
    encoding_row{"ISO-8859-3", false},   encoding_row{"ISO-8859-4", false},
    encoding_row{"ISO-8859-5", false},   encoding_row{"ISO-8859-6", false},
    encoding_row{"ISO-8859-7", false},   encoding_row{"ISO-8859-8", false},
    encoding_row{"ISO-8859-9", false},   encoding_row{"ISO-8859-10", false},
    encoding_row{"ISO-8859-13", false},  encoding_row{"ISO-8859-14", false},
    encoding_row{"ISO-8859-15", false},  encoding_row{"ISO-8859-16", false},
    encoding_row{"WINDOWS-1250", false}, encoding_row{"WINDOWS-1251", false},
    encoding_row{"WINDOWS-1252", false}, encoding_row{"WINDOWS-1253", false},
    encoding_row{"WINDOWS-1254", false}, encoding_row{"WINDOWS-1257", false},
    encoding_row{"WINDOWS-1258", false}, encoding_row{"KOI8-R", false},
    encoding_row{"TIS-620", false},      encoding_row{"GB2312", true},
    encoding_row{"GBK", true},           encoding_row{"GB18030", true},
    encoding_row{"BIG5", true},          encoding_row{"SHIFT_JIS", true},
    encoding_row{"EUC-JP", true},        encoding_row{"EUC-KR", true},
};

struct found_encoding {
    std::string_view name;  // empty: UTF-8
    bool many_bytes = false;
    bool certain = true;
    std::uint64_t begins = 0;
};

// The value of encoding="..." in an XML declaration, in capitals; empty without one.
std::string declared(std::string_view begin) {
    if (!begin.starts_with("<?xml")) return {};
    begin = begin.substr(0, begin.find("?>"));
    const auto word = begin.find("encoding");
    if (word == std::string_view::npos) return {};
    const auto quote = begin.find_first_of("\"'", word);
    if (quote == std::string_view::npos) return {};
    std::string name{begin.substr(quote + 1, begin.find(begin[quote], quote + 1) - quote - 1)};
    std::transform(name.begin(), name.end(), name.begin(),
                   [](char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c; });
    return name;
}

problem unknown(std::string_view name) {
    return {.id = "XML-ENCODING",
            .where = "line 1",
            .value = valid_utf8(name, 100),
            .expected = "UTF-8, UTF-16, or an encoding of ISO-8859, Windows, GB18030 or Big5"};
}

std::variant<found_encoding, problem> encoding_of(std::string_view begin) {
    if (begin.starts_with("\xEF\xBB\xBF"sv)) return found_encoding{.begins = 3};
    if (begin.starts_with("\xFF\xFE\0\0"sv) || begin.starts_with("\0\0"sv) ||
        begin.starts_with("<\0\0\0"sv))
        return unknown("UTF-32");
    if (begin.starts_with("\xFF\xFE"sv)) return found_encoding{.name = "UTF-16LE", .begins = 2};
    if (begin.starts_with("\xFE\xFF"sv)) return found_encoding{.name = "UTF-16BE", .begins = 2};
    if (begin.starts_with("<\0"sv)) return found_encoding{.name = "UTF-16LE"};
    if (begin.starts_with("\0<"sv)) return found_encoding{.name = "UTF-16BE"};
    const auto name = declared(begin);
    // "utf-16" over bytes that are not: a text that a program held as UTF-16 and sent as UTF-8.
    if (name.empty() || name.starts_with("UTF-8") || name == "UTF8" || name.ends_with("ASCII") ||
        name.starts_with("UTF-16"))
        return found_encoding{};
    const auto* row = std::find_if(encodings.begin(), encodings.end(),
                                   [&](const auto& e) { return e.name == name; });
    if (row == encodings.end()) return unknown(name);
    return found_encoding{.name = row->name, .many_bytes = row->many_bytes, .certain = false};
}

// The longest UTF-8 sequence in the bytes; 0 if they are not UTF-8. Two bytes of a double-byte
// encoding may look like a character of UTF-8 by chance, three in a row that all fit hardly ever.
class utf8_check {
  public:
    bool look(std::string_view bytes) {
        for (const char c : bytes) {
            const auto b = static_cast<unsigned char>(c);
            if (missing_ > 0) {
                if ((b & 0xC0) != 0x80) return false;
                --missing_;
            } else if (b >= 0x80) {
                if (b < 0xC2 || b > 0xF4) return false;
                missing_ = b >= 0xF0 ? 3 : b >= 0xE0 ? 2 : 1;
                longest_ = std::max(longest_, missing_ + 1);
            }
        }
        return true;
    }
    unsigned longest() const { return missing_ > 0 ? 0 : longest_; }

  private:
    unsigned missing_ = 0, longest_ = 1;
};

bool is_utf8_all_the_same(const source& from, bool many_bytes) {
    utf8_check check;
    std::string buffer(chunk, '\0');
    for (std::uint64_t at = 0;;) {
        const auto got = from.read(at, buffer);
        if (got == 0) break;
        if (!check.look({buffer.data(), got})) return false;
        at += got;
    }
    return check.longest() == 1 || check.longest() >= (many_bytes ? 3u : 2u);
}

using converter = handle<void, iconv_close>;

// The whole of `from` in UTF-8, or the offset of the first bytes that are no character.
std::variant<source_ptr, std::uint64_t> converted(const source& from, const found_encoding& as,
                                                  const std::filesystem::path& folder) {
    const auto opened = iconv_open("UTF-8", std::string{as.name}.c_str());
    if (opened == reinterpret_cast<iconv_t>(-1))
        throw std::system_error(errno, std::generic_category(), "iconv " + std::string{as.name});
    const converter with{opened};
    spool into{folder, kept_in_memory};
    std::string raw(chunk, '\0'), made(4 * chunk, '\0');
    std::uint64_t at = as.begins;
    while (const auto got = from.read(at, raw)) {
        char *in = raw.data(), *out = made.data();
        std::size_t in_left = got, out_left = made.size();
        const auto done = iconv(with.get(), &in, &in_left, &out, &out_left);
        const bool cut = done == static_cast<std::size_t>(-1) && errno == EINVAL;
        into.write({made.data(), made.size() - out_left});
        at += got - in_left;
        if (done == static_cast<std::size_t>(-1) && (!cut || in_left == got)) return at;
    }
    return std::move(into).finish();
}

}  // namespace

std::variant<utf8_text, problem> as_utf8(source_ptr document,
                                         const std::filesystem::path& spool_folder) {
    std::array<char, 256> buffer;
    const auto got = document->read(0, buffer);
    const auto encoding = encoding_of({buffer.data(), got});
    if (const auto* wrong = std::get_if<problem>(&encoding)) return *wrong;
    const auto& e = std::get<found_encoding>(encoding);
    if (e.name.empty() || (!e.certain && is_utf8_all_the_same(*document, e.many_bytes)))
        return utf8_text{std::move(document), e.begins};
    auto copy = converted(*document, e, spool_folder);
    if (const auto* at = std::get_if<std::uint64_t>(&copy))
        return problem{.id = "XML-ENCODING",
                       .where = "byte " + std::to_string(*at),
                       .expected = std::string{e.name}};
    return utf8_text{std::get<source_ptr>(std::move(copy)), 0};
}

}  // namespace ecert::crypto::xml
