#include "hub/ingest/addressing.hpp"

#include "config/utf8.hpp"

#include <algorithm>

namespace ecert::hub {
namespace {

constexpr auto document = "/rsm:SPSCertificate/rsm:SPSExchangedDocument";
constexpr auto import_country =
    "/rsm:SPSCertificate/rsm:SPSConsignment/ram:ImportSPSCountry/ram:ID";

template <class Values, class Show>
std::string listed(const Values& all, Show show) {
    std::string text;
    for (const auto& one : all) text += (text.empty() ? "" : ", ") + std::string{show(one)};
    return text;
}
std::string listed(const std::vector<int>& codes) {
    return listed(codes, [](int c) { return std::to_string(c); });
}

bool takes(const std::vector<int>& accepted, int code) {
    return accepted.empty() || std::find(accepted.begin(), accepted.end(), code) != accepted.end();
}

bool begins_with_one(const std::string& number, const std::vector<std::string>& prefixes) {
    return std::any_of(prefixes.begin(), prefixes.end(),
                       [&](const auto& p) { return number.starts_with(p); });
}

// An agency with prefixes may use only those; one without may use what no other agency has claimed.
void check_number(const std::string& number, const agency_settings& agency,
                  const configuration& all, problems& found) {
    const std::string where = std::string{document} + "/ram:ID";
    if (!agency.number_prefixes.empty()) {
        if (!begins_with_one(number, agency.number_prefixes))
            found.push_back({"SPS-NUMBER-PREFIX", severity::error, where, valid_utf8(number, 200),
                             listed(agency.number_prefixes, [](const auto& p) { return p; })});
        return;
    }
    for (const auto& [name, other] : all.agencies)
        if (name != agency.name && begins_with_one(number, other.number_prefixes))
            found.push_back(
                {"SPS-NUMBER-PREFIX", severity::error, where, valid_utf8(number, 200), ""});
}

void check_acceptance(const sps::certificate& c, const partner_settings& p, problems& found) {
    const std::string at = document;
    if (c.type != 0 && !takes(p.types, c.type))
        found.push_back({"REST-TYPE-NOT-ACCEPTED", severity::error, at + "/ram:TypeCode",
                         std::to_string(c.type), p.name + ": " + listed(p.types)});
    if (c.status != 0 && !takes(p.statuses, c.status))
        found.push_back({"REST-STATUS-NOT-ACCEPTED", severity::error, at + "/ram:StatusCode",
                         std::to_string(c.status), p.name + ": " + listed(p.statuses)});
}

const partner_settings* find_partner(const std::string& name, const char* where,
                                     const configuration& all, problems& found) {
    if (const auto at = all.partners.find(name); at != all.partners.end()) return &at->second;
    found.push_back({"REST-PARTNER-UNKNOWN", severity::error, where, valid_utf8(name, 200),
                     listed(all.partners, [](const auto& p) { return p.first; })});
    return nullptr;
}

}  // namespace

addressed address(const sps::certificate& c, const std::optional<std::string>& to,
                  const agency_settings& agency, const configuration& configured,
                  const char* said_at) {
    addressed made;
    const auto& name = to ? *to : c.import_country;
    if (!name.empty() || to)  // a missing import country has been said already
        made.partner = find_partner(name, to ? said_at : import_country, configured, made.found);
    if (made.partner != nullptr) check_acceptance(c, *made.partner, made.found);
    // A body such as TRACES takes for many countries: odd, but the agency said it in so many words.
    if (made.partner != nullptr && to && !c.import_country.empty() && *to != c.import_country)
        made.found.push_back({"REST-IMPORT-COUNTRY", severity::warning, import_country,
                              valid_utf8(c.import_country, 200), *to});
    if (!c.number.empty()) check_number(c.number, agency, configured, made.found);
    return made;
}

}  // namespace ecert::hub
