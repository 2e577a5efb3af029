#include "hub/ingest/show.hpp"

#include "adapters/sps/acknowledgement.hpp"
#include "hub/listen/content_response.hpp"
#include "hub/listen/json.hpp"
#include "hub/listen/list_request.hpp"
#include "hub/listen/problem_response.hpp"
#include "hub/listen/view_json.hpp"

namespace ecert::hub {
namespace {

// Scoped to the agency by the ledger: another's certificate is not found, exactly as one that never
// was.
awaitable<result<certificate_view>> find(agency_call& call, const parameters& found) {
    queue::uuid id{};
    if (!queue::parse_uuid(found.at(0), id))
        co_return failure{failure_kind::not_found, "No certificate has this id: " + found.at(0)};
    co_return co_await call.parts.ledger.certificate(id, call.agency.name);
}

}  // namespace

awaitable<http::response> list_certificates(agency_call& call, http::incoming& request,
                                            const parameters&) {
    auto asked = read_list_request(request.head(), list_scope::one_agency);
    if (has_errors(asked.found))
        co_return problem_response(422, "parameters",
                                   "The list cannot be given as it was asked for.", asked.found,
                                   call.in);
    asked.query.agency = call.agency.name;
    const auto rows = co_await call.parts.ledger.list(std::move(asked.query));
    if (!rows) co_return failure_response(rows.error(), call.in);
    co_return page_response(
        *rows, [&](const certificate_view& v) { return certificate_json(v, call.in); });
}

awaitable<http::response> show_certificate(agency_call& call, http::incoming&,
                                           const parameters& found) {
    const auto view = co_await find(call, found);
    if (!view) co_return failure_response(view.error(), call.in);
    const auto custody = co_await call.parts.ledger.custody_of(view->certificate);
    if (!custody) co_return failure_response(custody.error(), call.in);
    co_return json_response(200, custody_json(*custody, call.in));
}

awaitable<http::response> show_events(agency_call& call, http::incoming&, const parameters& found) {
    const auto view = co_await find(call, found);
    if (!view) co_return failure_response(view.error(), call.in);
    auto events = co_await call.parts.ledger.events(view->certificate, call.agency.name);
    if (!events) co_return failure_response(events.error(), call.in);
    const page<event_view> all{std::move(*events), ""};
    co_return page_response(all, event_json);
}

awaitable<http::response> certificate_content(agency_call& call, http::incoming& request,
                                              const parameters& found) {
    const auto view = co_await find(call, found);
    if (!view) co_return failure_response(view.error(), call.in);
    auto content = co_await call.parts.ledger.content(view->digest);
    if (!content) co_return failure_response(content.error(), call.in);
    co_return content_response(std::move(*content), request.head());
}

awaitable<http::response> show_acknowledgement(agency_call& call, http::incoming&,
                                               const parameters& found) {
    const auto view = co_await find(call, found);
    if (!view) co_return failure_response(view.error(), call.in);
    if (view->answer_status == 0)
        co_return problem_response(
            404, "not-answered", "Their authority has not answered this certificate.", {}, call.in);
    const auto answer = sps::write({view->answer_status,
                                    {},
                                    view->answer_reason,
                                    {},
                                    {{view->envelope.type, "ZZZ", view->envelope.number}}});
    co_return http::reply(200, "application/xml", crypto::xml::exclusive_c14n(answer.root()));
}

}  // namespace ecert::hub
