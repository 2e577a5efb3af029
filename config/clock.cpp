#include "config/clock.hpp"

#include <fmt/format.h>

namespace ecert {
namespace {

class machine final : public clock {
  public:
    time_point now() const override {
        return std::chrono::floor<duration>(std::chrono::system_clock::now());
    }
    steady_point steady() const override {
        return steady_point{std::chrono::steady_clock::now().time_since_epoch()};
    }
};

// Takes digits and fixed characters off the front of a text; remembers if one was missing.
class scanner {
  public:
    explicit scanner(std::string_view text) : rest_{text} {}

    int digits(std::size_t count) {
        int value = 0;
        for (std::size_t i = 0; i < count; ++i) value = value * 10 + digit();
        return value;
    }
    bool take(std::string_view any_of) {
        if (rest_.empty() || any_of.find(rest_.front()) == any_of.npos) return false;
        rest_.remove_prefix(1);
        return true;
    }
    void need(std::string_view any_of) { good_ = take(any_of) && good_; }

    // Milliseconds of a fraction with at least one digit; what is finer is cut off.
    int fraction() {
        int value = digit() * 100;
        for (int weight = 10; !rest_.empty() && is_digit(rest_.front()); weight /= 10)
            value += digit() * weight;
        return value;
    }
    bool done() const { return good_ && rest_.empty(); }

  private:
    static bool is_digit(char c) { return c >= '0' && c <= '9'; }
    int digit() {
        if (rest_.empty() || !is_digit(rest_.front())) {
            good_ = false;
            return 0;
        }
        const int value = rest_.front() - '0';
        rest_.remove_prefix(1);
        return value;
    }

    std::string_view rest_;
    bool good_ = true;
};

struct offset {
    std::chrono::minutes east{0};
    bool valid = true;
};

offset scan_offset(scanner& text) {
    if (text.take("Zz")) return {};
    const bool west = text.take("-");
    if (!west) text.need("+");
    const int hours = text.digits(2);
    text.need(":");
    const int minutes = text.digits(2);
    const std::chrono::minutes size{hours * 60 + minutes};
    return {west ? -size : size, hours <= 23 && minutes <= 59};
}

}  // namespace

const clock& machine_clock() {
    static const machine only;
    return only;
}

std::string rfc3339(time_point at) {
    const auto day = std::chrono::floor<std::chrono::days>(at);
    const std::chrono::year_month_day date{day};
    const std::chrono::hh_mm_ss time{at - day};
    return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}.{:03}Z", static_cast<int>(date.year()),
                       static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
                       time.hours().count(), time.minutes().count(), time.seconds().count(),
                       time.subseconds().count());
}

std::optional<time_point> parse_rfc3339(std::string_view text) {
    scanner from{text};
    const int year = from.digits(4);
    from.need("-");
    const int month = from.digits(2);
    from.need("-");
    const int day = from.digits(2);
    from.need("Tt");
    const int hour = from.digits(2);
    from.need(":");
    const int minute = from.digits(2);
    from.need(":");
    const int second = from.digits(2);  // 60: a leap second, read as the second after it
    const int milliseconds = from.take(".") ? from.fraction() : 0;
    const offset zone = scan_offset(from);

    const std::chrono::year_month_day date{std::chrono::year{year},
                                           std::chrono::month{static_cast<unsigned>(month)},
                                           std::chrono::day{static_cast<unsigned>(day)}};
    if (!from.done() || !zone.valid || !date.ok() || hour > 23 || minute > 59 || second > 60)
        return std::nullopt;
    return std::chrono::sys_days{date} + std::chrono::hours{hour} + std::chrono::minutes{minute} +
           std::chrono::seconds{second} + duration{milliseconds} - zone.east;
}

}  // namespace ecert
