// What the certificate says it is: version, codes, date; and how large it is.
#include "adapters/sps/codes/codes.hpp"
#include "adapters/sps/rules/rule.hpp"

namespace ecert::sps::rules {
namespace {

constexpr std::uint64_t largest = 104 * mib;                    // ePhyto guidelines, 2.12
constexpr duration clocks_may_differ = std::chrono::hours{24};  // zones written wrongly, too

finding at_child(const subject& s, std::string_view local, std::string value,
                 std::string expected) {
    return {below(s.root, {"SPSExchangedDocument", local}), cut(value), std::move(expected)};
}

}  // namespace

findings version_unknown(const subject& s) {
    if (codes::is_version(s.read.version)) return {};
    return {{s.root, std::to_string(s.read.version), "5, 8, 11, 17"}};
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
    return {at_child(s, "IssueDateTime", "", "2026-11-24T09:30:00+08:00")};
}

findings issued_no_date(const subject& s) {
    if (s.read.issued.empty() || parse_issue_time(s.read.issued)) return {};
    return {at_child(s, "IssueDateTime", s.read.issued, "RFC 3339 | YYYY-MM-DD")};
}

findings issued_in_future(const subject& s) {
    const auto issued = parse_issue_time(s.read.issued);
    if (!s.now || !issued || *issued <= *s.now + clocks_may_differ) return {};
    return {
        at_child(s, "IssueDateTime", s.read.issued, "<= " + rfc3339(*s.now + clocks_may_differ))};
}

findings certificate_size(const subject& s) {
    if (s.size <= largest) return {};
    return {{s.root, std::to_string(s.size), "<= " + std::to_string(largest)}};
}

}  // namespace ecert::sps::rules
