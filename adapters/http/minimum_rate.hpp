// Whether a peer is fast enough: bytes a second, averaged over windows of the time we really waited
// for it (our own work does not count against it). Pure: time is a parameter.
#pragma once

#include "config/clock.hpp"

#include <cstdint>

namespace ecert::http {

class minimum_rate {
  public:
    minimum_rate(std::uint64_t bytes_per_second, duration window);

    // The longest that one read or write may take.
    duration patience() const { return window_; }
    // One step took so long and moved so much. False: too slow, cut it off.
    bool took(std::uint64_t bytes, std::chrono::nanoseconds spent);

  private:
    duration window_;
    std::uint64_t wanted_;  // in one window; at least a byte
    std::uint64_t moved_ = 0;
    std::chrono::nanoseconds spent_{0};
};

}  // namespace ecert::http
