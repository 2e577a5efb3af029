#include "hub/partner/arrival_told.hpp"

#include "config/log.hpp"

namespace ecert::hub {
namespace {

void tell_unassigned(metrics& figures, const arrival& what) {
    figures.alert("inbox_unassigned");
    log::write(log::level::warn, "inbox_unassigned",
               {{"partner", std::string_view{what.partner}},
                {"number", std::string_view{what.envelope.number}},
                {"type", std::int64_t{what.envelope.type}},
                {"given_to", std::string_view{what.agency}}});
}

void tell_country(metrics& figures, const arrival& what, const problem& differs) {
    figures.alert("arrival_country_differs");
    log::write(log::level::warn, "arrival_country_differs",
               {{"partner", std::string_view{what.partner}},
                {"number", std::string_view{what.envelope.number}},
                {"finding", std::string_view{differs.id}},
                {"found", std::string_view{differs.value}},
                {"expected", std::string_view{differs.expected}}});
}

}  // namespace

void tell_of_arrival(metrics& figures, const arrival& what, bool by_rule,
                     const problems& differing) {
    figures.received(what.partner);
    if (!by_rule) tell_unassigned(figures, what);
    for (const auto& each : differing) tell_country(figures, what, each);
}

}  // namespace ecert::hub
