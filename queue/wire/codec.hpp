// Task and outcome version 1 as JSON. Golden files in tests/unit/queue/golden fix every byte;
// unknown fields are ignored, an unknown version is told apart (its task is returned with an alert,
// its outcome kept and alerted).
#pragma once

#include "config/result.hpp"
#include "queue/heartbeat.hpp"
#include "queue/outcome.hpp"
#include "queue/task.hpp"

#include <string>
#include <string_view>

namespace ecert::queue {

std::string encode(const task& t);
std::string encode(const outcome& o);
result<task> decode_task(std::string_view bytes);  // failure_kind::conflict: unknown version
result<outcome> decode_outcome(std::string_view bytes);

std::string encode(const heartbeat& h);
std::string encode(const heartbeat_answer& a);
result<heartbeat> decode_heartbeat(std::string_view bytes);
result<heartbeat_answer> decode_heartbeat_answer(std::string_view bytes);

}  // namespace ecert::queue
