// The one table of sentences for problem ids. Whoever uses a new id adds its row here.
#pragma once

#include <span>
#include <string_view>

namespace ecert {

struct problem_row {
    std::string_view id, en, zh;
};

std::span<const problem_row> problem_rows();  // sorted by id

}  // namespace ecert
