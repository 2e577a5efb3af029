// What travels: the trade lines, what each is and where it comes from.
#include "adapters/sps/codes/codes.hpp"
#include "adapters/sps/rules/rule.hpp"

#include <algorithm>
#include <set>

namespace ecert::sps::rules {
namespace {

bool are_digits(std::string_view text) {
    return std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; });
}

bool has_origin(const sps::node& line) {
    return std::ranges::any_of(children(line, "OriginSPSCountry"),
                               [](const auto& o) { return !text_of(child(o, "ID")).empty(); });
}

template <class Look>
void of_each_classification(const subject& s, Look look) {
    for (const auto& line : s.lines)
        for (const auto& c : children(line, "ApplicableSPSClassification")) look(c);
}

}  // namespace

findings line_missing(const subject& s) {
    if (!s.lines.empty()) return {};
    return {{below(s.root,
                   {"SPSConsignment", "IncludedSPSConsignmentItem", "IncludedSPSTradeLineItem"}),
             "", "IncludedSPSTradeLineItem"}};
}

findings line_sequence(const subject& s) {
    findings all;
    std::set<std::string> seen;  // of one item
    sps::node item;
    for (const auto& line : s.lines) {
        if (!(line.at.parent() == item)) seen.clear();
        item = line.at.parent();
        const auto at = child(line, "SequenceNumeric");
        const auto number = text_of(at);
        const auto where = below(line, {"SequenceNumeric"});
        if (number.empty() || !are_digits(number) || !seen.insert(number).second)
            all.push_back({where, cut(number), "1, 2, 3, ..."});
    }
    return all;
}

// The element must be there; the schema lets it be empty.
findings line_description_missing(const subject& s) {
    findings all;
    for (const auto& line : s.lines)
        if (!child(line, "Description")) all.push_back({below(line, {"Description"}), "", ""});
    return all;
}

findings line_origin_missing(const subject& s) {
    findings all;
    for (const auto& line : s.lines)
        if (!has_origin(line))
            all.push_back({below(line, {"OriginSPSCountry", "ID"}), "", "ISO 3166-1 alpha-2"});
    return all;
}

findings classification_unknown(const subject& s) {
    findings all;
    of_each_classification(s, [&](const sps::node& c) {
        const auto system = text_of(child(c, "SystemName"));
        if (!codes::is_classification(system))
            all.push_back({below(c, {"SystemName"}), cut(system), "HS, IPPCPCVP, IPPCPCC, EPPO"});
    });
    return all;
}

findings hs_code(const subject& s) {
    findings all;
    of_each_classification(s, [&](const sps::node& c) {
        const auto code = text_of(child(c, "ClassCode"));
        const bool wrong = !are_digits(code) || code.size() < 2 || code.size() > 12;
        if (text_of(child(c, "SystemName")) == "HS" && !code.empty() && wrong)
            all.push_back({child(c, "ClassCode"), cut(code), "[0-9]{2,12}"});
    });
    return all;
}

}  // namespace ecert::sps::rules
