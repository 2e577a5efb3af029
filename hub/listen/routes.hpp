// A table of routes: method, path pattern, what it does, its answers. The same table dispatches,
// gives 404 and 405, and is held against openapi.json in both directions by a test.
#pragma once

#include "adapters/http/server.hpp"

#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace ecert::hub {

using parameters = std::vector<std::string>;  // what {..} segments held, decoded

template <class Context>
struct route {
    std::string_view method;
    std::string_view pattern;  // "/v1/certificates/{id}/events"
    awaitable<http::response> (*act)(Context&, http::incoming&, const parameters&);
};

// Whether the path fits the pattern; {..} segments go to `into`.
bool match(std::string_view pattern, std::span<const std::string> segments, parameters& into);

template <class Context>
awaitable<http::response> dispatch_route(std::span<const route<Context>> table, Context& context,
                                         http::incoming& request);

}  // namespace ecert::hub

#include "hub/listen/routes.ipp"
