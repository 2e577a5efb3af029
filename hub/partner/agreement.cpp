#include "hub/partner/agreement.hpp"

#include "adapters/sps/codes/codes.hpp"

#include <algorithm>
#include <optional>
#include <string_view>

namespace ecert::hub {
namespace {

constexpr std::string_view document = "/rsm:SPSCertificate/rsm:SPSExchangedDocument/";
constexpr std::string_view consignment = "/rsm:SPSCertificate/rsm:SPSConsignment/";

std::string at(std::string_view part, std::string_view local) {
    return std::string{part} + std::string{local};
}

// The country that a code of the line stands for, if it is one.
std::optional<std::string> country_of(const std::string& code) {
    const auto rest = std::string_view{code}.substr(std::min<std::size_t>(2, code.size()));
    const bool digits = std::ranges::all_of(rest, [](char c) { return c >= '0' && c <= '9'; });
    auto country = code.substr(0, 2);
    if (!digits || !sps::codes::is_country(country)) return std::nullopt;
    return country;
}

problem misstated(const char* id, std::string_view local, std::string found, std::string said) {
    return {id, severity::error, at(document, local), std::move(found).substr(0, 200),
            std::move(said).substr(0, 200)};
}

problems against_envelope(const sps::certificate& c, const queue::envelope& e) {
    problems all;
    if (c.number != e.number)
        all.push_back(misstated("SPS-ENVELOPE-NUMBER", "ram:ID", c.number, e.number));
    if (c.type != e.type)
        all.push_back(misstated("SPS-ENVELOPE-TYPE", "ram:TypeCode", std::to_string(c.type),
                                std::to_string(e.type)));
    if (c.status != e.status)
        all.push_back(misstated("SPS-ENVELOPE-STATUS", "ram:StatusCode", std::to_string(c.status),
                                std::to_string(e.status)));
    return all;
}

problems against_countries(const sps::certificate& c, const std::string& partner,
                           const std::string& node) {
    problems all;
    const auto ours = country_of(node), theirs = country_of(partner);
    const bool through_us = ours && std::ranges::count(c.transit_countries, *ours) > 0;
    if (ours && !through_us && !c.import_country.empty() && c.import_country != *ours)
        all.push_back({"SPS-IMPORT-COUNTRY-NOT-OURS", severity::warning,
                       at(consignment, "ram:ImportSPSCountry/ram:ID"),
                       c.import_country.substr(0, 200), *ours});
    if (theirs && !c.export_country.empty() && c.export_country != *theirs)
        all.push_back({"SPS-EXPORT-COUNTRY-NOT-OURS", severity::warning,
                       at(consignment, "ram:ExportSPSCountry/ram:ID"),
                       c.export_country.substr(0, 200), *theirs});
    return all;
}

}  // namespace

agreement agree(const sps::certificate& arrived, const queue::envelope& with,
                const std::string& partner, const std::string& node) {
    return {against_envelope(arrived, with), against_countries(arrived, partner, node)};
}

}  // namespace ecert::hub
