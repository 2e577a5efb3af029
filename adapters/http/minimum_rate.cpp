#include "adapters/http/minimum_rate.hpp"

#include <algorithm>

namespace ecert::http {

minimum_rate::minimum_rate(std::uint64_t bytes_per_second, duration window)
    : window_{window},
      wanted_{std::max<std::uint64_t>(
          1, bytes_per_second * static_cast<std::uint64_t>(window.count()) / 1000)} {}

bool minimum_rate::took(std::uint64_t bytes, std::chrono::nanoseconds spent) {
    moved_ += bytes;
    spent_ += spent;
    if (spent_ < window_) return true;
    const bool enough = moved_ >= wanted_;
    moved_ = 0;
    spent_ = std::chrono::nanoseconds{0};
    return enough;
}

}  // namespace ecert::http
