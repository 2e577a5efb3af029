#include "hub/dispatch/rate.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace ecert::hub {
namespace {

// Tokens are counted in binary fractions: 0.1 s at 10 a second must be one token, not a hair less.
constexpr double hair = 1e-6;

}  // namespace

rate::rate(double per_second) : per_second_{per_second} {}

double rate::depth() const { return std::max(1.0, per_second_); }

double rate::filled(steady_point now) const {
    if (!started_) return depth();
    const double seconds = std::chrono::duration<double>(now - at_).count();
    return std::min(depth(), tokens_ + std::max(0.0, seconds) * per_second_);
}

unsigned rate::available(steady_point now) const {
    if (per_second_ <= 0) return std::numeric_limits<unsigned>::max();
    return static_cast<unsigned>(std::max(0.0, filled(now) + hair));
}

void rate::take(unsigned count, steady_point now) {
    if (per_second_ <= 0) return;
    tokens_ = filled(now) - count;
    at_ = now;
    started_ = true;
}

duration rate::wait(steady_point now) const {
    if (per_second_ <= 0 || available(now) > 0) return duration{0};
    const double seconds = (1.0 - filled(now)) / per_second_;
    return duration{static_cast<duration::rep>(std::ceil(seconds * 1000.0))};
}

void rate::change(double per_second, steady_point now) {
    if (per_second == per_second_) return;
    if (per_second_ > 0) {
        tokens_ = filled(now);
        at_ = now;
        started_ = true;
    }
    per_second_ = per_second;
    tokens_ = std::min(tokens_, depth());
}

}  // namespace ecert::hub
