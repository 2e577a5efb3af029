// Who sends to whom, from where to where, and how it travels.
#include "adapters/sps/codes/codes.hpp"
#include "adapters/sps/rules/rule.hpp"

namespace ecert::sps::rules {
namespace {

findings missing_text(const sps::node& parent, std::string_view parent_path,
                      std::initializer_list<std::string_view> path) {
    if (!text_of(descend(parent, path)).empty()) return {};
    std::string where{parent_path};
    for (const auto local : path) where += "/ram:" + std::string{local};
    return {{std::move(where), "", ""}};
}

std::string path_of(const subject& s, const sps::node& part, std::string_view local) {
    return part ? part.path() : path_below(s.root, local);
}

findings missing_of_consignment(const subject& s, std::initializer_list<std::string_view> path) {
    return missing_text(s.consignment, path_of(s, s.consignment, "SPSConsignment"), path);
}

}  // namespace

findings issuer_missing(const subject& s) {
    return missing_text(s.document, path_of(s, s.document, "SPSExchangedDocument"),
                        {"IssuerSPSParty", "Name"});
}

findings export_country_missing(const subject& s) {
    return missing_of_consignment(s, {"ExportSPSCountry", "ID"});
}

findings import_country_missing(const subject& s) {
    return missing_of_consignment(s, {"ImportSPSCountry", "ID"});
}

findings export_country_not_ours(const subject& s) {
    if (s.node.empty() || s.read.export_country.empty() || s.read.export_country == s.node)
        return {};
    return {{descend(s.consignment, {"ExportSPSCountry", "ID"}).path(), cut(s.read.export_country),
             s.node}};
}

findings country_not_iso(const subject& s) {
    findings all;
    for (const auto& id : s.countries) {
        const auto code = text_of(id);
        if (code.empty() || codes::is_country(code)) continue;
        all.push_back({id.path(), cut(code), "ISO 3166-1 alpha-2"});
    }
    return all;
}

findings consignor_missing(const subject& s) {
    return missing_of_consignment(s, {"ConsignorSPSParty", "Name"});
}

findings consignee_missing(const subject& s) {
    return missing_of_consignment(s, {"ConsigneeSPSParty", "Name"});
}

findings transport_missing(const subject& s) {
    if (child(s.consignment, "MainCarriageSPSTransportMovement")) return {};
    return {{path_of(s, s.consignment, "SPSConsignment") + "/ram:MainCarriageSPSTransportMovement",
             "", "ModeCode 0 where the mode is not known"}};
}

}  // namespace ecert::sps::rules
