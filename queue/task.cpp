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

}  // namespace ecert::queue
