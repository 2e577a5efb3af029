// Notes as an ePhyto has them: a Subject that is a code, and a Content.
#pragma once

#include "adapters/sps/elements.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace ecert::sps::rules {

struct note {
    sps::node at;
    std::string subject;  // empty for TRACES', which have a SubjectCode
    std::string content;
};

std::vector<note> notes_of_document(const sps::node& document);
std::vector<note> notes_of_line(const sps::node& line);
std::vector<note> about(std::vector<note> all, std::string_view subject);

}  // namespace ecert::sps::rules
