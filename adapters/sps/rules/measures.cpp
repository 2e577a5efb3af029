// How much, in what units, in what packages.
#include "adapters/sps/codes/codes.hpp"
#include "adapters/sps/rules/rule.hpp"

#include <charconv>

namespace ecert::sps::rules {
namespace {

constexpr const char* amounts[][2] = {{"NetWeightMeasure", "GrossWeightMeasure"},
                                      {"NetVolumeMeasure", "GrossVolumeMeasure"}};

std::optional<double> number_of(const sps::node& n) {
    const auto text = text_of(n);
    double value = 0;
    const auto [end, wrong] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (wrong != std::errc{} || end != text.data() + text.size()) return {};
    return value;
}

template <class Look>
findings of_each_measure(const subject& s, Look look) {
    findings all;
    for (const auto& line : s.lines)
        visit(line, [&](const sps::node& n) {
            if (n.local().ends_with("Measure") && !text_of(n).empty())
                look(n, trimmed(n.attribute("unitCode").value_or("")), all);
        });
    return all;
}

template <class Look>
findings of_each_package(const subject& s, Look look) {
    findings all;
    for (const auto& line : s.lines)
        for (const auto& p : children(line, "PhysicalSPSPackage")) look(p, all);
    return all;
}

}  // namespace

findings line_package(const subject& s) {
    findings all;
    for (const auto& line : s.lines)
        if (bool{child(line, "PhysicalSPSPackage")} != about(line.notes, "OPTND").empty())
            all.push_back({line.at, "", "PhysicalSPSPackage | OPTND"});
    return all;
}

findings package_type_unknown(const subject& s) {
    return of_each_package(s, [](const sps::node& p, findings& all) {
        const auto type = child(p, "TypeCode");
        const auto code = text_of(type);
        if (!code.empty() && !codes::is_package(code))
            all.push_back({type, cut(code), "UN/CEFACT Recommendation 21"});
    });
}

findings package_level(const subject& s) {
    return of_each_package(s, [](const sps::node& p, findings& all) {
        const auto code = text_of(child(p, "LevelCode"));
        if (code.size() != 1 || code[0] < '1' || code[0] > '4')
            all.push_back({below(p, {"LevelCode"}), cut(code), "1 to 4"});
    });
}

findings measure_negative(const subject& s) {
    findings all;
    for (const auto& line : s.lines)
        for (const auto& pair : amounts)
            for (const auto* local : pair) {
                const auto at = child(line, local);
                const auto value = number_of(at);
                if (value && *value < 0) all.push_back({at, cut(text_of(at)), ">= 0"});
            }
    return all;
}

findings net_over_gross(const subject& s) {
    findings all;
    for (const auto& line : s.lines)
        for (const auto& [net_local, gross_local] : amounts) {
            const auto net = child(line, net_local), gross = child(line, gross_local);
            if (!net || !gross || net.attribute("unitCode") != gross.attribute("unitCode"))
                continue;
            const auto less = number_of(net), more = number_of(gross);
            if (less && more && *less > *more)
                all.push_back({net, cut(text_of(net)), "<= " + cut(text_of(gross))});
        }
    return all;
}

findings unit_missing(const subject& s) {
    return of_each_measure(s, [](const sps::node& n, const std::string& unit, findings& all) {
        if (unit.empty())
            all.push_back({attribute_of(n, "unitCode"), "", "UN/ECE Recommendation 20"});
    });
}

findings unit_no_code(const subject& s) {
    return of_each_measure(s, [](const sps::node& n, const std::string& unit, findings& all) {
        if (!unit.empty() && !codes::has_form_of_unit(unit))
            all.push_back({attribute_of(n, "unitCode"), cut(unit), "UN/ECE Recommendation 20"});
    });
}

findings unit_unknown(const subject& s) {
    return of_each_measure(s, [](const sps::node& n, const std::string& unit, findings& all) {
        if (codes::has_form_of_unit(unit) && !codes::is_unit(unit))
            all.push_back({attribute_of(n, "unitCode"), cut(unit), "UN/ECE Recommendation 20"});
    });
}

}  // namespace ecert::sps::rules
