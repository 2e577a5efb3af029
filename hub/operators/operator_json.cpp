#include "hub/operators/operator_json.hpp"

#include "hub/listen/json.hpp"

namespace ecert::hub {

boost::json::object delivery_row(const custody_view& v) {
    const auto& c = v.certificate;
    boost::json::object row;
    row["certificate"] = queue::to_string(c.certificate);
    row["delivery"] = queue::to_string(c.delivery);
    row["agency"] = c.agency;
    row["partner"] = c.partner;
    row["channel"] = c.channel;
    row["from"] = json_text(c.envelope.from);
    row["to"] = json_text(c.envelope.to);
    row["number"] = json_text(c.envelope.number);
    row["type"] = c.envelope.type;
    row["status"] = c.envelope.status;
    row["state"] = name_of(c.state);
    row["accepted"] = rfc3339(c.accepted);
    row["size"] = c.size;
    row["sha256"] = c.digest.hex();
    row["holder"] = v.holder;
    row["since"] = rfc3339(v.since);
    row["last_answer"] = json_text(v.last_answer);
    row["attempts"] = v.attempts;
    row["next_try"] = json_time(v.next_try);
    row["reason"] = json_text(v.reason);
    row["who_must_act"] = v.who_must_act;
    return row;
}

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
