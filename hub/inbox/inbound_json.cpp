#include "hub/inbox/inbound_json.hpp"

#include "hub/inbox/answer.hpp"
#include "hub/listen/json.hpp"

namespace ecert::hub {

boost::json::object inbound_json(const inbound_view& v, language in) {
    boost::json::object one;
    one["inbound"] = queue::to_string(v.inbound);
    one["partner"] = v.partner;
    one["agency"] = v.agency;
    one["from"] = json_text(v.envelope.from);
    one["to"] = json_text(v.envelope.to);
    one["number"] = json_text(v.envelope.number);
    one["type"] = v.envelope.type;
    one["status"] = v.envelope.status;
    one["message_id"] = json_text(v.message_id);
    one["size"] = v.size;
    one["sha256"] = v.digest.hex();
    one["arrived"] = rfc3339(v.arrived);
    one["withdrawn"] = v.withdrawn;
    one["findings"] = problems_json(v.findings, in);
    one["answer"] = v.answer_status == 0 ? "" : name_of_answer(v.answer_status);
    one["answer_status"] = v.answer_status;
    one["answer_reason"] = json_text(v.answer_reason);
    one["answer_delivered"] = v.answer_delivered;
    return one;
}

}  // namespace ecert::hub
