#include "adapters/engine/carried.hpp"

#include "crypto/base64.hpp"
#include "crypto/xml/document.hpp"

#include <algorithm>
#include <array>
#include <vector>

namespace ecert::engine {
namespace {

constexpr std::size_t chunk = 64 * 1024;

// Bytes at the end that begin a character and do not end it.
std::size_t open_end(std::string_view bytes) {
    for (std::size_t back = 1; back <= 3 && back <= bytes.size(); ++back) {
        const auto byte = static_cast<unsigned char>(bytes[bytes.size() - back]);
        if ((byte & 0xC0) == 0x80) continue;
        const std::size_t length = byte >= 0xF0 ? 4 : byte >= 0xE0 ? 3 : byte >= 0xC0 ? 2 : 1;
        return length > back ? back : 0;
    }
    return 0;
}

// No base64 begins so, and every XML document does.
bool begins_as_markup(const crypto::source& text) {
    std::vector<char> head(256);
    std::string_view bytes{head.data(), text.read(0, head)};
    if (bytes.starts_with("\xEF\xBB\xBF")) bytes.remove_prefix(3);
    const auto first = bytes.find_first_not_of(" \t\r\n");
    return first == bytes.npos || bytes[first] == '<';
}

failure not_base64() { return {failure_kind::invalid, "the content says base64 and is not"}; }

}  // namespace

std::string_view encoding_for(const crypto::source& content) {
    std::vector<char> buffer(chunk + 4);
    std::size_t kept = 0;
    for (std::uint64_t offset = 0; offset < content.size();) {
        const auto got = content.read(offset, std::span{buffer}.subspan(kept, chunk));
        if (got == 0) break;
        std::string_view bytes{buffer.data(), kept + got};
        if (offset == 0 && bytes.starts_with("\xEF\xBB\xBF")) return "base64";
        offset += got;
        kept = offset < content.size() ? open_end(bytes) : 0;
        const auto whole = bytes.substr(0, bytes.size() - kept);
        if (!crypto::xml::is_xml_text(whole)) return "base64";
        std::copy(bytes.end() - static_cast<std::ptrdiff_t>(kept), bytes.end(), buffer.begin());
    }
    return "text";
}

result<crypto::source_ptr> unpack(crypto::source_ptr text, std::string_view encoding,
                                  const std::filesystem::path& spool_folder,
                                  std::uint64_t spool_threshold) {
    if (encoding.empty() || encoding == "text") return text;
    if (encoding == "either") {
        if (begins_as_markup(*text)) return text;
        auto decoded = unpack(text, "base64", spool_folder, spool_threshold);
        return decoded ? decoded : result<crypto::source_ptr>{text};
    }
    if (encoding != "base64")
        return failure{failure_kind::invalid, "the content has an unknown encoding"};
    crypto::spool into{spool_folder, spool_threshold};
    crypto::base64_decoder decode;
    std::vector<char> buffer(chunk);
    std::string bytes;
    for (std::uint64_t offset = 0; offset < text->size(); bytes.clear()) {
        const auto got = text->read(offset, buffer);
        if (got == 0) break;
        offset += got;
        if (!decode.update({buffer.data(), got}, bytes)) return not_base64();
        into.write(bytes);
    }
    if (!decode.finish(bytes)) return not_base64();
    into.write(bytes);
    return std::move(into).finish();
}

crypto::source_ptr from_declaration_on(crypto::source_ptr text) {
    std::array<char, 256> first;
    const std::string_view head{first.data(), text->read(0, first)};
    const auto at = head.find_first_not_of(" \t\r\n");
    if (at == 0 || at == head.npos || !head.substr(at).starts_with("<?xml")) return text;
    const auto left = text->size() - at;
    return crypto::from_pieces({crypto::slice{std::move(text), at, left}});
}

}  // namespace ecert::engine
