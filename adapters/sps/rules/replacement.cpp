// What a certificate says of the one it replaces: document notes ADRP (statement), ADRPN (number),
// ADRPR (reason), ADRD (its date of issue).
#include "adapters/sps/rules/rule.hpp"

namespace ecert::sps::rules {

// Its chain would wait for itself.
findings replaces_itself(const subject& s) {
    findings all;
    for (const auto& n : about(s.notes, "ADRPN"))
        if (n.content == s.read.number && !s.read.number.empty())
            all.push_back({n.at, cut(s.read.number), ""});
    return all;
}

findings replacement_without_number(const subject& s) {
    const auto statements = about(s.notes, "ADRP");
    if (statements.empty() || !s.read.replaces.empty()) return {};
    return {{statements.front().at, cut(statements.front().content), "ADRPN"}};
}

findings replacement_statement_missing(const subject& s) {
    const auto& notes = s.notes;
    const auto numbers = about(notes, "ADRPN");
    if (numbers.empty() || !about(notes, "ADRP").empty()) return {};
    return {{numbers.front().at, cut(numbers.front().content), "ADRP"}};
}

findings replacement_date(const subject& s) {
    const auto& notes = s.notes;
    const auto numbers = about(notes, "ADRPN"), dates = about(notes, "ADRD");
    if (!numbers.empty() && dates.empty())
        return {{numbers.front().at, cut(numbers.front().content), "ADRD"}};
    findings all;
    for (const auto& n : dates)
        if (!parse_issue_time(n.content))
            all.push_back({n.at, cut(n.content), "RFC 3339 | YYYY-MM-DD"});
    return all;
}

}  // namespace ecert::sps::rules
