// The body of an acknowledgement: {"status": "accepted" | "rejected", "reason": "...", "language":
// "en"}.
#pragma once

#include "config/problem.hpp"
#include "queue/task.hpp"

#include <string>
#include <string_view>

namespace ecert::hub {

struct read_answer_result {
    queue::answer value;
    problems found;
};
read_answer_result read_answer(std::string_view json);

}  // namespace ecert::hub
