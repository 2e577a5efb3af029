#include "adapters/engine/dialect_parts.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace ecert::engine {
namespace {

http::stage read_stage(dialect_table& from) {
    const auto text = from.text("stage", "replied");
    if (text == "before-body") return http::stage::before_body;
    if (text == "after-body") return http::stage::after_body;
    if (text != "replied")
        from.wrong("DIA-VALUE", "stage", text, "before-body, after-body, replied");
    return http::stage::replied;
}

// Does `general` match whatever `special` matches? Only what can be read off the conditions: never
// wrongly true.
bool covers(const reply_rule& general, const reply_rule& special) {
    const auto within = [](const auto& all, const auto& some) {
        return all.empty() ||
               (!some.empty() && std::all_of(some.begin(), some.end(), [&](const auto& each) {
                   return std::find(all.begin(), all.end(), each) != all.end();
               }));
    };
    const bool any_fault =
        general.fault == std::vector<std::string>{"*"} && !special.fault.empty() &&
        std::find(special.fault.begin(), special.fault.end(), "none") == special.fault.end();
    if (general.stage != special.stage || !within(general.status, special.status)) return false;
    if (!within(general.fault, special.fault) && !any_fault) return false;
    if (general.verified && general.verified != special.verified) return false;
    return !general.when ||
           (special.when && special.when->expression() == general.when->expression());
}

}  // namespace

reply_rule read_rule(dialect_table from, const dialect_being_read& of) {
    reply_rule rule;
    rule.line = from.raw().source().begin.line;
    rule.stage = read_stage(from);
    rule.status = from.integers("status");
    rule.fault = from.texts("fault");
    rule.verified = from.boolean("verified");
    const auto optional_xpath = [&](std::string_view key, std::optional<crypto::xml::xpath>& into) {
        if (auto text = from.text(key, ""); !text.empty())
            into = read_xpath(from, key, text, of, call_variables);
    };
    optional_xpath("when", rule.when);
    optional_xpath("reference", rule.reference);
    optional_xpath("text", rule.text);
    optional_xpath("warning", rule.warning);
    optional_xpath("digest", rule.digest);
    optional_xpath("size", rule.size);
    const auto outcome = from.required_text("outcome");
    if (auto known = queue::outcome_class_of(outcome))
        rule.outcome = *known;
    else if (!outcome.empty())
        from.wrong("DIA-VALUE", "outcome", outcome, "an outcome class");
    const auto scope = from.text("scope", "task");
    if (scope != "task" && scope != "channel")
        from.wrong("DIA-VALUE", "scope", scope, "task, channel");
    rule.scope = scope == "channel" ? queue::outcome_scope::channel : queue::outcome_scope::task;
    from.refuse_the_rest();
    return rule;
}

void warn_of_unreachable(const call_operation& of, const std::filesystem::path& file,
                         problems& found) {
    for (std::size_t later = 1; later < of.rules.size(); ++later)
        for (std::size_t earlier = 0; earlier < later; ++earlier) {
            if (!covers(of.rules[earlier], of.rules[later])) continue;
            found.push_back({"DIA-RULE-UNREACHABLE", severity::warning,
                             fmt::format("{}:{} {}", file.string(), of.rules[later].line, of.name),
                             fmt::format("line {}", of.rules[earlier].line), ""});
            break;
        }
}

}  // namespace ecert::engine
