#include "crypto/xml/slots.hpp"

#include "crypto/digest.hpp"

#include <charconv>

namespace ecert::crypto::xml {

placeholders::placeholders() : stem_{sha256_of(random_bytes(32)).hex().substr(0, stem_length)} {}

std::string placeholders::make(std::size_t index) const {
    const auto digits = std::to_string(index);
    return stem_ + std::string(length - stem_length - 1 - digits.size(), '0') + digits + "z";
}

std::string_view placeholders::stem_of(std::string_view placeholder) {
    return placeholder.substr(0, stem_length);
}

std::optional<std::size_t> placeholders::index_of(std::string_view placeholder) {
    if (placeholder.size() != length || placeholder.back() != 'z') return std::nullopt;
    const auto digits = placeholder.substr(stem_length, length - stem_length - 1);
    std::size_t index = 0;
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), index);
    if (error != std::errc{} || end != digits.data() + digits.size()) return std::nullopt;
    return index;
}

}  // namespace ecert::crypto::xml
