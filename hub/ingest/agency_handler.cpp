#include "config/utf8.hpp"
#include "hub/ingest/agency_routes.hpp"
#include "hub/listen/access_log.hpp"
#include "hub/listen/problem_response.hpp"
#include "hub/listen/trace.hpp"

#include <chrono>

namespace ecert::hub {
namespace {

struct door {
    agency_api parts;
    rate_limit rate;
};

role role_of(const door& d, const http::incoming& request) {
    if (!request.peer()) return nobody{"no client certificate"};
    return d.parts.who()->of(*request.peer(), d.parts.time.now());
}

http::response refuse_role(const door& d, const http::incoming& request, const role& r,
                           language in) {
    d.parts.figures.refused("identity");
    const auto* unknown = std::get_if<nobody>(&r);
    if (unknown == nullptr) {
        log_nobody("agencies", request, called(r) + " at the agencies' door");
        return problem_response(403, "not-an-agency",
                                "This door is for the agencies of this country.", {}, in);
    }
    log_nobody("agencies", request, unknown->why);
    auto answer = problem_response(401, "identity-unknown",
                                   "This client certificate is not one of an agency.", {}, in);
    answer.fields.set("WWW-Authenticate", "Certificate");
    return answer;
}

// The agency was known to `roles` a moment ago; a reload between the two leaves it unknown, which
// is 401 as well.
awaitable<http::response> answer(door& d, http::incoming& request, const role& r,
                                 std::string traceparent) {
    const auto in = preferred_language(request.head().fields.get("Accept-Language"));
    const auto& segments = request.head().segments;
    const bool soap = d.parts.soap && !segments.empty() && segments.front() == "soap";
    const auto* known = std::get_if<agency_role>(&r);
    if (known == nullptr && soap) co_return co_await d.parts.soap(d.parts, nullptr, request);
    if (known == nullptr) co_return refuse_role(d, request, r, in);
    const auto snapshot = d.parts.profiles.current();
    const auto agency = snapshot->configuration->agencies.find(known->agency);
    if (agency == snapshot->configuration->agencies.end())
        co_return refuse_role(d, request,
                              nobody{"agency " + known->agency + " is no longer configured"}, in);
    agency_call call{d.parts, d.rate, snapshot, agency->second, in, std::move(traceparent)};
    if (soap) co_return co_await d.parts.soap(d.parts, &call, request);
    co_return co_await dispatch_route(agency_routes(), call, request);
}

awaitable<http::response> serve(std::shared_ptr<door> d, http::incoming& request) {
    const auto began = d->parts.time.steady();
    const auto traceparent = traceparent_for(request.head().fields.get("traceparent"));
    const auto r = role_of(*d, request);
    auto given = co_await answer(*d, request, r, traceparent);
    const auto* agency = std::get_if<agency_role>(&r);
    const std::chrono::duration<double, std::milli> took = d->parts.time.steady() - began;
    log_request("agencies", request, agency != nullptr ? "agency:" + agency->agency : "nobody",
                given.status, took.count(), traceparent);
    given.fields.set("traceparent", traceparent);
    co_return given;
}

}  // namespace

http::handler make_agency_handler(agency_api parts) {
    const auto requests = parts.limits.requests_per_second;
    auto d = std::make_shared<door>(door{std::move(parts), rate_limit{requests}});
    return [d](http::incoming& request) { return serve(d, request); };
}

}  // namespace ecert::hub
