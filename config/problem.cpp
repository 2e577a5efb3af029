#include "config/problem.hpp"

#include "config/problem_texts.hpp"

#include <algorithm>
#include <charconv>

namespace ecert {
namespace {

std::string_view trimmed(std::string_view text) {
    const auto first = text.find_first_not_of(" \t");
    if (first == text.npos) return {};
    return text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

std::string_view take_until(std::string_view& text, char end) {
    const auto at = text.find(end);
    const std::string_view piece = text.substr(0, at);
    text.remove_prefix(at == text.npos ? text.size() : at + 1);
    return trimmed(piece);
}

// The weight of one range in thousandths; a weight that cannot be read counts as none.
int weight_of(std::string_view parameters) {
    while (!parameters.empty()) {
        std::string_view one = take_until(parameters, ';');
        if (!one.starts_with("q=") && !one.starts_with("Q=")) continue;
        one.remove_prefix(2);
        double q = 0;
        const auto read = std::from_chars(one.data(), one.data() + one.size(), q);
        if (read.ec != std::errc{} || q < 0 || q > 1) return 0;
        return static_cast<int>(q * 1000);
    }
    return 1000;
}

bool is_range_of(std::string_view range, std::string_view language) {
    const auto same = [](char ours, char theirs) { return ours == (theirs | 0x20); };
    return range.size() >= language.size() &&
           std::equal(language.begin(), language.end(), range.begin(), same) &&
           (range.size() == language.size() || range[language.size()] == '-');
}

}  // namespace

std::string_view name_of(severity s) {
    switch (s) {
        case severity::error:
            return "error";
        case severity::warning:
            return "warning";
        case severity::info:
            break;
    }
    return "info";
}

bool has_errors(const problems& all) {
    return std::any_of(all.begin(), all.end(),
                       [](const problem& p) { return p.level == severity::error; });
}

std::string_view problem_text(std::string_view id, language in) {
    const auto rows = problem_rows();
    const auto row = std::lower_bound(
        rows.begin(), rows.end(), id,
        [](const problem_row& r, std::string_view wanted) { return r.id < wanted; });
    if (row == rows.end() || row->id != id) return id;
    return in == language::zh ? row->zh : row->en;
}

language preferred_language(std::string_view accept_language) {
    language best = language::en;
    int best_weight = 0;
    while (!accept_language.empty()) {
        std::string_view one = take_until(accept_language, ',');
        const std::string_view range = take_until(one, ';');
        const int weight = weight_of(one);
        const bool chinese = is_range_of(range, "zh");
        if (!chinese && !is_range_of(range, "en") && range != "*") continue;
        if (weight <= best_weight) continue;
        best = chinese ? language::zh : language::en;
        best_weight = weight;
    }
    return best;
}

}  // namespace ecert
