#include "queue/amqp/backoff.hpp"

#include <algorithm>

namespace ecert::queue::amqp {

duration pause_after(unsigned rounds, duration first, duration longest, double jitter) {
    if (rounds == 0) return duration{0};
    duration pause = std::min(first, longest);
    for (unsigned i = 1; i < rounds && pause < longest; ++i) pause = std::min(2 * pause, longest);
    const double spread = 1 + 0.2 * std::clamp(jitter, -1.0, 1.0);
    return duration{static_cast<duration::rep>(static_cast<double>(pause.count()) * spread)};
}

}  // namespace ecert::queue::amqp
