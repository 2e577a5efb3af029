// What every answer in JSON is made of: texts, times, problems, pages. Foreign bytes are made valid
// UTF-8 first. The ledger's views are view_json's.
#pragma once

#include "adapters/http/message.hpp"
#include "config/problem.hpp"
#include "hub/ledger/ledger.hpp"

#include <boost/json.hpp>

#include <string>

namespace ecert::hub {

http::response json_response(int status, const boost::json::value& body);

boost::json::string json_text(std::string_view foreign);             // valid UTF-8, whole
boost::json::value json_time(const std::optional<time_point>& at);   // RFC 3339 or null
boost::json::array problems_json(const problems& all, language in);  // with the sentence

// {"rows": [...], "next": "cursor"}; next is "" on the last page.
template <class View, class Write>
http::response page_response(const page<View>& p, Write write) {
    boost::json::array rows;
    for (const auto& row : p.rows) rows.push_back(write(row));
    boost::json::object body;
    body["rows"] = std::move(rows);
    body["next"] = p.next;
    return json_response(200, body);
}

}  // namespace ecert::hub
