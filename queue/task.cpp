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

constexpr std::array<std::pair<confirmation_kind, std::string_view>, 3> kinds{
    {{confirmation_kind::plain, "plain"},
     {confirmation_kind::warning, "warning"},
     {confirmation_kind::failed, "failed"}}};

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

std::string_view name_of(confirmation_kind r) {
    for (const auto& [value, name] : kinds)
        if (value == r) return name;
    return "?";
}

std::optional<confirmation_kind> confirmation_kind_of(std::string_view name) {
    for (const auto& [value, known] : kinds)
        if (known == name) return value;
    return std::nullopt;
}

}  // namespace ecert::queue
