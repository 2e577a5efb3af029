// How often somebody may ask: a token bucket each, of one second's worth. Who is known by identity,
// so the set is bounded by the configuration.
//
// Thread rule: one executor.
#pragma once

#include "config/clock.hpp"

#include <map>
#include <optional>
#include <string>

namespace ecert::hub {

class rate_limit {
  public:
    explicit rate_limit(unsigned per_second) : per_second_(per_second) {}  // 0: no limit
    // nullopt: go on. Otherwise after how long a token will be there.
    std::optional<duration> take(const std::string& who, steady_point now);

  private:
    struct bucket {
        double tokens = 0;
        steady_point filled{};
    };
    double per_second_;
    std::map<std::string, bucket> buckets_;
};

}  // namespace ecert::hub
