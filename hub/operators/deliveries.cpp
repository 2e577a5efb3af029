// Custody of deliveries: the list (unfinished, oldest first, is an operator's home page) and one
// with everything that happened to it.
#include "hub/listen/json.hpp"
#include "hub/listen/list_request.hpp"
#include "hub/listen/problem_response.hpp"
#include "hub/operators/operator_call.hpp"
#include "hub/operators/operator_json.hpp"

namespace ecert::hub {

awaitable<http::response> list_deliveries(operator_call& call, http::incoming& request,
                                          const parameters&) {
    auto asked = read_list_request(request.head(), list_scope::all_agencies);
    if (has_errors(asked.found))
        co_return problem_response(422, "parameters",
                                   "The list cannot be given as it was asked for.", asked.found,
                                   call.in);
    const auto rows = co_await call.parts.ledger.custody(std::move(asked.query));
    if (!rows) co_return failure_response(rows.error(), call.in);
    co_return page_response(*rows, delivery_row);
}

awaitable<http::response> show_delivery(operator_call& call, http::incoming&,
                                        const parameters& found) {
    queue::uuid id{};
    if (!queue::parse_uuid(found.at(0), id))
        co_return problem_response(404, "not-found", "No delivery has this id: " + found.at(0), {},
                                   call.in);
    const auto view = co_await call.parts.ledger.custody_of(id);
    if (!view) co_return failure_response(view.error(), call.in);
    const auto events = co_await call.parts.ledger.events(view->certificate.certificate, "");
    if (!events) co_return failure_response(events.error(), call.in);
    auto body = delivery_row(*view);
    boost::json::array list;
    for (const auto& e : *events) list.push_back(event_json(e));
    body["events"] = std::move(list);
    co_return json_response(200, body);
}

}  // namespace ecert::hub
