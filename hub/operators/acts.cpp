// What operators do to a piece of work. Each act needs a reason and stands in the ledger's events
// with the actor and that reason.
#include "hub/listen/json.hpp"
#include "hub/listen/problem_response.hpp"
#include "hub/operators/act_body.hpp"

namespace ecert::hub {
namespace {

using verb_of_ledger = awaitable<result<state>> (ledger::*)(uuid, std::string, std::string,
                                                            time_point);

awaitable<http::response> carry_out(operator_call& call, http::incoming& request,
                                    const parameters& found, verb_of_ledger verb) {
    auto read = co_await read_act(call, request);
    if (auto* refusal = std::get_if<http::response>(&read)) co_return std::move(*refusal);
    const auto& reason = std::get<act_asked>(read).reason;
    queue::uuid id{};
    if (!queue::parse_uuid(found.at(0), id))
        co_return problem_response(404, "not-found", "No work has this id: " + found.at(0), {},
                                   call.in);
    const auto view = co_await call.parts.ledger.custody_of(id);
    if (!view) co_return failure_response(view.error(), call.in);
    const auto now = call.parts.time.now();
    // Of several things owed about one arrival the ledger chooses the one that the act fits; a
    // certificate's id stands for its latest delivery.
    const auto about = view->certificate ? view->id : id;
    const auto after = co_await (call.parts.ledger.*verb)(about, call.actor, reason, now);
    if (!after) co_return failure_response(after.error(), call.in);
    call.parts.dispatch.wake();
    boost::json::object answer;
    answer["state"] = name_of(*after);
    co_return json_response(200, answer);
}

}  // namespace

awaitable<http::response> retry_work(operator_call& call, http::incoming& request,
                                     const parameters& found) {
    return carry_out(call, request, found, &ledger::retry);
}
awaitable<http::response> hold_work(operator_call& call, http::incoming& request,
                                    const parameters& found) {
    return carry_out(call, request, found, &ledger::hold);
}
awaitable<http::response> release_work(operator_call& call, http::incoming& request,
                                       const parameters& found) {
    return carry_out(call, request, found, &ledger::release);
}
awaitable<http::response> cancel_work(operator_call& call, http::incoming& request,
                                      const parameters& found) {
    return carry_out(call, request, found, &ledger::cancel);
}

}  // namespace ecert::hub
