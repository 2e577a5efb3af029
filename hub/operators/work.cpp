// Work that is owed to partners, of every verb: the list (unfinished, oldest first, is an
// operator's home page) and one piece with everything that happened to what it is about.
#include "hub/listen/json.hpp"
#include "hub/listen/list_request.hpp"
#include "hub/listen/problem_response.hpp"
#include "hub/listen/view_json.hpp"
#include "hub/operators/operator_call.hpp"
#include "hub/operators/waiting.hpp"

namespace ecert::hub {
namespace {

custody_view as_it_stands(custody_view v, const operator_call& call) {
    const auto queue = call.parts.queue.state();
    outside is;
    if (!queue.publishing) is.queue_trouble = queue.trouble;
    is.nobody_serves = call.parts.nobody_serves(v.partner);
    say_why_it_waits(v, is, call.parts.time.now());
    return v;
}

}  // namespace

awaitable<http::response> list_work(operator_call& call, http::incoming& request,
                                    const parameters&) {
    auto asked = read_list_request(request.head(), list_scope::all_agencies);
    if (has_errors(asked.found))
        co_return problem_response(422, "parameters",
                                   "The list cannot be given as it was asked for.", asked.found,
                                   call.in);
    const auto rows = co_await call.parts.ledger.custody(std::move(asked.query));
    if (!rows) co_return failure_response(rows.error(), call.in);
    co_return page_response(
        *rows, [&](const custody_view& v) { return work_json(as_it_stands(v, call), call.in); });
}

awaitable<http::response> show_work(operator_call& call, http::incoming&, const parameters& found) {
    queue::uuid id{};
    if (!queue::parse_uuid(found.at(0), id))
        co_return problem_response(404, "not-found", "No work has this id: " + found.at(0), {},
                                   call.in);
    const auto view = co_await call.parts.ledger.custody_of(id);
    if (!view) co_return failure_response(view.error(), call.in);
    const auto whole = view->certificate ? view->certificate->certificate : view->id;
    const auto events = co_await call.parts.ledger.events(whole, "");
    if (!events) co_return failure_response(events.error(), call.in);
    auto body = work_json(as_it_stands(*view, call), call.in);
    boost::json::array list;
    for (const auto& e : *events) list.push_back(event_json(e));
    body["events"] = std::move(list);
    co_return json_response(200, body);
}

}  // namespace ecert::hub
