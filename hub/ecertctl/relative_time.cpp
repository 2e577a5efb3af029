#include "hub/ecertctl/relative_time.hpp"

#include <fmt/format.h>

namespace ecert::ctl {
namespace {

// The largest unit of which there are two; a minute is still 60 s.
std::string amount(std::chrono::seconds of) {
    using namespace std::chrono;
    if (of < minutes{2}) return fmt::format("{} s", of.count());
    if (of < hours{2}) return fmt::format("{} min", duration_cast<minutes>(of).count());
    if (of < days{2}) return fmt::format("{} h", duration_cast<hours>(of).count());
    return fmt::format("{} days", duration_cast<days>(of).count());
}

}  // namespace

std::string relative(time_point at, time_point now) {
    const auto away = std::chrono::round<std::chrono::seconds>(at - now);
    if (away.count() == 0) return "now";
    return away.count() < 0 ? amount(-away) + " ago" : "in " + amount(away);
}

std::string relative(std::string_view rfc3339_text, time_point now) {
    if (rfc3339_text.empty()) return "-";
    const auto at = parse_rfc3339(rfc3339_text);
    return at ? relative(*at, now) : std::string{rfc3339_text};
}

}  // namespace ecert::ctl
