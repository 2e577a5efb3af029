#include "crypto/xml/conversions.hpp"

#include <array>
#include <charconv>
#include <chrono>
#include <cstdio>

namespace ecert::crypto::xml {
namespace {

struct moment {
    int year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0;
    std::string zone;      // as written
    int zone_minutes = 0;  // east of UTC
};

// Reads a text from its beginning; every step says whether it fitted.
class scanner {
  public:
    explicit scanner(std::string_view text) : rest_{text} {}
    bool digits(int count, int& into) {
        if (rest_.size() < static_cast<std::size_t>(count)) return false;
        const auto* end = rest_.data() + count;
        for (const char* c = rest_.data(); c != end; ++c)
            if (*c < '0' || *c > '9') return false;
        std::from_chars(rest_.data(), end, into);
        rest_.remove_prefix(static_cast<std::size_t>(count));
        return true;
    }
    bool literal(char c) {
        if (!rest_.starts_with(c)) return false;
        rest_.remove_prefix(1);
        return true;
    }
    void fraction() {
        if (!literal('.')) return;
        int ignored;
        while (digits(1, ignored)) {
        }
    }
    bool done() const { return rest_.empty(); }
    std::string_view rest() const { return rest_; }

  private:
    std::string_view rest_;
};

bool read_zone(scanner& from, moment& m) {
    if (from.done()) return true;
    const std::string_view written = from.rest();
    if (from.literal('Z')) {
        m.zone = "Z";
        return from.done();
    }
    const int sign = written.front() == '-' ? -1 : 1;
    if (!from.literal('+') && !from.literal('-')) return false;
    int hours = 0, minutes = 0;
    if (!from.digits(2, hours) || !from.literal(':') || !from.digits(2, minutes)) return false;
    m.zone = written;
    m.zone_minutes = sign * (hours * 60 + minutes);
    return from.done() && hours <= 14 && minutes < 60;
}

bool read_extended(std::string_view text, moment& m) {
    scanner s{text};
    if (!s.digits(4, m.year) || !s.literal('-') || !s.digits(2, m.month) || !s.literal('-') ||
        !s.digits(2, m.day))
        return false;
    if (!s.literal('T')) return read_zone(s, m);
    if (!s.digits(2, m.hour) || !s.literal(':') || !s.digits(2, m.minute)) return false;
    if (s.literal(':')) {
        if (!s.digits(2, m.second)) return false;
        s.fraction();
    }
    return read_zone(s, m);
}

bool read_compact(std::string_view text, moment& m) {
    scanner s{text};
    if (!s.digits(4, m.year) || !s.digits(2, m.month) || !s.digits(2, m.day)) return false;
    if (s.done()) return true;
    if (!s.digits(2, m.hour) || !s.digits(2, m.minute)) return false;
    return s.done() || (s.digits(2, m.second) && s.done());
}

std::optional<std::chrono::sys_seconds> in_utc(const moment& m) {
    namespace c = std::chrono;
    const c::year_month_day day{c::year{m.year}, c::month{static_cast<unsigned>(m.month)},
                                c::day{static_cast<unsigned>(m.day)}};
    if (!day.ok() || m.hour > 23 || m.minute > 59 || m.second > 59) return std::nullopt;
    return c::sys_days{day} + c::hours{m.hour} + c::minutes{m.minute - m.zone_minutes} +
           c::seconds{m.second};
}

std::string written(const char* form, const moment& m) {
    std::array<char, 64> out;
    const int size = std::snprintf(out.data(), out.size(), form, m.year, m.month, m.day, m.hour,
                                   m.minute, m.second);
    return {out.data(), static_cast<std::size_t>(size)};
}

constexpr const char* extended = "%04d-%02d-%02dT%02d:%02d:%02d";

std::string utc(std::chrono::sys_seconds at) {
    namespace c = std::chrono;
    const auto day = c::floor<c::days>(at);
    const c::year_month_day ymd{day};
    const c::hh_mm_ss time{at - day};
    return written(extended, {.year = static_cast<int>(ymd.year()),
                              .month = static_cast<int>(static_cast<unsigned>(ymd.month())),
                              .day = static_cast<int>(static_cast<unsigned>(ymd.day())),
                              .hour = static_cast<int>(time.hours().count()),
                              .minute = static_cast<int>(time.minutes().count()),
                              .second = static_cast<int>(time.seconds().count())}) +
           "Z";
}

std::string_view trimmed(std::string_view text) {
    constexpr std::string_view space = " \t\r\n";
    const auto first = text.find_first_not_of(space);
    if (first == std::string_view::npos) return {};
    return text.substr(first, text.find_last_not_of(space) - first + 1);
}

}  // namespace

std::optional<std::string> convert_date(std::string_view text, std::string_view form) {
    const bool date = form == "date", full = form == "datetime", compact = form == "compact";
    if (!date && !full && !compact && form != "utc") return std::nullopt;
    text = trimmed(text);
    moment m;
    if (!read_extended(text, m)) {
        m = {};
        if (!read_compact(text, m)) return "";
    }
    const auto at = in_utc(m);
    if (!at) return "";
    if (date) return written(extended, m).substr(0, 10);
    if (full) return written(extended, m) + m.zone;
    if (compact) return written("%04d%02d%02d%02d%02d%02d", m);
    return utc(*at);
}

}  // namespace ecert::crypto::xml
