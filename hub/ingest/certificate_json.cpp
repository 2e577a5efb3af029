#include "hub/ingest/certificate_json.hpp"

#include "hub/listen/json.hpp"

namespace ecert::hub {

boost::json::object certificate_json(const certificate_view& v, language in) {
    boost::json::object one;
    one["certificate"] = queue::to_string(v.certificate);
    one["delivery"] = queue::to_string(v.delivery);
    one["partner"] = v.partner;
    one["from"] = json_text(v.envelope.from);
    one["to"] = json_text(v.envelope.to);
    one["number"] = json_text(v.envelope.number);
    one["type"] = v.envelope.type;
    one["status"] = v.envelope.status;
    one["link"] = v.link;
    one["state"] = name_of(v.state);
    one["ended"] = v.ended;
    one["accepted"] = rfc3339(v.accepted);
    one["size"] = v.size;
    one["sha256"] = v.digest.hex();
    one["peer_reference"] = json_text(v.peer_reference);
    one["warnings"] = problems_json(v.warnings, in);
    one["answer_status"] = v.answer_status;
    one["answer_reason"] = json_text(v.answer_reason);
    one["translation"] = nullptr;
    if (v.translation) one["translation"] = v.translation->hex();
    return one;
}

boost::json::object custody_json(const custody_view& v, language in) {
    auto one = certificate_json(v.certificate, in);
    one["holder"] = v.holder;
    one["since"] = rfc3339(v.since);
    one["last_answer"] = json_text(v.last_answer);
    one["attempts"] = v.attempts;
    one["next_try"] = json_time(v.next_try);
    one["reason"] = json_text(v.reason);
    one["who_must_act"] = v.who_must_act;
    return one;
}

}  // namespace ecert::hub
