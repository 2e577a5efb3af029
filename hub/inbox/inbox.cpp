#include "hub/inbox/inbox.hpp"

#include "hub/inbox/answer.hpp"
#include "hub/listen/content_response.hpp"
#include "hub/listen/json.hpp"
#include "hub/listen/list_request.hpp"
#include "hub/listen/media_type.hpp"
#include "hub/listen/problem_response.hpp"
#include "hub/listen/view_json.hpp"

namespace ecert::hub {
namespace {

constexpr std::uint64_t longest_answer = 64 * kib;

awaitable<result<inbound_view>> find(inbox_call& call, const parameters& found) {
    queue::uuid id{};
    if (!queue::parse_uuid(found.at(0), id))
        co_return failure{failure_kind::not_found, "No arrival has this id: " + found.at(0)};
    co_return co_await call.ledger.inbound(id, call.agency.name, call.agency.read_all_inbox);
}

}  // namespace

awaitable<http::response> list_inbox(inbox_call& call, http::incoming& request, const parameters&) {
    auto asked = read_list_request(request.head(), list_scope::one_agency);
    if (has_errors(asked.found))
        co_return problem_response(422, "parameters",
                                   "The list cannot be given as it was asked for.", asked.found,
                                   call.in);
    asked.query.agency = call.agency.name;
    auto rows = co_await call.ledger.inbox(std::move(asked.query), call.agency.read_all_inbox);
    if (!rows) co_return failure_response(rows.error(), call.in);
    co_return page_response(*rows, [&](const inbound_view& v) { return inbound_json(v, call.in); });
}

awaitable<http::response> show_inbound(inbox_call& call, http::incoming&, const parameters& found) {
    const auto view = co_await find(call, found);
    if (!view) co_return failure_response(view.error(), call.in);
    co_return json_response(200, inbound_json(*view, call.in));
}

awaitable<http::response> inbound_content(inbox_call& call, http::incoming& request,
                                          const parameters& found) {
    const auto view = co_await find(call, found);
    if (!view) co_return failure_response(view.error(), call.in);
    auto content = co_await call.ledger.content(view->digest);
    if (!content) co_return failure_response(content.error(), call.in);
    co_return content_response(std::move(*content), request.head());
}

awaitable<http::response> answer_inbound(inbox_call& call, http::incoming& request,
                                         const parameters& found) {
    const bool xml = is_media_type(request.head(), {"application/xml", "text/xml"});
    if (!xml && !is_media_type(request.head(), {"application/json"}))
        co_return problem_response(
            415, "media-type",
            "Send the answer as application/json, or an SPSAcknowledgement as application/xml.", {},
            call.in);
    const auto body = co_await request.read_body(longest_answer);
    if (!body) co_return body_failure_response(body.error(), call.in);
    const auto view = co_await find(call, found);
    if (!view) co_return failure_response(view.error(), call.in);
    const auto text = crypto::read_all(**body, longest_answer);
    auto read = xml ? read_answer_xml(text, view->envelope.number) : read_answer(text);
    if (has_errors(read.found))
        co_return problem_response(422, "answer", "The answer cannot be taken as it is.",
                                   read.found, call.in);
    const auto now = call.time.now();
    const auto kept = co_await call.ledger.answer(view->inbound, call.agency.name,
                                                  std::move(read.value), now, call.traceparent);
    if (!kept) co_return failure_response(kept.error(), call.in);
    if (call.changed) call.changed();
    co_return json_response(200, inbound_json(*kept, call.in));
}

}  // namespace ecert::hub
