#include "adapters/sps/certificate.hpp"

#include <charconv>
#include <chrono>

namespace ecert::sps {
namespace {

std::optional<int> digits(std::string_view text) {
    int value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    const bool whole = error == std::errc{} && end == text.data() + text.size();
    return whole && text.front() != '-' ? std::optional{value} : std::nullopt;
}

std::optional<time_point> day(std::string_view y, std::string_view m, std::string_view d) {
    const auto year = digits(y), month = digits(m), of_month = digits(d);
    if (!year || !month || !of_month) return {};
    const std::chrono::year_month_day date{std::chrono::year{*year},
                                           std::chrono::month(static_cast<unsigned>(*month)),
                                           std::chrono::day(static_cast<unsigned>(*of_month))};
    if (!date.ok()) return {};
    return time_point{std::chrono::sys_days{date}};
}

bool has_zone(std::string_view time) {
    return time.ends_with('Z') || time.ends_with('z') ||
           time.find_last_of("+-") != std::string_view::npos;
}

// A date alone, or with the zone that XML Schema lets it carry: Z or +hh:mm.
std::optional<time_point> date_alone(std::string_view text) {
    const auto date = text.substr(0, 10), zone = text.substr(10);
    if (date[4] != '-' || date[7] != '-') return {};
    if (!zone.empty()) return parse_rfc3339(std::string{date} + "T00:00:00" + std::string{zone});
    return day(date.substr(0, 4), date.substr(5, 2), date.substr(8, 2));
}

}  // namespace

std::optional<time_point> parse_issue_time(std::string_view text) {
    if (text.size() == 8) return day(text.substr(0, 4), text.substr(4, 2), text.substr(6, 2));
    if (text.size() < 10) return {};
    if (text.size() == 10 || text[10] != 'T') return date_alone(text);
    auto whole = std::string{text};
    if (whole.size() == 16) whole += ":00";  // 2016-04-22T13:53
    if (!has_zone(std::string_view{whole}.substr(11))) whole += 'Z';
    return parse_rfc3339(whole);
}

}  // namespace ecert::sps
