// Each rule with a certificate it has nothing against and one it finds at fault.
#include "adapters/sps/rules/rule.hpp"
#include "tests/unit/adapters/sps/sample.hpp"

#include <gtest/gtest.h>

#include <functional>
#include <regex>
#include <set>

namespace ecert::sps::tests {
namespace {

using change = std::function<std::string(const std::string&)>;
struct fault {
    const char* id;
    severity level;
    const char* sample;
    change make;
    const char* where;  // the end of the path; empty: not asked
};

change swap(const std::string& what, const std::string& by) {
    return [=](const std::string& xml) { return replaced(xml, what, by); };
}
change drop(const std::string& open, const std::string& close) {
    return [=](const std::string& xml) { return without(xml, open, close); };
}

constexpr auto phyto = "phyto-851-issued.xml";
constexpr auto vet = "veterinary-853.xml";
constexpr auto error = severity::error, warning = severity::warning, info = severity::info;
constexpr auto replacement = "replacement.xml";
constexpr auto reexport = "reexport-657.xml";

// One note more in the trade line.
change line_note(const std::string& subject, const std::string& content) {
    return swap("<ram:ApplicableSPSClassification>",
                "<ram:AdditionalInformationSPSNote><ram:Subject>" + subject +
                    "</ram:Subject><ram:Content>" + content +
                    "</ram:Content></ram:AdditionalInformationSPSNote>"
                    "<ram:ApplicableSPSClassification>");
}
change document_note_gone(const std::string& subject) {
    return drop("<ram:IncludedSPSNote>\n      <ram:Subject>" + subject + "<",
                "</ram:IncludedSPSNote>");
}
change line_note_gone(const std::string& subject) {
    return drop("<ram:AdditionalInformationSPSNote>\n          <ram:Subject>" + subject + "<",
                "</ram:AdditionalInformationSPSNote>");
}
const std::string optnd =
    "<ram:AdditionalInformationSPSNote><ram:Subject>OPTND</ram:Subject><ram:Content>in "
    "bulk</ram:Content>"
    "</ram:AdditionalInformationSPSNote><ram:PhysicalSPSPackage>";

// clang-format off
const fault faults[] = {
    {"SPS-VERSION-UNKNOWN", warning, vet, swap("SPSCertificate:17", "SPSCertificate:99"), "/rsm:SPSCertificate"},
    {"SPS-TYPE-UNKNOWN", warning, vet, swap(">853<", ">4711<"), "/ram:TypeCode"},
    {"SPS-STATUS-UNKNOWN", warning, vet, swap(">70<", ">71<"), "/ram:StatusCode"},
    {"SPS-ISSUED-MISSING", error, vet, drop("<ram:IssueDateTime>", "</ram:IssueDateTime>"), "/ram:IssueDateTime"},
    {"SPS-ISSUED-NOT-A-DATE", error, vet, swap("2026-11-19T16:40:00+08:00", "2026-02-30"), "/ram:IssueDateTime"},
    {"SPS-ISSUED-IN-FUTURE", error, vet, swap("2026-11-19T16:40:00+08:00", "2026-11-27"), "/ram:IssueDateTime"},
    {"SPS-REPLACES-ITSELF", error, "replacement.xml", swap("<ram:ID>CN-PHYTO-2026-000131", "<ram:ID>CN-PHYTO-2026-000118"), "ram:IncludedSPSNote[2]"},
    {"SPS-REPLACEMENT-WITHOUT-NUMBER", warning, "replacement.xml", swap(">ADRPN<", ">ADRPX<"), ""},
    {"SPS-REPLACEMENT-STATEMENT-MISSING", warning, replacement, document_note_gone("ADRP"), "/ram:IncludedSPSNote[1]"},
    {"SPS-REPLACEMENT-DATE", warning, replacement, document_note_gone("ADRD"), "/ram:IncludedSPSNote[2]"},
    {"SPS-REPLACEMENT-DATE", warning, replacement, swap("<ram:Content>2026-11-20T10:15:00+08:00", "<ram:Content>last week"), "/ram:IncludedSPSNote[4]"},
    {"SPS-REEXPORT-ORIGINAL-MISSING", warning, reexport, line_note_gone("RPCRF"), "/ram:AdditionalInformationSPSNote[1]"},
    {"SPS-REEXPORT-COUNTRY-MISSING", warning, reexport, line_note_gone("RPCCO"), "/ram:AdditionalInformationSPSNote[1]"},
    {"SPS-REEXPORT-COUNTRY-NOT-ISO", warning, reexport, swap("<ram:Content>CL<", "<ram:Content>Chile<"), "/ram:AdditionalInformationSPSNote[2]"},
    {"SPS-REEXPORT-STATEMENT-MISSING", warning, reexport, line_note_gone("RPCST"), "/ram:AdditionalInformationSPSNote[1]"},
    {"SPS-REEXPORT-ANSWER", warning, reexport, swap("<ram:Content>True<", "<ram:Content>yes<"), "/ram:AdditionalInformationSPSNote[4]"},
    {"SPS-REEXPORT-COPY-MISSING", warning, reexport, swap(">AWR<", ">ZZZ<"), "/ram:ReferenceSPSReferencedDocument"},
    {"SPS-REEXPORT-UNEXPECTED", warning, phyto, line_note("RPCRF", "CL-1"), "/ram:AdditionalInformationSPSNote"},
    {"SPS-NOTE-SUBJECT", warning, phyto, swap(">DMCL<", ">DMTLIL<"), "/ram:IncludedSPSNote[2]/ram:Subject"},
    {"SPS-NOTE-SUBJECT", warning, phyto, line_note("DMCL", "KORLA"), "/ram:AdditionalInformationSPSNote/ram:Subject"},
    {"SPS-NOTE-EMPTY", warning, phyto, swap("KORLA 118", ""), "/ram:IncludedSPSNote[2]/ram:Content"},
    {"SPS-NOTE-EMPTY", warning, phyto, line_note("DMTLIL", " "), "/ram:AdditionalInformationSPSNote/ram:Content"},
    {"SPS-QUANTITY-UNPAIRED", warning, phyto, line_note("OQV", "12"), "/ram:AdditionalInformationSPSNote"},
    {"SPS-SIGNATORY-MISSING", warning, phyto, swap("Wang Lihua", ""), "/ram:ProviderSPSParty/ram:SpecifiedSPSPerson/ram:Name"},
    {"SPS-SIGNATORY-TYPE", warning, vet, swap("<ram:ActualDateTime>", "<ram:TypeCode>77</ram:TypeCode><ram:ActualDateTime>"), "/ram:SignatorySPSAuthentication/ram:TypeCode"},
    {"SPS-ISSUE-PLACE-MISSING", warning, phyto, swap("<ram:Name>Urumqi</ram:Name>", "<ram:Name/>"), "/ram:IssueSPSLocation/ram:Name"},
    {"SPS-CLAUSE-MISSING", warning, phyto, drop("<ram:IncludedSPSClause>", "</ram:IncludedSPSClause>"), "/ram:IncludedSPSClause"},
    {"SPS-CLAUSE-ID", warning, phyto, swap("<ram:ID>1</ram:ID>", "<ram:ID>PURPOSE</ram:ID>"), "/ram:IncludedSPSClause/ram:ID"},
    {"SPS-ISSUER-MISSING", error, phyto, drop("<ram:IssuerSPSParty>", "</ram:IssuerSPSParty>"), "/ram:IssuerSPSParty/ram:Name"},
    {"SPS-ISSUER-MISSING", warning, vet, drop("<ram:IssuerSPSParty>", "</ram:IssuerSPSParty>"), ""},
    {"SPS-EXPORT-COUNTRY-MISSING", error, vet, drop("<ram:ExportSPSCountry>", "</ram:ExportSPSCountry>"), "/ram:ExportSPSCountry/ram:ID"},
    {"SPS-IMPORT-COUNTRY-MISSING", error, vet, drop("<ram:ImportSPSCountry>", "</ram:ImportSPSCountry>"), "/ram:ImportSPSCountry/ram:ID"},
    {"SPS-EXPORT-COUNTRY-NOT-OURS", error, vet, swap(">CN<", ">AU<"), "/ram:ExportSPSCountry/ram:ID"},
    {"SPS-COUNTRY-NOT-ISO", error, vet, swap(">NZ<", ">NZL<"), "/ram:ImportSPSCountry/ram:ID"},
    {"SPS-CONSIGNOR-MISSING", error, phyto, drop("<ram:ConsignorSPSParty>", "</ram:ConsignorSPSParty>"), "/ram:ConsignorSPSParty/ram:Name"},
    {"SPS-CONSIGNEE-MISSING", error, phyto, drop("<ram:ConsigneeSPSParty>", "</ram:ConsigneeSPSParty>"), "/ram:ConsigneeSPSParty/ram:Name"},
    {"SPS-TRANSPORT-MISSING", error, phyto, drop("<ram:MainCarriageSPSTransportMovement>", "</ram:MainCarriageSPSTransportMovement>"), "/ram:MainCarriageSPSTransportMovement"},
    {"SPS-TRANSPORT-MODE", warning, vet, swap("<ram:ModeCode>1<", "<ram:ModeCode>ship<"), "/ram:ModeCode"},
    {"SPS-TRANSPORT-MODE", warning, vet, swap("<ram:ModeCode>1</ram:ModeCode>", ""), "/ram:ModeCode"},
    {"SPS-PORT-NOT-LOCODE", warning, phyto, swap("NZAKL", "Auckland"), "/ram:UnloadingBaseportSPSLocation/ram:ID"},
    {"SPS-LINE-MISSING", error, phyto, drop("<ram:IncludedSPSConsignmentItem>", "</ram:IncludedSPSConsignmentItem>"), "/ram:IncludedSPSTradeLineItem"},
    {"SPS-LINE-DESCRIPTION-MISSING", error, phyto, drop("<ram:Description languageID=\"en\">Fresh", "</ram:Description>"), "/ram:Description"},
    {"SPS-LINE-ORIGIN-MISSING", error, phyto, drop("<ram:OriginSPSCountry>", "</ram:OriginSPSCountry>"), "/ram:OriginSPSCountry/ram:ID"},
    {"SPS-LINE-SEQUENCE", warning, vet, swap("<ram:SequenceNumeric>1<", "<ram:SequenceNumeric>one<"), "/ram:SequenceNumeric"},
    {"SPS-LINE-SEQUENCE", warning, vet, [](const std::string& xml) { return twice(xml, "<ram:IncludedSPSTradeLineItem>", "</ram:IncludedSPSTradeLineItem>"); }, "/ram:IncludedSPSTradeLineItem[2]/ram:SequenceNumeric"},
    {"SPS-CLASSIFICATION-UNKNOWN", info, phyto, swap(">HS<", ">ECCN<"), "/ram:SystemName"},
    {"SPS-HS-CODE", warning, vet, swap("02023000", "0202.30"), "/ram:ClassCode"},
    {"SPS-PACKAGE-TYPE-UNKNOWN", warning, vet, swap(">CT<", ">Q_<"), "/ram:PhysicalSPSPackage/ram:TypeCode"},
    {"SPS-PACKAGE-LEVEL", warning, vet, swap("<ram:LevelCode>1<", "<ram:LevelCode>9<"), "/ram:LevelCode"},
    {"SPS-MEASURE-NEGATIVE", warning, vet, swap(">12000<", ">-1<"), "/ram:NetWeightMeasure"},
    {"SPS-NET-OVER-GROSS", warning, vet, swap("</ram:NetWeightMeasure>", "</ram:NetWeightMeasure><ram:GrossWeightMeasure unitCode=\"KGM\">11999.5</ram:GrossWeightMeasure>"), "/ram:NetWeightMeasure"},
    {"SPS-UNIT-MISSING", warning, vet, swap(" unitCode=\"KGM\"", ""), "/ram:NetWeightMeasure/@unitCode"},
    {"SPS-UNIT-NOT-A-CODE", warning, vet, swap("\"KGM\"", "\"kg\""), "/@unitCode"},
    {"SPS-UNIT-UNKNOWN", info, vet, swap("\"KGM\"", "\"X9Z\""), "/@unitCode"},
    {"SPS-LINE-PACKAGE", warning, phyto, drop("<ram:PhysicalSPSPackage>", "</ram:PhysicalSPSPackage>"), "/ram:IncludedSPSTradeLineItem"},
    {"SPS-LINE-PACKAGE", warning, phyto, swap("<ram:PhysicalSPSPackage>", optnd), ""},
    {"SPS-PROCESS-TYPE", error, phyto, swap("<ram:TypeCode>ZZZ", "<ram:TypeCode>FUM"), "/ram:TypeCode"},
    {"SPS-PROCESS-KEY", warning, phyto, swap("<ram:ApplicableSPSProcessCharacteristic>", "<ram:ApplicableSPSProcessCharacteristic><ram:Description>Cold</ram:Description></ram:ApplicableSPSProcessCharacteristic><ram:ApplicableSPSProcessCharacteristic>"), "/ram:ApplicableSPSProcessCharacteristic[1]/ram:Description"},
    {"SPS-PROCESS-TEXT-MISSING", warning, phyto, swap(">TTFT<", ">TTL1<"), "/ram:ApplicableSPSProcessCharacteristic"},
    {"SPS-PROCESS-PERIOD", warning, phyto, swap("<udt:DateTimeString>2026-11-18<", "<udt:DateTimeString>spring<"), "/ram:StartDateTime"},
    {"SPS-PROCESS-PERIOD", warning, phyto, swap("</ram:StartDateTime>", "</ram:StartDateTime><ram:EndDateTime><udt:DateTimeString>2026-11-17</udt:DateTimeString></ram:EndDateTime>"), "/ram:EndDateTime"},
    {"SPS-REFERENCE-RELATION", warning, phyto, swap(">ZZZ</ram:Rel", ">BM</ram:Rel"), "/ram:RelationshipTypeCode"},
    {"SPS-REFERENCE-DATE", warning, phyto, swap("<udt:DateTimeString>2026-11-20<", "<udt:DateTimeString>20.11.2026<"), "/ram:IssueDateTime"},
    {"SPS-ATTACHMENT-EMPTY", warning, phyto, [](const std::string& xml) { return without(xml, "JVBERi0", "\n      </ram:Att").insert(xml.find("JVBERi0"), "</ram:Att"); }, "/ram:AttachmentBinaryObject"},
    {"SPS-ATTACHMENT-TYPE", error, phyto, swap("JVBERi0", "TVqQAAM"), "/ram:AttachmentBinaryObject"},
    {"SPS-ATTACHMENT-TYPE-LIES", error, phyto, swap("laboratory-report.pdf", "laboratory-report.JPG"), "/@filename"},
    {"SPS-ATTACHMENT-TYPE-LIES", error, phyto, swap("image/png", "text/html"), "/@mimeCode"},
    {"SPS-ATTACHMENT-MIME-EMPTY", error, phyto, swap("image/png", ""), "/@mimeCode"},
    {"SPS-ATTACHMENT-WITHOUT-NAME", warning, phyto, swap(" filename=\"seal.png\"", ""), "/@filename"},
};
// clang-format on

TEST(rules, each_finds_its_fault_and_says_where) {
    for (const auto& f : faults) {
        const auto j = judge(f.make(sample(f.sample)));
        const auto* found = j.find(f.id);
        ASSERT_NE(found, nullptr) << f.id << " in\n" << ids(j.found);
        EXPECT_EQ(found->level, f.level) << f.id;
        EXPECT_TRUE(found->where.starts_with("/rsm:SPSCertificate")) << f.id << " " << found->where;
        EXPECT_TRUE(found->where.ends_with(f.where)) << f.id << " " << found->where;
        EXPECT_FALSE(judge(sample(f.sample)).find(f.id)) << f.id << " is found in the good sample";
    }
}

TEST(rules, none_is_without_a_bad_case) {
    std::set<std::string_view> tried{"SPS-ATTACHMENT-SIZE", "SPS-CERTIFICATE-SIZE"};  // below
    for (const auto& f : faults) tried.insert(f.id);
    for (const auto& r : rules::table()) EXPECT_TRUE(tried.contains(r.id)) << r.id;
    EXPECT_EQ(tried.size(), rules::table().size());
}

TEST(rules, every_finding_has_its_sentence_in_both_languages) {
    for (const auto& r : rules::table()) {
        EXPECT_NE(problem_text(r.id, language::en), r.id);
        EXPECT_NE(problem_text(r.id, language::zh), problem_text(r.id, language::en)) << r.id;
    }
}

// What is expected stands beside the sentence in every language.
TEST(rules, what_is_expected_is_a_notation_and_no_prose) {
    const std::regex prose{"[a-z]{2,} [a-z]{2,}"};
    for (const auto& f : faults)
        for (const auto& p : judge(f.make(sample(f.sample))).found)
            EXPECT_FALSE(std::regex_search(p.expected, prose)) << p.id << ": " << p.expected;
}

TEST(rules, an_attachment_over_three_megabytes_is_refused_with_its_size) {
    const auto with_pdf_of = [](std::size_t size) {
        auto pdf = "%PDF-1.4\n" + std::string(size - 9, 'x');
        auto xml = sample("phyto-851-issued.xml");
        const auto first = xml.find("JVBERi0"), last = xml.find("<", first);
        return xml.replace(first, last - first, crypto::base64_encode(pdf));
    };
    EXPECT_FALSE(judge(with_pdf_of(3 * 1024 * 1024)).find("SPS-ATTACHMENT-SIZE"));
    const auto j = judge(with_pdf_of(3 * 1024 * 1024 + 1));
    ASSERT_TRUE(j.find("SPS-ATTACHMENT-SIZE"));
    EXPECT_EQ(j.find("SPS-ATTACHMENT-SIZE")->value, "3145729");
}

TEST(rules, a_certificate_over_104_megabytes_is_no_ephyto) {
    // The size alone: a source that says it is large.
    struct large final : crypto::source {
        explicit large(crypto::source_ptr of) : of_{std::move(of)} {}
        std::uint64_t size() const override { return 104 * mib + 1; }
        const crypto::sha256& digest() const override { return of_->digest(); }
        std::size_t read(std::uint64_t offset, std::span<char> into) const override {
            return of_->read(offset, into);
        }
        crypto::source_ptr of_;
    };
    auto j = judge(sample("phyto-851-issued.xml"));
    EXPECT_FALSE(j.find("SPS-CERTIFICATE-SIZE"));
    j.skeleton.value.text = std::make_shared<large>(j.skeleton.value.text);
    j.found = validate(j.skeleton, {"CN", {}}).found;
    ASSERT_TRUE(j.find("SPS-CERTIFICATE-SIZE"));
    EXPECT_EQ(j.find("SPS-CERTIFICATE-SIZE")->level, error);
}

TEST(rules, the_ephytos_own_say_nothing_of_other_documents) {
    for (const auto& r : rules::table()) {
        if (r.concerns != rules::scope::ephyto) continue;
        for (const auto& f : faults) {
            if (f.id != r.id) continue;
            const auto xml =
                replaced(f.make(sample(f.sample)),
                         std::string{"<ram:TypeCode>"} + (f.sample == reexport ? "657" : "851"),
                         "<ram:TypeCode>852");
            EXPECT_FALSE(judge(xml).find(f.id)) << f.id;
        }
    }
}

TEST(rules, line_0_of_traces_is_the_sum_of_the_others_and_needs_no_origin) {
    const auto line_0 = replaced(
        without(sample("veterinary-853.xml"), "<ram:OriginSPSCountry>", "</ram:OriginSPSCountry>"),
        "<ram:SequenceNumeric>1<", "<ram:SequenceNumeric>0<");
    EXPECT_FALSE(judge(line_0).find("SPS-LINE-ORIGIN-MISSING"));
    EXPECT_TRUE(judge(replaced(line_0, ">853<", ">851<")).find("SPS-LINE-ORIGIN-MISSING"));
}

TEST(rules, modes_of_transport_are_not_held_against_recommendation_19) {
    for (const auto* mode : {"0", "4", "8", "12"})
        EXPECT_FALSE(judge(replaced(sample("phyto-851-issued.xml"), "<ram:ModeCode>1<",
                                    "<ram:ModeCode>" + std::string{mode} + "<"))
                         .find("SPS-TRANSPORT-MODE"))
            << mode;
}

TEST(rules, a_broken_certificate_gets_all_its_faults_at_once) {
    const auto j = judge(sample("broken.xml"));
    for (const auto* id : {"SPS-STATUS-NOT-A-CODE", "SPS-ISSUED-NOT-A-DATE", "SPS-REPLACES-ITSELF",
                           "SPS-COUNTRY-NOT-ISO", "SPS-CONSIGNEE-MISSING", "SPS-TRANSPORT-MISSING",
                           "SPS-LINE-ORIGIN-MISSING", "SPS-PROCESS-TYPE", "SPS-ATTACHMENT-TYPE",
                           "SPS-ATTACHMENT-TYPE-LIES", "SPS-ATTACHMENT-MIME-EMPTY"})
        EXPECT_TRUE(j.find(id)) << id << " is missing among\n" << ids(j.found);
}

TEST(rules, an_unknown_code_is_carried_through_with_a_warning) {
    const auto j = judge(replaced(sample("veterinary-853.xml"), ">853<", ">4711<"));
    EXPECT_EQ(j.value.type, 4711);
    EXPECT_FALSE(has_errors(j.found)) << ids(j.found);
}

TEST(rules, a_date_is_held_against_the_time_only_where_one_is_given) {
    const auto xml =
        replaced(sample("veterinary-853.xml"), "2026-11-19T16:40:00+08:00", "2099-01-01");
    EXPECT_TRUE(judge(xml).find("SPS-ISSUED-IN-FUTURE"));
    EXPECT_FALSE(judge(xml, "CN", std::nullopt).find("SPS-ISSUED-IN-FUTURE"));
}

TEST(rules, without_a_node_any_export_country_is_right) {
    EXPECT_FALSE(judge(sample("veterinary-853.xml"), "").find("SPS-EXPORT-COUNTRY-NOT-OURS"));
    EXPECT_TRUE(judge(sample("veterinary-853.xml"), "NZ").find("SPS-EXPORT-COUNTRY-NOT-OURS"));
}

TEST(rules, a_fault_in_each_of_a_thousand_lines_is_said_a_hundred_times) {
    auto xml = without(sample("phyto-851-issued.xml"), "<ram:OriginSPSCountry>",
                       "</ram:OriginSPSCountry>");
    const auto first = xml.find("<ram:IncludedSPSTradeLineItem>");
    const std::string close = "</ram:IncludedSPSTradeLineItem>";
    const auto line = xml.substr(first, xml.find(close) + close.size() - first);
    std::string lines;
    for (int i = 0; i < 999; ++i) lines += line;
    const auto j = judge(xml.insert(first, lines));
    EXPECT_EQ(std::count_if(j.found.begin(), j.found.end(),
                            [](const auto& p) { return p.id == "SPS-LINE-ORIGIN-MISSING"; }),
              100);
}

TEST(rules, a_value_is_cut_between_characters) {
    std::string number;
    for (int i = 0; i < 300; ++i) number += "证";
    const auto j = judge(replaced(sample("replacement.xml"), "CN-PHYTO-2026-000131", number));
    EXPECT_TRUE(j.find("SPS-NUMBER-TOO-LONG"));
    EXPECT_EQ(j.find("SPS-NUMBER-TOO-LONG")->value, number.substr(0, 600));
}

}  // namespace
}  // namespace ecert::sps::tests
