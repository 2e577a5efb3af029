#include "adapters/sps/rules/rule.hpp"

namespace ecert::sps::rules {
namespace {

using enum weight;
constexpr auto every = scope::every, ippc = scope::ephyto;

// clang-format off
constexpr rule all[] = {
    {"SPS-VERSION-UNKNOWN", warning, every, "the version in the namespace", version_unknown},
    {"SPS-TYPE-UNKNOWN", warning, every, "TypeCode", type_unknown},
    {"SPS-STATUS-UNKNOWN", warning, every, "StatusCode", status_unknown},
    {"SPS-ISSUED-MISSING", error, every, "IssueDateTime", issued_missing},
    {"SPS-ISSUED-NOT-A-DATE", error, every, "IssueDateTime", issued_no_date},
    {"SPS-ISSUED-IN-FUTURE", error, every, "IssueDateTime", issued_in_future},
    {"SPS-CERTIFICATE-SIZE", ephyto, every, "the whole document", certificate_size},

    {"SPS-REPLACES-ITSELF", essential, every, "ADRPN notes", replaces_itself},
    {"SPS-REPLACEMENT-WITHOUT-NUMBER", warning, every, "ADRP notes", replacement_without_number},
    {"SPS-REPLACEMENT-STATEMENT-MISSING", warning, ippc, "ADRP beside ADRPN", replacement_statement_missing},
    {"SPS-REPLACEMENT-DATE", warning, ippc, "ADRD beside ADRPN", replacement_date},

    {"SPS-REEXPORT-ORIGINAL-MISSING", warning, ippc, "657: RPCRF of each line", reexport_original_missing},
    {"SPS-REEXPORT-COUNTRY-MISSING", warning, ippc, "657: RPCCO of each line", reexport_country_missing},
    {"SPS-REEXPORT-COUNTRY-NOT-ISO", warning, ippc, "RPCCO notes", reexport_country_not_iso},
    {"SPS-REEXPORT-STATEMENT-MISSING", warning, ippc, "657: RPCST of each line", reexport_statement_missing},
    {"SPS-REEXPORT-ANSWER", warning, ippc, "RPC* notes that are True or False", reexport_answer},
    {"SPS-REEXPORT-COPY-MISSING", warning, ippc, "657: the original, AWR", reexport_copy_missing},
    {"SPS-REEXPORT-UNEXPECTED", warning, ippc, "851: RPC* notes", reexport_unexpected},

    {"SPS-NOTE-SUBJECT", warning, ippc, "subjects of notes", note_subject},
    {"SPS-NOTE-EMPTY", warning, ippc, "contents of notes", note_empty},
    {"SPS-QUANTITY-UNPAIRED", warning, ippc, "OQV and OQU", quantity_unpaired},

    {"SPS-SIGNATORY-MISSING", warning, ippc, "ProviderSPSParty/SpecifiedSPSPerson", signatory_missing},
    {"SPS-SIGNATORY-TYPE", warning, every, "SignatorySPSAuthentication/TypeCode", signatory_type},
    {"SPS-ISSUE-PLACE-MISSING", warning, ippc, "IssueSPSLocation/Name", issue_place_missing},
    {"SPS-CLAUSE-MISSING", warning, ippc, "IncludedSPSClause", clause_missing},
    {"SPS-CLAUSE-ID", warning, ippc, "851: IncludedSPSClause/ID", clause_id},

    {"SPS-ISSUER-MISSING", ephyto, every, "IssuerSPSParty/Name", issuer_missing},
    {"SPS-EXPORT-COUNTRY-MISSING", error, every, "ExportSPSCountry/ID", export_country_missing},
    {"SPS-IMPORT-COUNTRY-MISSING", error, every, "ImportSPSCountry/ID", import_country_missing},
    {"SPS-EXPORT-COUNTRY-NOT-OURS", essential, every, "ExportSPSCountry/ID", export_country_not_ours},
    {"SPS-COUNTRY-NOT-ISO", error, every, "every country", country_not_iso},
    {"SPS-CONSIGNOR-MISSING", ephyto, every, "ConsignorSPSParty/Name", consignor_missing},
    {"SPS-CONSIGNEE-MISSING", ephyto, every, "ConsigneeSPSParty/Name", consignee_missing},

    {"SPS-TRANSPORT-MISSING", ephyto, every, "MainCarriageSPSTransportMovement", transport_missing},
    {"SPS-TRANSPORT-MODE", warning, every, "ModeCode", transport_mode},
    {"SPS-PORT-NOT-LOCODE", warning, ippc, "UnloadingBaseportSPSLocation/ID", port_not_locode},

    {"SPS-LINE-MISSING", ephyto, every, "IncludedSPSTradeLineItem", line_missing},
    {"SPS-LINE-SEQUENCE", warning, every, "SequenceNumeric of lines", line_sequence},
    {"SPS-LINE-DESCRIPTION-MISSING", ephyto, every, "Description of lines", line_description_missing},
    {"SPS-LINE-ORIGIN-MISSING", ephyto, every, "OriginSPSCountry of each line", line_origin_missing},
    {"SPS-CLASSIFICATION-UNKNOWN", info, ippc, "SystemName of classifications", classification_unknown},
    {"SPS-HS-CODE", warning, every, "ClassCode of HS", hs_code},

    {"SPS-LINE-PACKAGE", warning, every, "PhysicalSPSPackage or OPTND", line_package},
    {"SPS-PACKAGE-TYPE-UNKNOWN", warning, every, "PhysicalSPSPackage/TypeCode", package_type_unknown},
    {"SPS-PACKAGE-LEVEL", warning, every, "PhysicalSPSPackage/LevelCode", package_level},
    {"SPS-MEASURE-NEGATIVE", warning, every, "weights and volumes", measure_negative},
    {"SPS-NET-OVER-GROSS", warning, every, "weights and volumes", net_over_gross},
    {"SPS-UNIT-MISSING", warning, every, "unitCode of measures", unit_missing},
    {"SPS-UNIT-NOT-A-CODE", warning, every, "unitCode of measures", unit_no_code},
    {"SPS-UNIT-UNKNOWN", info, every, "unitCode of measures", unit_unknown},

    {"SPS-PROCESS-TYPE", ephyto, every, "AppliedSPSProcess/TypeCode", process_type},
    {"SPS-PROCESS-KEY", warning, ippc, "first Description of characteristics", process_key},
    {"SPS-PROCESS-TEXT-MISSING", warning, ippc, "TTFT of each treatment", process_text_missing},
    {"SPS-PROCESS-PERIOD", warning, every, "CompletionSPSPeriod", process_period},

    {"SPS-ATTACHMENT-EMPTY", warning, every, "each attachment", attachment_empty},
    {"SPS-ATTACHMENT-TYPE", ephyto, every, "first bytes of each attachment", attachment_type},
    {"SPS-ATTACHMENT-TYPE-LIES", error, every, "what each attachment claims", attachment_type_lies},
    {"SPS-ATTACHMENT-SIZE", ephyto, every, "the decoded size of each attachment", attachment_size},
    {"SPS-ATTACHMENT-MIME-EMPTY", ephyto, every, "mimeCode of attachments", attachment_mime_empty},
    {"SPS-ATTACHMENT-WITHOUT-NAME", warning, every, "filename of attachments", attachment_without_name},
    {"SPS-REFERENCE-RELATION", warning, ippc, "RelationshipTypeCode", reference_relation},
    {"SPS-REFERENCE-DATE", warning, every, "IssueDateTime of references", reference_date},
};
// clang-format on

}  // namespace

std::span<const rule> table() { return all; }

}  // namespace ecert::sps::rules
