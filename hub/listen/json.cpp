#include "hub/listen/json.hpp"

#include "config/utf8.hpp"

namespace ecert::hub {

http::response json_response(int status, const boost::json::value& body) {
    return http::reply(status, "application/json", boost::json::serialize(body));
}

boost::json::string json_text(std::string_view foreign) {
    const auto text = valid_utf8(foreign, foreign.size() * 4 + 16);
    return boost::json::string{std::string_view{text}};
}

boost::json::value json_time(const std::optional<time_point>& at) {
    if (!at) return nullptr;
    return boost::json::value(rfc3339(*at));
}

boost::json::array problems_json(const problems& all, language in) {
    boost::json::array list;
    for (const auto& p : all) {
        boost::json::object one;
        one["id"] = p.id;
        one["level"] = name_of(p.level);
        one["path"] = json_text(p.where);
        one["value"] = json_text(p.value);
        one["expected"] = json_text(p.expected);
        one["text"] = problem_text(p.id, in);
        list.push_back(std::move(one));
    }
    return list;
}

}  // namespace ecert::hub
