// What travels: the trade lines and what was done to them.
#include "adapters/sps/rules/rule.hpp"

#include <algorithm>

namespace ecert::sps::rules {
namespace {

bool has_origin(const sps::node& line) {
    const auto origins = children(line, "OriginSPSCountry");
    return std::any_of(origins.begin(), origins.end(),
                       [](const auto& o) { return !text_of(child(o, "ID")).empty(); });
}

bool describes_package(const sps::node& line) {
    const auto notes = children(line, "AdditionalInformationSPSNote");
    return std::any_of(notes.begin(), notes.end(),
                       [](const auto& n) { return text_of(child(n, "Subject")) == "OPTND"; });
}

}  // namespace

findings line_missing(const subject& s) {
    if (!s.lines.empty()) return {};
    const auto consignment = path_below(s.root, "SPSConsignment");
    return {{consignment + "/ram:IncludedSPSConsignmentItem/ram:IncludedSPSTradeLineItem", "",
             "one at least"}};
}

// The element must be there; the schema lets it be empty.
findings line_description_missing(const subject& s) {
    findings all;
    for (const auto& line : s.lines)
        if (!child(line, "Description")) all.push_back({path_below(line, "Description"), "", ""});
    return all;
}

findings line_origin_missing(const subject& s) {
    findings all;
    for (const auto& line : s.lines)
        if (!has_origin(line))
            all.push_back(
                {path_below(line, "OriginSPSCountry") + "/ram:ID", "", "ISO 3166-1 alpha-2"});
    return all;
}

findings line_package(const subject& s) {
    findings all;
    for (const auto& line : s.lines)
        if (bool{child(line, "PhysicalSPSPackage")} == describes_package(line))
            all.push_back({line.path(), "", "PhysicalSPSPackage, or a note OPTND: one of the two"});
    return all;
}

findings process_type(const subject& s) {
    findings all;
    for (const auto& process : s.processes) {
        const auto code = text_of(child(process, "TypeCode"));
        if (code != "ZZZ") all.push_back({path_below(process, "TypeCode"), cut(code), "ZZZ"});
    }
    return all;
}

}  // namespace ecert::sps::rules
