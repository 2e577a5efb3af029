#include "adapters/engine/carried.hpp"

#include <algorithm>
#include <vector>

#include "crypto/digest.hpp"
#include "crypto/xml/document.hpp"

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

failure not_base64() { return {failure_kind::invalid, "the content says base64 and is not"}; }

bool is_white(char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n'; }

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

result<crypto::source_ptr> unpack(crypto::source_ptr text, std::string_view encoding, const std::filesystem::path& spool_folder,
                                  std::uint64_t spool_threshold) {
    if (encoding.empty() || encoding == "text") return text;
    if (encoding != "base64") return failure{failure_kind::invalid, "the content has an unknown encoding"};
    crypto::spool into{spool_folder, spool_threshold};
    std::vector<char> buffer(chunk);
    std::string group;  // what stands without white space, up to the last whole four characters
    bool padded = false;
    for (std::uint64_t offset = 0; offset < text->size();) {
        const auto got = text->read(offset, buffer);
        if (got == 0) break;
        offset += got;
        std::copy_if(buffer.begin(), buffer.begin() + static_cast<std::ptrdiff_t>(got), std::back_inserter(group),
                     [](char c) { return !is_white(c); });
        const auto whole = offset < text->size() ? group.size() / 4 * 4 : group.size();
        if (whole == 0) continue;
        if (padded) return not_base64();
        auto bytes = crypto::base64_decode(std::string_view{group}.substr(0, whole));
        if (!bytes) return not_base64();
        padded = group[whole - 1] == '=';
        into.write(*bytes);
        group.erase(0, whole);
    }
    return std::move(into).finish();
}

}  // namespace ecert::engine
