#pragma once

#include "hub/listen/problem_response.hpp"

namespace ecert::hub {

template <class Context>
awaitable<http::response> dispatch_route(std::span<const route<Context>> table, Context& context,
                                         http::incoming& request) {
    std::string allowed;
    for (const auto& r : table) {
        parameters found;
        if (!match(r.pattern, request.head().segments, found)) continue;
        if (r.method == request.head().method) co_return co_await r.act(context, request, found);
        allowed += (allowed.empty() ? "" : ", ") + std::string(r.method);
    }
    const auto in = preferred_language(request.head().fields.get("Accept-Language"));
    if (allowed.empty())
        co_return problem_response(404, "not-found", "There is nothing at " + request.head().target,
                                   {}, in);
    auto answer = problem_response(405, "method-not-allowed", "Allowed here: " + allowed, {}, in);
    answer.fields.set("Allow", allowed);
    co_return answer;
}

}  // namespace ecert::hub
