// When a channel may be called: "08:00-18:00" in UTC, also past midnight ("22:00-06:00"); empty is
// always. Pure.
#pragma once

#include "config/clock.hpp"

#include <optional>
#include <string_view>

namespace ecert::hub {

class hours {
  public:
    hours() = default;                                         // always
    static std::optional<hours> parse(std::string_view text);  // nullopt: not of this form

    bool open(time_point at) const;
    // `at` itself when open; else the next moment of opening.
    time_point next_opening(time_point at) const;

  private:
    duration from_{0}, until_{0};  // since midnight; equal: always
};

}  // namespace ecert::hub
