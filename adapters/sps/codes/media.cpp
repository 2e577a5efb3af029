#include "adapters/sps/codes/media.hpp"

#include "adapters/sps/elements.hpp"

#include <boost/algorithm/string/case_conv.hpp>

#include <iterator>

namespace ecert::sps::media {
namespace {

using namespace std::string_view_literals;

struct word {
    std::string_view text;
    kind what;
};
constexpr word magic[] = {{"\xFF\xD8\xFF"sv, kind::jpg},
                          {"GIF87a"sv, kind::gif},
                          {"GIF89a"sv, kind::gif},
                          {"\x89PNG\r\n\x1A\n"sv, kind::png},
                          {"%PDF-"sv, kind::pdf}};
constexpr word mime[] = {{"image/jpeg", kind::jpg},  {"image/jpg", kind::jpg},
                         {"image/pjpeg", kind::jpg}, {"image/gif", kind::gif},
                         {"image/png", kind::png},   {"application/pdf", kind::pdf}};
constexpr word extension[] = {{"jpg", kind::jpg},
                              {"jpeg", kind::jpg},
                              {"gif", kind::gif},
                              {"png", kind::png},
                              {"pdf", kind::pdf}};

std::string lower(std::string_view text) { return boost::algorithm::to_lower_copy(trimmed(text)); }

}  // namespace

std::string name_of(kind k) {
    switch (k) {
        case kind::jpg:
            return "JPG";
        case kind::gif:
            return "GIF";
        case kind::png:
            return "PNG";
        case kind::pdf:
            return "PDF";
        case kind::unknown:
            break;
    }
    return {};
}

kind sniffed(std::string_view first_bytes) {
    for (const auto& m : magic)
        if (first_bytes.starts_with(m.text)) return m.what;
    return kind::unknown;
}

claim claimed_by_mime(std::string_view mime_code) {
    const auto said = lower(mime_code.substr(0, mime_code.find(';')));
    if (said.empty() || said == "application/octet-stream") return {};
    for (const auto& m : mime)
        if (said == m.text) return {true, m.what};
    return {true, kind::unknown};
}

claim claimed_by_filename(std::string_view filename) {
    const auto dot = filename.rfind('.');
    if (dot == filename.npos) return {};
    const auto said = lower(filename.substr(dot + 1));
    for (const auto& e : extension)
        if (said == e.text) return {true, e.what};
    return {};
}

}  // namespace ecert::sps::media
