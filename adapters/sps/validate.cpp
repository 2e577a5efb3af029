#include "adapters/sps/validate.hpp"

#include "adapters/sps/rules/rule.hpp"
#include "config/problem_line.hpp"

#include <algorithm>
#include <iterator>

namespace ecert::sps {
namespace {

void append(problems& to, problems more) { std::ranges::move(more, std::back_inserter(to)); }

// What no rule says comes from reading: without it there is no certificate. An attachment that
// cannot be opened is the receiver's loss, not ours.
bool is_essential(std::string_view id) {
    const auto table = rules::table();
    const auto rule = std::ranges::find(table, id, &rules::rule::id);
    return rule == table.end() ? id != "XML-NOT-BASE64" : rule->level == rules::weight::essential;
}

std::string_view area_of(std::string_view id) {
    if (id.starts_with("XML-") || id.starts_with("SPS-SCHEMA-")) return "Schema";
    return id.ends_with("-MISSING") ? "MandatoryElements" : "Mapping";
}

std::string_view level_of(severity s) {
    switch (s) {
        case severity::error:
            return "SEVERE";
        case severity::warning:
            return "WARNING";
        case severity::info:
            break;
    }
    return "INFO";
}

}  // namespace

validated validate(const crypto::xml::skeleton_result& read, const held_against& with) {
    validated made;
    made.found = read.found;
    if (!can_be_judged(read)) return made;
    auto certificate = sps::read(read.value);
    made.readable = !has_errors(certificate.found);
    append(made.found, std::move(certificate.found));
    append(made.found, check(read.value, certificate.value, with.node, with.now));
    made.value = std::move(certificate.value);
    return made;
}

void weigh(problems& found, strictness by) {
    for (auto& f : found) {
        if (by == strictness::lenient && f.level == severity::error && !is_essential(f.id))
            f.level = severity::warning;
        if (by == strictness::strict && f.level == severity::warning) f.level = severity::error;
    }
}

validation_result validation_result_of(const problem& finding, language in) {
    return {area_of(finding.id), finding.where, level_of(finding.level),
            problem_message(finding, in) + " [" + finding.id + "]"};
}

}  // namespace ecert::sps
