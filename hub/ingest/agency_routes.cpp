#include "hub/ingest/agency_routes.hpp"

#include "hub/inbox/inbox.hpp"
#include "hub/ingest/openapi.hpp"
#include "hub/ingest/push.hpp"
#include "hub/ingest/show.hpp"
#include "hub/listen/problem_response.hpp"

namespace ecert::hub {
namespace {

template <auto Act>
awaitable<http::response> within_rate(agency_call& call, http::incoming& request,
                                      const parameters& found) {
    if (auto refused = refuse_over_rate(call)) co_return std::move(*refused);
    co_return co_await Act(call, request, found);
}

template <auto Act>
awaitable<http::response> in_inbox(agency_call& call, http::incoming& request,
                                   const parameters& found) {
    inbox_call inbox{call.parts.ledger, call.agency,      call.parts.time,
                     call.in,           call.traceparent, call.parts.accepted};
    co_return co_await Act(inbox, request, found);
}

constexpr auto certificates = "/v1/certificates";
constexpr auto certificate = "/v1/certificates/{id}";
constexpr auto inbound = "/v1/inbox/{id}";

// push_certificate takes from the rate itself: what can never be taken is said first.
const route<agency_call> all[] = {
    {"POST", certificates, push_certificate},
    {"GET", certificates, within_rate<list_certificates>},
    {"GET", certificate, within_rate<show_certificate>},
    {"GET", "/v1/certificates/{id}/events", within_rate<show_events>},
    {"GET", "/v1/certificates/{id}/content", within_rate<certificate_content>},
    {"GET", "/v1/certificates/{id}/acknowledgement", within_rate<show_acknowledgement>},
    {"GET", "/v1/inbox", within_rate<in_inbox<list_inbox>>},
    {"GET", inbound, within_rate<in_inbox<show_inbound>>},
    {"GET", "/v1/inbox/{id}/content", within_rate<in_inbox<inbound_content>>},
    {"POST", "/v1/inbox/{id}/acknowledgement", within_rate<in_inbox<answer_inbound>>},
    {"GET", "/openapi.json", within_rate<show_openapi>},
};

}  // namespace

std::span<const route<agency_call>> agency_routes() { return all; }

std::optional<http::response> refuse_over_rate(agency_call& call) {
    const auto wait = call.rate.take(call.agency.name, call.parts.time.steady());
    if (!wait) return {};
    call.parts.figures.refused("rate");
    const auto seconds = static_cast<unsigned>((wait->count() + 999) / 1000);
    return problem_response(429, "rate", "This agency asks more often than it may.", {}, call.in,
                            seconds);
}

}  // namespace ecert::hub
