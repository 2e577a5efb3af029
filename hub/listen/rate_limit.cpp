#include "hub/listen/rate_limit.hpp"

#include <algorithm>
#include <cmath>

namespace ecert::hub {

std::optional<duration> rate_limit::take(const std::string& who, steady_point now) {
    if (per_second_ <= 0) return {};
    auto [at, first] = buckets_.try_emplace(who, bucket{per_second_, now});
    auto& b = at->second;
    if (!first) {
        const std::chrono::duration<double> passed = now - b.filled;
        b.tokens = std::min(per_second_, b.tokens + passed.count() * per_second_);
        b.filled = now;
    }
    if (b.tokens >= 1) {
        b.tokens -= 1;
        return {};
    }
    return duration{static_cast<duration::rep>(std::ceil((1 - b.tokens) / per_second_ * 1000))};
}

}  // namespace ecert::hub
