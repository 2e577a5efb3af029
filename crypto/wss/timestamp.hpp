// When a message was made and until when it may be taken.
#pragma once

#include "crypto/wss/block.hpp"

namespace ecert::crypto::wss {

struct window {
    time_point created, expires;
};
checked<window> read_timestamp(const xml::node& timestamp, duration longest_lifetime);

// Both ends may be off by the skew: clocks of two administrations never agree.
checked<void> is_open(const window& of, duration skew, time_point now);

}  // namespace ecert::crypto::wss
