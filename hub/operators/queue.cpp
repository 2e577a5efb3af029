// The queue between hub and workers: what waits in it, partner by partner, and queues made anew.
// Figures are asked for, never read out of a queue.
#include "config/log.hpp"
#include "hub/listen/json.hpp"
#include "hub/listen/problem_response.hpp"
#include "hub/operators/act_body.hpp"
#include "hub/operators/queue_rows.hpp"

#include <algorithm>
#include <set>

namespace ecert::hub {
namespace {

constexpr duration figures_deadline = 3s;
constexpr duration rebuild_deadline = 10s, all_rebuilds = 60s;

std::map<std::string, std::string> configured_partners(const operator_call& call) {
    std::map<std::string, std::string> all;
    for (const auto& [name, partner] : call.parts.profiles.current()->configuration->partners)
        all[name] = partner.channel;
    return all;
}

awaitable<result<queue_seen>> look(const operator_call& call) {
    const auto& parts = call.parts;
    const auto now = parts.time.now();
    auto due = co_await parts.ledger.due(now);
    if (!due) co_return due.error();
    auto leased = co_await parts.ledger.leased(now);
    if (!leased) co_return leased.error();
    queue_seen seen;
    seen.partners = configured_partners(call);
    seen.due = std::move(*due);
    seen.leased = std::move(*leased);
    seen.channels = parts.dispatch.channels();
    if (parts.queue.state().publishing)
        seen.queues = co_await parts.queue.figures(figures_deadline);
    seen.nobody_serves = [&parts](const std::string& partner) {
        return parts.nobody_serves(partner);
    };
    co_return seen;
}

// The queues a rebuild is asked for: {"partners":["NZ"],"outcomes":true} or {"all":true}.
// Problems: what is no partner here, or nothing.
struct wish {
    std::set<std::string> queues;
    problems found;
};

wish wished(const boost::json::object& body, const std::map<std::string, std::string>& partners) {
    wish w;
    const auto is = [&](const char* member) {
        const auto* value = body.if_contains(member);
        return value && value->is_bool() && value->get_bool();
    };
    if (is("all"))
        for (const auto& [name, channel] : partners) w.queues.insert(queue::work_queue(name));
    if (is("all") || is("outcomes")) w.queues.insert(queue::outcome_queue);
    if (is("all")) w.queues.insert(queue::poison_queue);
    if (const auto* named = body.if_contains("partners"); named && named->is_array())
        for (const auto& one : named->get_array()) {
            const std::string name{one.is_string() ? std::string_view{one.get_string()} : ""};
            if (partners.contains(name))
                w.queues.insert(queue::work_queue(name));
            else
                w.found.push_back({"OPS-PARTNER-UNKNOWN", severity::error, "/partners", name, ""});
        }
    if (w.queues.empty() && w.found.empty())
        w.found.push_back({"OPS-NO-QUEUE", severity::error, "/", "",
                           R"({"partners":["NZ"]}, {"outcomes":true} or {"all":true})"});
    return w;
}

std::string audit_of(const std::set<std::string>& queues, const std::string& reason) {
    return boost::json::serialize(boost::json::object{
        {"reason", reason}, {"queues", boost::json::array(queues.begin(), queues.end())}});
}

boost::json::object row_of(const std::string& queue, const queue::rebuilding& told) {
    return {{"queue", json_text(queue)},
            {"done", told.done},
            {"before", told.before},
            {"after", told.after},
            {"trouble", json_text(told.trouble)}};
}

awaitable<boost::json::array> rebuild_all(const operator_call& call, std::set<std::string> queues) {
    const auto until = call.parts.time.steady() + all_rebuilds;
    boost::json::array rows;
    for (const auto& queue : queues) {
        queue::rebuilding told{.trouble = "not tried: the broker was too slow with the others"};
        if (call.parts.time.steady() < until)
            told = co_await call.parts.queue.rebuild(queue, rebuild_deadline);
        log::write(log::level::warn, "queue_rebuild_asked",
                   {{"who", std::string_view{call.actor}},
                    {"queue", std::string_view{queue}},
                    {"done", told.done},
                    {"before", static_cast<std::int64_t>(told.before)},
                    {"after", static_cast<std::int64_t>(told.after)},
                    {"trouble", std::string_view{told.trouble}}});
        rows.push_back(row_of(queue, told));
    }
    co_return rows;
}

}  // namespace

awaitable<http::response> show_queue(operator_call& call, http::incoming&, const parameters&) {
    const auto seen = co_await look(call);
    if (!seen) co_return failure_response(seen.error(), call.in);
    const auto is = call.parts.queue.state();
    boost::json::array waits;
    for (const auto& each : call.parts.waits()) waits.push_back(json_text(each));
    boost::json::object body;
    body["kind"] = call.parts.profiles.current()->configuration->node.queue.kind;
    body["publishing"] = is.publishing;
    body["consuming"] = is.consuming;
    body["trouble"] = json_text(is.trouble);
    body["since"] = json_time(is.since);
    body["waits"] = std::move(waits);
    body["outcomes"] = queue_figures_json(*seen, queue::outcome_queue);
    body["poison"] = queue_figures_json(*seen, queue::poison_queue);
    body["rows"] = queue_rows(*seen);
    body["next"] = "";
    co_return json_response(200, body);
}

awaitable<http::response> rebuild_queue(operator_call& call, http::incoming& request,
                                        const parameters&) {
    auto read = co_await read_act(call, request);
    if (auto* refusal = std::get_if<http::response>(&read)) co_return std::move(*refusal);
    const auto& asked = std::get<act_asked>(read);
    const auto w = wished(asked.body, configured_partners(call));
    if (has_errors(w.found))
        co_return problem_response(422, "queues", "No queue was touched.", w.found, call.in);
    if (const auto is = call.parts.queue.state(); !is.publishing)
        co_return failure_response({failure_kind::unavailable, is.trouble}, call.in);
    const auto noted = co_await call.parts.ledger.note_act(
        "queue-rebuild", call.actor, audit_of(w.queues, asked.reason), call.parts.time.now());
    if (!noted) co_return failure_response(noted.error(), call.in);
    boost::json::object body;
    body["rows"] = co_await rebuild_all(call, w.queues);
    body["next"] = "";
    for (const auto& [partner, channel] : configured_partners(call))
        if (w.queues.contains(queue::work_queue(partner)))
            call.parts.dispatch.queue_renewed(partner);
    co_return json_response(200, body);
}

}  // namespace ecert::hub
