#include "hub/listen/byte_range.hpp"

#include <algorithm>
#include <charconv>
#include <optional>

namespace ecert::hub {
namespace {

std::optional<std::uint64_t> digits(std::string_view text) {
    std::uint64_t value = 0;
    const auto* end = text.data() + text.size();
    const auto [at, wrong] = std::from_chars(text.data(), end, value);
    if (text.empty() || at != end || wrong != std::errc{}) return std::nullopt;
    return value;
}

asked_range last_bytes(std::uint64_t count, std::uint64_t all) {
    const auto size = std::min(count, all);
    if (size == 0) return no_such_range{};
    return byte_range{all - size, size};
}

asked_range from_to(std::uint64_t first, std::uint64_t last, std::uint64_t all) {
    if (first > last) return whole_body{};
    if (first >= all) return no_such_range{};
    return byte_range{first, std::min(last, all - 1) - first + 1};
}

}  // namespace

asked_range range_of(std::string_view field, std::uint64_t size_of_all) {
    constexpr std::string_view unit = "bytes=";
    if (!field.starts_with(unit)) return whole_body{};
    field.remove_prefix(unit.size());
    const auto dash = field.find('-');
    if (dash == std::string_view::npos) return whole_body{};
    const auto first = digits(field.substr(0, dash)), last = digits(field.substr(dash + 1));
    if (dash == 0) return last ? last_bytes(*last, size_of_all) : asked_range{whole_body{}};
    if (!first) return whole_body{};
    if (dash + 1 == field.size()) return from_to(*first, ~std::uint64_t{0}, size_of_all);
    return last ? from_to(*first, *last, size_of_all) : asked_range{whole_body{}};
}

}  // namespace ecert::hub
