#include "hub/listen/view_json.hpp"

#include "hub/listen/json.hpp"

#include <fmt/format.h>

namespace ecert::hub {
namespace {

void add_envelope(boost::json::object& to, const queue::envelope& e) {
    to["from"] = json_text(e.from);
    to["to"] = json_text(e.to);
    to["number"] = json_text(e.number);
    to["type"] = e.type;
    to["status"] = e.status;
}

// UNTDID 4405: the two answers an authority gives; else the number.
std::string name_of_answer(int status) {
    if (status == 0) return {};
    if (status == 39) return "accepted";
    return status == 41 ? "rejected" : std::to_string(status);
}

std::string sentence_of(const custody_view& v) {
    if (v.certificate)
        return fmt::format("certificate {} to {}", v.certificate->envelope.number, v.partner);
    if (v.verb == queue::verb::list) return "the list of channel " + v.channel;
    if (v.pulled) {
        const bool confirm = v.verb == queue::verb::confirm;
        return fmt::format("{} certificate {} ({}) {} {}", queue::name_of(v.verb),
                           v.pulled->envelope.number, v.pulled->reference, confirm ? "to" : "from",
                           v.partner);
    }
    const bool answer = v.verb == queue::verb::respond;
    const std::string what = answer ? "our answer" : std::string{queue::name_of(v.verb)};
    return fmt::format(
        "{} to {}{}", what, v.partner,
        v.inbound ? " about certificate " + v.inbound->envelope.number : std::string{});
}

}  // namespace

boost::json::object certificate_json(const certificate_view& v, language in) {
    boost::json::object one;
    one["certificate"] = queue::to_string(v.certificate);
    one["delivery"] = queue::to_string(v.delivery);
    one["partner"] = v.partner;
    add_envelope(one, v.envelope);
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

boost::json::object inbound_json(const inbound_view& v, language in) {
    boost::json::object one;
    one["inbound"] = queue::to_string(v.inbound);
    one["partner"] = v.partner;
    one["agency"] = v.agency;
    add_envelope(one, v.envelope);
    one["message_id"] = json_text(v.message_id);
    one["size"] = v.size;
    one["sha256"] = v.digest.hex();
    one["arrived"] = rfc3339(v.arrived);
    one["withdrawn"] = v.withdrawn;
    one["findings"] = problems_json(v.findings, in);
    one["answer"] = name_of_answer(v.answer_status);
    one["answer_status"] = v.answer_status;
    one["answer_reason"] = json_text(v.answer_reason);
    one["answer_delivered"] = v.answer_delivered;
    return one;
}

boost::json::object custody_json(const custody_view& v, language in) {
    boost::json::object one;
    if (v.certificate) one = certificate_json(*v.certificate, in);
    if (v.inbound) one = inbound_json(*v.inbound, in);
    if (v.pulled && !v.pulled->reference.empty()) {
        add_envelope(one, v.pulled->envelope);
        one["peer_reference"] = json_text(v.pulled->reference);
    }
    one["partner"] = v.partner;
    one["state"] = name_of(v.state);
    one["ended"] = v.ended;
    one["holder"] = v.holder;
    one["since"] = rfc3339(v.since);
    one["last_answer"] = json_text(v.last_answer);
    one["attempts"] = v.attempts;
    one["next_try"] = json_time(v.next_try);
    one["reason"] = json_text(v.reason);
    one["who_must_act"] = json_text(v.who_must_act);
    return one;
}

boost::json::object work_json(const custody_view& v, language in) {
    auto one = custody_json(v, in);
    one["verb"] = queue::name_of(v.verb);
    one["owed"] = json_text(sentence_of(v));
    one["id"] = queue::to_string(v.id);
    one["channel"] = v.channel;
    if (v.certificate) one["agency"] = v.certificate->agency;
    return one;
}

boost::json::object event_json(const event_view& e) {
    boost::json::object one;
    one["sequence"] = e.sequence;
    one["at"] = rfc3339(e.at);
    one["kind"] = e.kind;
    one["actor"] = json_text(e.actor);
    boost::system::error_code unread;
    auto detail = boost::json::parse(e.detail, unread);
    if (unread)
        one["detail"] = json_text(e.detail);
    else
        one["detail"] = std::move(detail);
    one["traceparent"] = e.traceparent;
    return one;
}

boost::json::object states_json(const std::vector<work_count>& all) {
    boost::json::object states;
    for (const auto& c : all)
        if (c.verb == queue::verb::deliver) states[name_of(c.state)] = c.pieces;
    return states;
}

boost::json::object owed_json(const std::vector<work_count>& all) {
    boost::json::object verbs;
    for (const auto& c : all) {
        if (c.verb == queue::verb::deliver) continue;
        auto& states = verbs[queue::name_of(c.verb)];
        if (!states.is_object()) states.emplace_object();
        states.as_object()[name_of(c.state)] = c.pieces;
    }
    return verbs;
}

}  // namespace ecert::hub
