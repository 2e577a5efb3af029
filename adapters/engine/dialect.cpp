#include "adapters/engine/dialect.hpp"

#include <algorithm>

namespace ecert::engine {

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
