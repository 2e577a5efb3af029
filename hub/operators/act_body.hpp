// What an operator sends with an act: a JSON object with the reason, which is audited.
#pragma once

#include "hub/operators/operator_call.hpp"

#include <boost/json/object.hpp>

#include <string>
#include <variant>

namespace ecert::hub {

struct act_asked {
    boost::json::object body;
    std::string reason;
};
// Or the refusal to answer with.
awaitable<std::variant<act_asked, http::response>> read_act(operator_call& call,
                                                            http::incoming& request);

}  // namespace ecert::hub
