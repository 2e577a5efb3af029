#include "hub/dispatch/hours.hpp"

namespace ecert::hub {
namespace {

constexpr duration day = std::chrono::hours{24};

std::optional<int> two_digits(std::string_view text, int most) {
    if (text.size() != 2) return std::nullopt;
    int value = 0;
    for (char c : text) {
        if (c < '0' || c > '9') return std::nullopt;
        value = value * 10 + (c - '0');
    }
    if (value > most) return std::nullopt;
    return value;
}

// 24:00 is the end of a day, as in "18:00-24:00".
std::optional<duration> time_of_day(std::string_view text) {
    if (text.size() != 5 || text[2] != ':') return std::nullopt;
    const auto hour = two_digits(text.substr(0, 2), 24);
    const auto minute = two_digits(text.substr(3, 2), 59);
    if (!hour || !minute) return std::nullopt;
    const duration at = std::chrono::hours{*hour} + std::chrono::minutes{*minute};
    if (at > day) return std::nullopt;
    return at;
}

duration since_midnight(time_point at) { return at - std::chrono::floor<std::chrono::days>(at); }

}  // namespace

std::optional<hours> hours::parse(std::string_view text) {
    if (text.empty()) return hours{};
    if (text.size() != 11 || text[5] != '-') return std::nullopt;
    const auto from = time_of_day(text.substr(0, 5));
    const auto until = time_of_day(text.substr(6, 5));
    if (!from || !until) return std::nullopt;
    hours read;
    read.from_ = *from % day;
    read.until_ = *until % day;
    return read;
}

bool hours::open(time_point at) const {
    if (from_ == until_) return true;
    const duration now = since_midnight(at);
    return from_ < until_ ? now >= from_ && now < until_ : now >= from_ || now < until_;
}

time_point hours::next_opening(time_point at) const {
    if (open(at)) return at;
    const time_point today = at - since_midnight(at) + from_;
    return today > at ? today : today + day;
}

}  // namespace ecert::hub
