#include "adapters/engine/dialect.hpp"

#include <algorithm>
#include <array>

namespace ecert::engine {

std::string_view name_of(serve_verb v) {
    static constexpr std::array<std::string_view, 8> names{
        "deliver", "track", "list", "fetch", "confirm", "respond", "validate", "lookup"};
    return names.at(static_cast<std::size_t>(v));
}

const std::set<std::string> call_variables{"from", "to", "number", "type", "status", "reference"};

std::map<std::string, std::string> call_facts(const queue::task& of, const partner_settings& to) {
    std::map<std::string, std::string> all{{"reference", of.reference}};
    if (of.confirmation) all["confirmation"] = queue::name_of(of.confirmation->how);
    for (const auto& [name, value] : to.parameters) all["parameter." + name] = value;
    return all;
}

bool dialect::calls_for(queue::verb v) const {
    return std::ranges::any_of(calls, [v](const auto& each) { return each.verb == v; });
}

const call_operation* dialect::call(queue::verb v,
                                    const std::map<std::string, std::string>& facts) const {
    const auto holds = [&](const need& wanted) {
        const auto fact = facts.find(wanted.fact);
        if (fact == facts.end() || fact->second.empty()) return false;
        return wanted.value.empty() || fact->second == wanted.value;
    };
    const auto at = std::ranges::find_if(calls, [&](const auto& each) {
        return each.verb == v && std::ranges::all_of(each.needs, holds);
    });
    return at == calls.end() ? nullptr : &*at;
}

const serve_operation* dialect::serve(const crypto::xml::name& request) const {
    const auto at = std::find_if(serves.begin(), serves.end(),
                                 [&](const auto& each) { return each.request == request; });
    return at == serves.end() ? nullptr : &*at;
}

}  // namespace ecert::engine
