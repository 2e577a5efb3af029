// Who sends to whom, and from where to where.
#include "adapters/sps/codes/codes.hpp"
#include "adapters/sps/rules/rule.hpp"

namespace ecert::sps::rules {
findings issuer_missing(const subject& s) {
    return missing_text(s, {"SPSExchangedDocument", "IssuerSPSParty", "Name"});
}

findings export_country_missing(const subject& s) {
    return missing_text(s, {"SPSConsignment", "ExportSPSCountry", "ID"});
}

findings import_country_missing(const subject& s) {
    return missing_text(s, {"SPSConsignment", "ImportSPSCountry", "ID"});
}

findings export_country_not_ours(const subject& s) {
    if (s.node.empty() || s.read.export_country.empty() || s.read.export_country == s.node)
        return {};
    return {
        {descend(s.consignment, {"ExportSPSCountry", "ID"}), cut(s.read.export_country), s.node}};
}

findings country_not_iso(const subject& s) {
    findings all;
    for (const auto& id : s.countries) {
        const auto code = text_of(id);
        if (code.empty() || codes::is_country(code)) continue;
        all.push_back({id, cut(code), "ISO 3166-1 alpha-2"});
    }
    return all;
}

findings consignor_missing(const subject& s) {
    return missing_text(s, {"SPSConsignment", "ConsignorSPSParty", "Name"});
}

findings consignee_missing(const subject& s) {
    return missing_text(s, {"SPSConsignment", "ConsigneeSPSParty", "Name"});
}

}  // namespace ecert::sps::rules
