#include "hub/listen/media_type.hpp"

#include <boost/algorithm/string/predicate.hpp>
#include <boost/algorithm/string/trim.hpp>

#include <algorithm>

namespace ecert::hub {

bool is_media_type(const http::request_head& head, std::initializer_list<std::string_view> any_of) {
    const auto field = head.fields.get("Content-Type");
    const auto said = boost::algorithm::trim_copy(std::string{field.substr(0, field.find(';'))});
    return std::any_of(any_of.begin(), any_of.end(),
                       [&](auto type) { return boost::algorithm::iequals(said, type); });
}

}  // namespace ecert::hub
