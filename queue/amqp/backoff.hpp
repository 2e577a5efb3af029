// How long to wait before the next round over the brokers. Pure.
#pragma once

#include "config/clock.hpp"

namespace ecert::queue::amqp {

// After `rounds` in a row that failed (1 is the first): doubled for each, never over `longest`,
// spread by a fifth of itself both ways (jitter in [-1, 1]).
duration pause_after(unsigned rounds, duration first, duration longest, double jitter);

}  // namespace ecert::queue::amqp
