#include "config/load/units.hpp"

#include <boost/url/parse.hpp>

#include <charconv>
#include <limits>
#include <span>

namespace ecert::load {
namespace {

struct unit {
    std::string_view name;
    std::uint64_t size;
};
constexpr unit times[] = {{"ms", 1}, {"s", 1000}, {"min", 60'000}, {"h", 3'600'000}};
constexpr unit sizes[] = {{"B", 1}, {"KiB", 1ull << 10}, {"MiB", 1ull << 20}, {"GiB", 1ull << 30}};

std::optional<std::uint64_t> parse(std::string_view text, std::span<const unit> units) {
    constexpr auto most = static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max());
    std::uint64_t number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error != std::errc{}) return std::nullopt;
    text.remove_prefix(static_cast<std::size_t>(end - text.data()));
    for (const unit& u : units) {
        if (text == u.name && number <= most / u.size) return number * u.size;
    }
    return std::nullopt;
}

std::string write(std::uint64_t value, std::span<const unit> units) {
    const unit* best = &units.front();
    for (const unit& u : units) {
        if (value != 0 && value % u.size == 0) best = &u;
    }
    return std::to_string(value / best->size).append(best->name);
}

// Minutes since midnight; -1: not a time of day.
int minute_of_day(std::string_view text) {
    const auto digit = [&](std::size_t i) {
        return text[i] >= '0' && text[i] <= '9' ? text[i] - '0' : 100;
    };
    if (text.size() != 5 || text[2] != ':') return -1;
    const int hour = digit(0) * 10 + digit(1);
    const int minute = digit(3) * 10 + digit(4);
    return hour < 24 && minute < 60 ? hour * 60 + minute : -1;
}

}  // namespace

std::optional<duration> parse_duration(std::string_view text) {
    const auto found = parse(text, times);
    if (!found) return std::nullopt;
    return duration{static_cast<duration::rep>(*found)};
}

std::optional<std::uint64_t> parse_size(std::string_view text) { return parse(text, sizes); }

std::string written(duration value) {
    return value.count() == 0 ? "0s" : write(static_cast<std::uint64_t>(value.count()), times);
}

std::string written_size(std::uint64_t bytes) { return write(bytes, sizes); }

bool are_hours(std::string_view text) {
    const auto dash = text.find('-');
    if (dash == text.npos) return false;
    const int from = minute_of_day(text.substr(0, dash));
    const int until = minute_of_day(text.substr(dash + 1));
    return from >= 0 && until >= 0 && from != until;
}

bool is_endpoint(std::string_view text) {
    const auto url = boost::urls::parse_absolute_uri(text);
    if (!url || url->host().empty()) return false;
    // Boost.URL 1.81 reads http://127.0.0.1.example.org/ as the host 127.0.0.1 with the path
    // .example.org/
    const auto path = url->encoded_path();
    if (!path.empty() && path.front() != '/') return false;
    const std::string host = url->host();
    const bool here = host == "127.0.0.1" || host == "localhost" || host == "[::1]";
    return url->scheme() == "https" || (url->scheme() == "http" && here);
}

}  // namespace ecert::load
