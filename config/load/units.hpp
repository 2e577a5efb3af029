// Durations and sizes as people write them in configuration files: "250ms", "10s", "5min", "72h";
// "512B", "64KiB", "110MiB", "2GiB". A whole number and one unit, nothing else.
#pragma once

#include "config/clock.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace ecert::load {

std::optional<duration> parse_duration(std::string_view text);
std::optional<std::uint64_t> parse_size(std::string_view text);

// In the largest unit that says it exactly.
std::string written(duration value);
std::string written_size(std::uint64_t bytes);

// "08:00-18:00", each from 00:00 to 23:59, and not the same twice.
bool are_hours(std::string_view text);

// An https URL with a host; http only for this machine itself.
bool is_endpoint(std::string_view text);

}  // namespace ecert::load
