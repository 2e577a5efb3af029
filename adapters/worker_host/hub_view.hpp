// What the hub said to the heartbeats, and which of it is news: a hub that is out of reach, that
// refuses us, that finds something different here is told of once, and again when it changes. Pure.
#pragma once

#include "config/log.hpp"
#include "config/result.hpp"
#include "queue/heartbeat.hpp"

#include <string>
#include <vector>

namespace ecert::worker {

struct hub_news {
    log::level level = log::level::info;
    const char* event = "";  // hub_reached, hub_out_of_reach, hub_refuses, hub_differs, hub_agrees
    std::string text;
    bool operator==(const hub_news&) const = default;
};

class hub_view {
  public:
    // A failure: forbidden when the hub answered that it will not, else it was not reached.
    std::vector<hub_news> take(const result<queue::heartbeat_answer>& said);

  private:
    enum class standing { unknown, reached, away, refusing };
    bool changes_to(standing next);

    standing at_ = standing::unknown;
    std::vector<std::string> differs_;
};

}  // namespace ecert::worker
