#include "hub/operators/operator_json.hpp"

#include "hub/listen/json.hpp"

namespace ecert::hub {

boost::json::object channel_row(const channel_status& c) {
    boost::json::object row;
    row["channel"] = c.channel;
    row["window"] = c.window;
    row["in_flight"] = c.in_flight;
    row["circuit"] = c.circuit;
    row["last_failure"] = json_text(c.last_failure);
    row["within_hours"] = c.within_hours;
    return row;
}

boost::json::object audit_json(const audit_result& a) {
    boost::json::object body;
    body["events"] = a.events;
    body["whole"] = a.whole;
    body["broken_at"] = a.broken_at;
    body["text"] = a.text;
    return body;
}

}  // namespace ecert::hub
