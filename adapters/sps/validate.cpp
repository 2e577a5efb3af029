#include "adapters/sps/validate.hpp"

#include "adapters/sps/rules/rule.hpp"
#include "adapters/sps/schema/held.hpp"
#include "config/problem_line.hpp"

#include <algorithm>
#include <iterator>
#include <set>

namespace ecert::sps {
namespace {

constexpr std::size_t most = 500;

void append(problems& to, problems more) { std::ranges::move(more, std::back_inserter(to)); }

// A schema's finding is left out where a rule has spoken of the same element, or of one below it.
void append_unsaid(problems& to, problems of_schema) {
    std::set<std::string, std::less<>> said;
    for (const auto& p : to) said.insert(p.where);
    const auto is_said = [&](const problem& p) {
        const auto next = said.lower_bound(p.where);
        return next != said.end() && (*next == p.where || next->starts_with(p.where + "/"));
    };
    std::erase_if(of_schema, is_said);
    append(to, std::move(of_schema));
}

// What no rule and no schema says comes from reading: without it there is no certificate. An
// attachment that cannot be opened is the receiver's loss, not ours.
bool is_essential(std::string_view id) {
    const auto table = rules::table();
    const auto rule = std::ranges::find(table, id, &rules::rule::id);
    if (rule != table.end()) return rule->level == rules::weight::essential;
    return id != "XML-NOT-BASE64" && !id.starts_with("SPS-SCHEMA-");
}

std::string_view area_of(std::string_view id) {
    if (id.starts_with("XML-") || id.starts_with("SPS-SCHEMA-") || id == "SPS-NOT-A-CERTIFICATE")
        return "Schema";
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

// Of more than anybody reads the errors stay, then the first of the others.
void bound(problems& found) {
    if (found.size() <= most) return;
    std::ranges::stable_partition(found,
                                  [](const problem& p) { return p.level == severity::error; });
    found.resize(most);
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
    if (certificate.value.version != 0)
        append_unsaid(made.found, held_against_schema(read.value.tree, certificate.value));
    bound(made.found);
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
