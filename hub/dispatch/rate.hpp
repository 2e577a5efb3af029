// How many attempts a second a channel takes: a token bucket that holds one second's worth, at
// least one. On the steady clock, so that a wall clock that jumps neither floods a partner nor
// starves it. Pure.
#pragma once

#include "config/clock.hpp"

namespace ecert::hub {

class rate {
  public:
    rate() = default;                  // no limit
    explicit rate(double per_second);  // 0 or less: no limit

    unsigned available(steady_point now) const;
    void take(unsigned count, steady_point now);
    // Until one more may go; zero when one may go now.
    duration wait(steady_point now) const;
    void change(double per_second, steady_point now);  // keeps what is in the bucket

  private:
    double filled(steady_point now) const;
    double depth() const;

    double per_second_ = 0;
    double tokens_ = 0;
    bool started_ = false;  // the bucket is full at first use
    steady_point at_{};
};

}  // namespace ecert::hub
