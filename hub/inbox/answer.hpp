// The body of an acknowledgement: {"status": "accepted" | "rejected", "reason": "...", "language":
// "en"}, or an SPSAcknowledgement (UN/CEFACT) whose StatusCode decides: 39 or 70, 41.
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
// The same as a contract's fields carry it. `other`: the certificate that it refers to, where that
// is not the one it answers.
struct answer_fields {
    std::string status, reason, language, other;
};
read_answer_result read_answer_fields(const answer_fields& said, const std::string& number);
// That one, as a problem; none if it is empty.
problems refers_to_another(const std::string& other, const std::string& number);
// number: of the certificate that is answered; one that refers to others alone is refused.
read_answer_result read_answer_xml(std::string_view xml, const std::string& number);

}  // namespace ecert::hub
