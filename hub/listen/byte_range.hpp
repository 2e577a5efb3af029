// The field Range of a GET (RFC 9110, 14.1.2 and 14.2): one range of bytes. What is no range of
// bytes, or more than one, is ignored, as the RFC allows: the whole is answered. Pure.
#pragma once

#include <cstdint>
#include <string_view>
#include <variant>

namespace ecert::hub {

struct whole_body {
    bool operator==(const whole_body&) const = default;
};
struct byte_range {
    std::uint64_t offset = 0, size = 0;  // size is never 0
    bool operator==(const byte_range&) const = default;
};
struct no_such_range {  // 416
    bool operator==(const no_such_range&) const = default;
};
using asked_range = std::variant<whole_body, byte_range, no_such_range>;

asked_range range_of(std::string_view field, std::uint64_t size_of_all);

}  // namespace ecert::hub
