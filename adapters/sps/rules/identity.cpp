// What the certificate says it is: version, codes, date, what it replaces.
#include "adapters/sps/codes/codes.hpp"
#include "adapters/sps/rules/rule.hpp"

#include <algorithm>

namespace ecert::sps::rules {
namespace {

constexpr duration clocks_may_differ = std::chrono::hours{24};  // zones written wrongly, too

finding at_child(const subject& s, std::string_view local, std::string value,
                 std::string expected) {
    const auto at = child(s.document, local);
    return {at ? at.path() : path_below(s.document, local), cut(value), std::move(expected)};
}

std::string document_path(const subject& s) {
    return s.document ? s.document.path() : path_below(s.root, "SPSExchangedDocument");
}

std::vector<sps::node> notes(const subject& s, std::string_view about) {
    auto all = children(s.document, "IncludedSPSNote");
    std::erase_if(all, [&](const auto& n) { return text_of(child(n, "Subject")) != about; });
    return all;
}

}  // namespace

findings version_unknown(const subject& s) {
    if (codes::is_version(s.read.version)) return {};
    return {{s.root.path(), std::to_string(s.read.version), "5, 8, 11, 17"}};
}

findings type_unknown(const subject& s) {
    if (s.read.type == 0 || codes::is_type(s.read.type)) return {};
    return {at_child(s, "TypeCode", std::to_string(s.read.type), "UNTDID 1001")};
}

findings status_unknown(const subject& s) {
    if (s.read.status == 0 || codes::is_status(s.read.status)) return {};
    return {at_child(s, "StatusCode", std::to_string(s.read.status), "UNTDID 4405")};
}

findings issued_missing(const subject& s) {
    if (!s.read.issued.empty()) return {};
    return {{document_path(s) + "/ram:IssueDateTime", "", "2026-11-24T09:30:00+08:00"}};
}

findings issued_no_date(const subject& s) {
    if (s.read.issued.empty() || parse_issue_time(s.read.issued)) return {};
    return {at_child(s, "IssueDateTime", s.read.issued, "RFC 3339, or a date")};
}

findings issued_in_future(const subject& s) {
    const auto issued = parse_issue_time(s.read.issued);
    if (!s.now || !issued || *issued <= *s.now + clocks_may_differ) return {};
    return {at_child(s, "IssueDateTime", s.read.issued,
                     "at most " + rfc3339(*s.now + clocks_may_differ))};
}

// Its chain would wait for itself.
findings replaces_itself(const subject& s) {
    findings all;
    for (const auto& note : notes(s, "ADRPN"))
        if (text_of(child(note, "Content")) == s.read.number && !s.read.number.empty())
            all.push_back({note.path(), cut(s.read.number), ""});
    return all;
}

findings replacement_without_number(const subject& s) {
    const auto statements = notes(s, "ADRP");
    if (statements.empty() || !s.read.replaces.empty()) return {};
    return {
        {statements.front().path(), cut(text_of(child(statements.front(), "Content"))), "ADRPN"}};
}

}  // namespace ecert::sps::rules
