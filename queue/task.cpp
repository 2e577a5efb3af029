#include "queue/task.hpp"

#include <array>
#include <utility>

namespace ecert::queue {
namespace {

constexpr std::array<std::pair<verb, std::string_view>, 6> verbs{{{verb::deliver, "deliver"},
                                                                  {verb::track, "track"},
                                                                  {verb::list, "list"},
                                                                  {verb::fetch, "fetch"},
                                                                  {verb::confirm, "confirm"},
                                                                  {verb::respond, "respond"}}};

constexpr std::array<std::pair<reception, std::string_view>, 3> receptions{
    {{reception::plain, "plain"}, {reception::warning, "warning"}, {reception::failed, "failed"}}};

}  // namespace

std::string_view name_of(verb v) {
    for (const auto& [value, name] : verbs)
        if (value == v) return name;
    return "?";
}

std::optional<verb> verb_of(std::string_view name) {
    for (const auto& [value, known] : verbs)
        if (known == name) return value;
    return std::nullopt;
}

std::string_view name_of(reception r) {
    for (const auto& [value, name] : receptions)
        if (value == r) return name;
    return "?";
}

std::optional<reception> reception_of(std::string_view name) {
    for (const auto& [value, known] : receptions)
        if (known == name) return value;
    return std::nullopt;
}

}  // namespace ecert::queue
