#include "queue/outcome.hpp"

#include <array>
#include <utility>

namespace ecert::queue {
namespace {

using entry = std::pair<outcome_class, std::string_view>;

constexpr std::array<entry, 12> classes{{{outcome_class::sent, "sent"},
                                         {outcome_class::delivered, "delivered"},
                                         {outcome_class::done, "done"},
                                         {outcome_class::duplicate, "duplicate"},
                                         {outcome_class::absent, "absent"},
                                         {outcome_class::refused, "refused"},
                                         {outcome_class::temporary, "temporary"},
                                         {outcome_class::ambiguous, "ambiguous"},
                                         {outcome_class::misconfigured, "misconfigured"},
                                         {outcome_class::unrecognised, "unrecognised"},
                                         {outcome_class::poison, "poison"},
                                         {outcome_class::returned, "returned"}}};

}  // namespace

std::string_view name_of(outcome_class c) {
    for (const auto& [value, name] : classes)
        if (value == c) return name;
    return "?";
}

std::optional<outcome_class> outcome_class_of(std::string_view name) {
    for (const auto& [value, known] : classes)
        if (known == name) return value;
    return std::nullopt;
}

}  // namespace ecert::queue
