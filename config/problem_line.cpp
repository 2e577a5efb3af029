#include "config/problem_line.hpp"

#include <fmt/format.h>

namespace ecert {

std::string problem_line(const problem& p, language in) {
    const bool zh = in == language::zh;
    std::string line =
        fmt::format("{} [{}] {}: {}", p.level == severity::error ? "error" : "warning", p.id,
                    p.where, problem_text(p.id, in));
    if (!p.value.empty()) line += (zh ? "实际值：" : " Found: ") + p.value + (zh ? "。" : ".");
    if (!p.expected.empty())
        line += (zh ? "应为：" : " Expected: ") + p.expected + (zh ? "。" : ".");
    return line;
}

}  // namespace ecert
