#include "hub/listen/routes.hpp"

namespace ecert::hub {

bool match(std::string_view pattern, std::span<const std::string> segments, parameters& into) {
    parameters found;
    std::size_t next = 0;
    while (!pattern.empty()) {
        pattern.remove_prefix(1);  // the slash
        const auto part = pattern.substr(0, pattern.find('/'));
        pattern.remove_prefix(part.size());
        if (next == segments.size()) return false;
        const auto& segment = segments[next++];
        if (part.starts_with('{')) {
            if (segment.empty()) return false;
            found.push_back(segment);
        } else if (part != segment) {
            return false;
        }
    }
    if (next != segments.size()) return false;
    into = std::move(found);
    return true;
}

}  // namespace ecert::hub
