#include "hub/ledger/sqlite/problems_json.hpp"

#include <boost/json.hpp>

namespace ecert::hub::sqlite {
namespace {

// Written before there were three levels: {"error": true}.
severity level_of(const boost::json::object& each, std::string_view level) {
    const auto* error = each.if_contains("error");
    if (level == "error" || (error && error->is_bool() && error->get_bool()))
        return severity::error;
    return level == "info" ? severity::info : severity::warning;
}

}  // namespace

std::string json_of(const problems& all) {
    if (all.empty()) return "[]";
    boost::json::array list;
    for (const auto& each : all)
        list.push_back({{"id", each.id},
                        {"level", name_of(each.level)},
                        {"where", each.where},
                        {"value", each.value},
                        {"expected", each.expected}});
    return boost::json::serialize(list);
}

problems problems_of(std::string_view json) {
    problems all;
    boost::system::error_code unreadable;
    const auto read = boost::json::parse({json.data(), json.size()}, unreadable);
    if (unreadable || !read.is_array()) return all;
    for (const auto& each : read.get_array()) {
        if (!each.is_object()) continue;
        const auto text = [&o = each.get_object()](const char* name) {
            const auto* found = o.if_contains(name);
            return found && found->is_string() ? std::string{found->get_string()} : std::string{};
        };
        all.push_back({text("id"), level_of(each.get_object(), text("level")), text("where"),
                       text("value"), text("expected")});
    }
    return all;
}

}  // namespace ecert::hub::sqlite
