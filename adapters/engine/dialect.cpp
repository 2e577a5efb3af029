#include "adapters/engine/dialect.hpp"

#include <algorithm>
#include <array>

namespace ecert::engine {

std::string_view name_of(serve_verb v) {
    static constexpr std::array<std::string_view, 8> names{
        "deliver", "track", "list", "fetch", "confirm", "respond", "validate", "lookup"};
    return names.at(static_cast<std::size_t>(v));
}

const call_operation* dialect::call(queue::verb v) const {
    const auto at =
        std::find_if(calls.begin(), calls.end(), [v](const auto& each) { return each.verb == v; });
    return at == calls.end() ? nullptr : &*at;
}

const serve_operation* dialect::serve(const crypto::xml::name& request) const {
    const auto at = std::find_if(serves.begin(), serves.end(),
                                 [&](const auto& each) { return each.request == request; });
    return at == serves.end() ? nullptr : &*at;
}

}  // namespace ecert::engine
