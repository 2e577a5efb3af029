#include "adapters/sps/rules/rule.hpp"

namespace ecert::sps::rules {
namespace {

using enum weight;

// clang-format off
constexpr rule all[] = {
    {"SPS-VERSION-UNKNOWN", warning, "the version in the namespace", version_unknown},
    {"SPS-TYPE-UNKNOWN", warning, "TypeCode", type_unknown},
    {"SPS-STATUS-UNKNOWN", warning, "StatusCode", status_unknown},
    {"SPS-ISSUED-MISSING", error, "IssueDateTime", issued_missing},
    {"SPS-ISSUED-NOT-A-DATE", error, "IssueDateTime", issued_no_date},
    {"SPS-ISSUED-IN-FUTURE", error, "IssueDateTime", issued_in_future},
    {"SPS-REPLACES-ITSELF", essential, "ADRPN notes", replaces_itself},
    {"SPS-REPLACEMENT-WITHOUT-NUMBER", warning, "ADRP notes", replacement_without_number},
    {"SPS-ISSUER-MISSING", ephyto, "IssuerSPSParty/Name", issuer_missing},
    {"SPS-EXPORT-COUNTRY-MISSING", error, "ExportSPSCountry/ID", export_country_missing},
    {"SPS-IMPORT-COUNTRY-MISSING", error, "ImportSPSCountry/ID", import_country_missing},
    {"SPS-EXPORT-COUNTRY-NOT-OURS", essential, "ExportSPSCountry/ID", export_country_not_ours},
    {"SPS-COUNTRY-NOT-ISO", error, "every country", country_not_iso},
    {"SPS-CONSIGNOR-MISSING", ephyto, "ConsignorSPSParty/Name", consignor_missing},
    {"SPS-CONSIGNEE-MISSING", ephyto, "ConsigneeSPSParty/Name", consignee_missing},
    {"SPS-TRANSPORT-MISSING", ephyto, "MainCarriageSPSTransportMovement", transport_missing},
    {"SPS-LINE-MISSING", ephyto, "IncludedSPSTradeLineItem", line_missing},
    {"SPS-LINE-DESCRIPTION-MISSING", ephyto, "Description of lines", line_description_missing},
    {"SPS-LINE-ORIGIN-MISSING", ephyto, "OriginSPSCountry of each line", line_origin_missing},
    {"SPS-LINE-PACKAGE", warning, "PhysicalSPSPackage or OPTND", line_package},
    {"SPS-PROCESS-TYPE", ephyto, "AppliedSPSProcess/TypeCode", process_type},
    {"SPS-ATTACHMENT-EMPTY", warning, "each attachment", attachment_empty},
    {"SPS-ATTACHMENT-TYPE", ephyto, "first bytes of each attachment", attachment_type},
    {"SPS-ATTACHMENT-TYPE-LIES", error, "what each attachment claims", attachment_type_lies},
    {"SPS-ATTACHMENT-SIZE", ephyto, "the decoded size of each attachment", attachment_size},
    {"SPS-ATTACHMENT-MIME-EMPTY", ephyto, "mimeCode of attachments", attachment_mime_empty},
    {"SPS-ATTACHMENT-WITHOUT-NAME", warning, "filename of attachments", attachment_without_name},
};
// clang-format on

}  // namespace

std::span<const rule> table() { return all; }

subject prepare(const crypto::xml::skeleton& from, const certificate& read, const std::string& node,
                std::optional<time_point> now) {
    subject s{read, node, now, from.tree.root(), {}, {}, {}, {}, {}};
    s.document = child(s.root, "SPSExchangedDocument");
    s.consignment = child(s.root, "SPSConsignment");
    visit(s.consignment, [&](const sps::node& n) {
        if (is_sps(n, "IncludedSPSTradeLineItem")) s.lines.push_back(n);
        if (is_sps(n, "AppliedSPSProcess")) s.processes.push_back(n);
        if (is_sps(n, "CountryID")) s.countries.push_back(n);
        if (n.local().ends_with("SPSCountry"))
            if (const auto id = child(n, "ID")) s.countries.push_back(id);
    });
    return s;
}

}  // namespace ecert::sps::rules
