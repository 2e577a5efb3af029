#include "hub/ecertctl/json_fields.hpp"

#include "hub/ecertctl/terminal_text.hpp"

#include <boost/json/serialize.hpp>

namespace ecert::ctl {
namespace {

const boost::json::value* member_of(const boost::json::value& in, std::string_view name) {
    return in.is_object() ? in.as_object().if_contains(name) : nullptr;
}

}  // namespace

std::string text_of(const boost::json::value& in, std::string_view member) {
    const auto* found = member_of(in, member);
    if (found == nullptr || found->is_null()) return {};
    if (found->is_string()) return terminal_text(std::string_view{found->as_string()});
    return terminal_text(boost::json::serialize(*found));
}

std::int64_t number_of(const boost::json::value& in, std::string_view member) {
    const auto* found = member_of(in, member);
    if (found == nullptr || !found->is_number()) return 0;
    boost::system::error_code over;
    return found->to_number<std::int64_t>(over);
}

bool is_true(const boost::json::value& in, std::string_view member) {
    const auto* found = member_of(in, member);
    return found != nullptr && found->is_bool() && found->as_bool();
}

const boost::json::array& rows_of(const boost::json::value& in, std::string_view member) {
    static const boost::json::array none;
    const auto* found = member_of(in, member);
    return found != nullptr && found->is_array() ? found->as_array() : none;
}

}  // namespace ecert::ctl
