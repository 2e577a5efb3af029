#include "adapters/sps/certificate.hpp"
#include "adapters/sps/rules/rule.hpp"

#include <algorithm>
#include <span>
#include <vector>

namespace ecert::sps {
namespace {

// What one rule may say of one certificate: a thousand lines with the same fault need no thousand
// answers.
constexpr std::size_t most_of_one_rule = 100;
// And all of them: more is never told (validate.hpp), and each has a path to write.
constexpr std::size_t most_of_all = 500;

struct told {
    const rules::rule* by;
    severity level;
    rules::finding what;
};

severity level_of(rules::weight w, bool ephyto) {
    switch (w) {
        case rules::weight::essential:
        case rules::weight::error:
            return severity::error;
        case rules::weight::ephyto:
            return ephyto ? severity::error : severity::warning;
        case rules::weight::warning:
            return severity::warning;
        case rules::weight::info:
            break;
    }
    return severity::info;
}

}  // namespace

problems check(const crypto::xml::skeleton& from, const certificate& read, const std::string& node,
               std::optional<time_point> now) {
    problems all;
    std::vector<told> found;
    if (read.version == 0) return all;  // read() has said that it is no certificate at all
    const auto subject = rules::prepare(from, read, node, now);
    for (const auto& rule : rules::table()) {
        if (rule.concerns == rules::scope::ephyto && !subject.ephyto) continue;
        auto findings = rule.look(subject);
        for (auto& f : std::span{findings}.first(std::min(findings.size(), most_of_one_rule)))
            found.push_back({&rule, level_of(rule.level, subject.ephyto), std::move(f)});
    }
    if (found.size() > most_of_all) {
        std::ranges::stable_partition(found,
                                      [](const told& t) { return t.level == severity::error; });
        found.erase(found.begin() + most_of_all, found.end());
    }
    for (auto& [by, level, f] : found)
        all.push_back({std::string{by->id}, level, f.where.path(), std::move(f.value),
                       std::move(f.expected)});
    return all;
}

}  // namespace ecert::sps
