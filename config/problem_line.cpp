#include "config/problem_line.hpp"

#include <fmt/format.h>

namespace ecert {

std::string problem_message(const problem& p, language in) {
    const bool zh = in == language::zh;
    std::string line{problem_text(p.id, in)};
    if (!p.value.empty()) line += (zh ? "实际值：" : " Found: ") + p.value + (zh ? "。" : ".");
    if (!p.expected.empty())
        line += (zh ? "应为：" : " Expected: ") + p.expected + (zh ? "。" : ".");
    return line;
}

std::string problem_line(const problem& p, language in) {
    return fmt::format("{} [{}] {}: {}", name_of(p.level), p.id, p.where, problem_message(p, in));
}

}  // namespace ecert
