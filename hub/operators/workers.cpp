// Worker hosts as their heartbeats tell: who serves what, and what is wrong with them.
#include "hub/listen/json.hpp"
#include "hub/operators/operator_call.hpp"

namespace ecert::hub {
namespace {

boost::json::array partners_json(const host_row& row) {
    boost::json::array all;
    for (const auto& served : row.last.partners) all.push_back(json_text(served.partner));
    return all;
}

boost::json::array troubles_json(const host_row& row) {
    boost::json::array all;
    for (const auto& t : row.troubles)
        all.push_back(
            {{"kind", t.kind}, {"partner", json_text(t.partner)}, {"text", json_text(t.text)}});
    return all;
}

boost::json::object host_json(const host_row& row) {
    return {{"host", json_text(row.last.adapter)},
            {"version", json_text(row.last.version)},
            {"started", rfc3339(row.last.started)},
            {"heard", rfc3339(row.heard)},
            {"silent", row.silent},
            {"stopped", row.stopped},
            {"clock_skew_ms", row.skew.count()},
            {"in_flight", row.last.in_flight},
            {"partners", partners_json(row)},
            {"troubles", troubles_json(row)}};
}

}  // namespace

awaitable<http::response> list_workers(operator_call& call, http::incoming&, const parameters&) {
    boost::json::array rows;
    for (const auto& row : call.parts.hosts.rows(call.parts.time.steady()))
        rows.push_back(host_json(row));
    boost::json::object body;
    body["rows"] = std::move(rows);
    body["next"] = "";
    co_return json_response(200, body);
}

}  // namespace ecert::hub
