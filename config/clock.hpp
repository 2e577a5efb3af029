// Time, as the whole node sees it. The only now() in the project: decisions take the time as a
// parameter, loops ask a clock, tests inject one.
//
// Thread rule: every clock may be read from any thread.
// Unit: milliseconds. Wall time is UTC.
#pragma once

#include <atomic>
#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace ecert {

using duration = std::chrono::milliseconds;
using time_point = std::chrono::sys_time<duration>;
using steady_point = std::chrono::time_point<std::chrono::steady_clock, std::chrono::nanoseconds>;

class clock {
  public:
    virtual ~clock() = default;
    virtual time_point now() const = 0;       // the wall clock: for what people and partners read
    virtual steady_point steady() const = 0;  // never jumps: for durations
};

// The machine's clocks.
const clock& machine_clock();

// Stands still until told: for tests of schedules that last days.
class manual_clock final : public clock {
  public:
    explicit manual_clock(time_point start) : start_{start} {}
    time_point now() const override { return start_ + elapsed() + wall_jump_.load(); }
    steady_point steady() const override { return steady_point{elapsed()}; }
    void advance(duration by) { elapsed_ += by.count(); }
    void jump_wall(duration by) { wall_jump_ = wall_jump_.load() + by; }

  private:
    duration elapsed() const { return duration{elapsed_.load()}; }
    time_point start_;
    std::atomic<duration::rep> elapsed_{0};
    std::atomic<duration> wall_jump_{duration{0}};
};

// RFC 3339 in UTC with milliseconds: 2026-11-24T23:12:02.123Z
std::string rfc3339(time_point at);

// Reads RFC 3339 with any offset and any number of fraction digits; nullopt if it is not one.
std::optional<time_point> parse_rfc3339(std::string_view text);

}  // namespace ecert
