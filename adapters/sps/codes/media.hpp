// The file types that an attachment may have: what its first bytes say, and what its name and media
// type claim.
#pragma once

#include <string>
#include <string_view>

namespace ecert::sps::media {

enum class kind { unknown, jpg, gif, png, pdf };
std::string name_of(kind k);  // empty: unknown

kind sniffed(std::string_view first_bytes);  // 16 are enough

// A claim that names none of the four is still a claim; nothing said, or a type that says nothing,
// is none.
struct claim {
    bool made = false;
    kind what = kind::unknown;
};
claim claimed_by_mime(std::string_view mime_code);
claim claimed_by_filename(std::string_view filename);  // only by the four's own extensions

}  // namespace ecert::sps::media
