// A reference to content: what a task carries instead of a certificate, with the bytes inline when
// they are few.
#pragma once

#include "crypto/digest.hpp"

#include <cstdint>
#include <optional>
#include <string>

namespace ecert::queue {

constexpr std::uint64_t inline_limit = 128 * 1024;

struct content_ref {
    std::uint64_t size = 0;
    crypto::sha256 digest;
    std::optional<std::string> bytes;  // up to inline_limit
    bool operator==(const content_ref&) const = default;
};

}  // namespace ecert::queue
