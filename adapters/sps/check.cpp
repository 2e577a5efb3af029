#include "adapters/sps/certificate.hpp"
#include "adapters/sps/rules/rule.hpp"

namespace ecert::sps {
namespace {

// What one rule may say of one certificate: a thousand lines with the same fault need no thousand
// answers.
constexpr std::size_t most_of_one_rule = 100;

severity level_of(rules::weight w, const certificate& c) {
    switch (w) {
        case rules::weight::essential:
        case rules::weight::error:
            return severity::error;
        case rules::weight::ephyto:
            return c.type == 851 || c.type == 657 ? severity::error : severity::warning;
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
    if (read.version == 0) return all;  // read() has said that it is no certificate at all
    const auto subject = rules::prepare(from, read, node, now);
    for (const auto& rule : rules::table()) {
        auto findings = rule.look(subject);
        if (findings.size() > most_of_one_rule) findings.resize(most_of_one_rule);
        for (auto& f : findings)
            all.push_back({std::string{rule.id}, level_of(rule.level, read), std::move(f.where),
                           std::move(f.value), std::move(f.expected)});
    }
    return all;
}

}  // namespace ecert::sps
