// The queues as they must be at the broker, and what differs at one that exists already. Pure.
// Inside queue/amqp only.
#pragma once

#include "config/settings.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace ecert::queue::amqp {

using arguments = std::vector<std::pair<std::string, std::variant<std::string, std::int64_t>>>;

// Work queues are bounded, and pass on what came back too often; outcomes and poison have no bound:
// each outcome settles a task, so that tasks bound them.
arguments arguments_of(std::string_view queue, const amqp_settings& by);

bool is_work_queue(std::string_view queue);

// For people, from the broker's words: which argument, theirs and ours, and what to do.
std::string difference(std::string_view queue, std::string_view brokers_words);

}  // namespace ecert::queue::amqp
