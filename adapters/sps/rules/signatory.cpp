// Who signed, where, and what is certified: clauses 1 and 2 are the statements of a phytosanitary
// certificate (ISPM 12).
#include "adapters/sps/codes/codes.hpp"
#include "adapters/sps/rules/rule.hpp"

namespace ecert::sps::rules {
namespace {

constexpr int phytosanitary = 851;

sps::node authentication(const subject& s) {
    return child(s.document, "SignatorySPSAuthentication");
}

}  // namespace

findings signatory_missing(const subject& s) {
    return missing_text(s, {"SPSExchangedDocument", "SignatorySPSAuthentication",
                            "ProviderSPSParty", "SpecifiedSPSPerson", "Name"});
}

findings issue_place_missing(const subject& s) {
    return missing_text(
        s, {"SPSExchangedDocument", "SignatorySPSAuthentication", "IssueSPSLocation", "Name"});
}

findings signatory_type(const subject& s) {
    findings all;
    for (const auto& a : children(s.document, "SignatorySPSAuthentication")) {
        const auto type = child(a, "TypeCode");
        const auto code = text_of(type);
        if (!code.empty() && !codes::is_signatory(code))
            all.push_back({type, cut(code), "UNTDID 9417"});
    }
    return all;
}

findings clause_missing(const subject& s) {
    const auto at = authentication(s);
    if (!at || child(at, "IncludedSPSClause")) return {};
    return {{below(at, {"IncludedSPSClause"}), "",
             s.read.type == phytosanitary ? "ID 1" : "<IncludedSPSClause/>"}};
}

findings clause_id(const subject& s) {
    findings all;
    if (s.read.type != phytosanitary) return all;
    for (const auto& clause : children(authentication(s), "IncludedSPSClause")) {
        const auto id = child(clause, "ID");
        const auto code = text_of(id);
        if (code != "1" && code != "2") all.push_back({below(clause, {"ID"}), cut(code), "1, 2"});
    }
    return all;
}

}  // namespace ecert::sps::rules
