#include "tests/unit/adapters/sps/sample.hpp"

#include <gtest/gtest.h>

namespace ecert::sps::tests {
namespace {

const crypto::xml::library xml_library;

TEST(read, every_field_of_a_phytosanitary_certificate) {
    const auto j = judge(sample("phyto-851-issued.xml"));
    const auto& c = j.value;
    EXPECT_EQ(c.version, 17);
    EXPECT_EQ(c.number, "CN-PHYTO-2026-000118");
    EXPECT_EQ(c.type, 851);
    EXPECT_EQ(c.status, 70);
    EXPECT_EQ(c.issued, "2026-11-20T10:15:00+08:00");
    EXPECT_EQ(c.issuer, "General Administration of Customs of the People's Republic of China");
    EXPECT_EQ(c.export_country, "CN");
    EXPECT_EQ(c.import_country, "NZ");
    EXPECT_TRUE(c.replaces.empty());
    EXPECT_EQ(ids(j.found), "");
}

TEST(read, attachments_are_slots_with_name_and_type) {
    const auto j = judge(sample("phyto-851-issued.xml"));
    const auto& all = j.value.attachments;
    ASSERT_EQ(all.size(), 2u);
    EXPECT_EQ(all[0].filename, "laboratory-report.pdf");
    EXPECT_FALSE(all[0].mime_code);
    ASSERT_NE(all[0].slot, nullptr);
    EXPECT_TRUE(all[0].slot->head.starts_with("%PDF-1.4"));
    EXPECT_EQ(all[1].mime_code, "image/png");
    ASSERT_NE(all[1].slot, nullptr);
    EXPECT_NE(all[0].at.path(), all[1].at.path());
}

TEST(read, a_replacement_names_what_it_replaces) {
    const auto j = judge(sample("replacement.xml"));
    EXPECT_EQ(j.value.replaces, std::vector<std::string>{"CN-PHYTO-2026-000118"});
    EXPECT_EQ(ids(j.found), "");
}

TEST(read, a_withdrawal_is_the_same_number_with_status_40) {
    const auto j = judge(sample("withdrawal.xml"));
    EXPECT_EQ(j.value.number, "CN-PHYTO-2026-000118");
    EXPECT_EQ(j.value.status, 40);
    EXPECT_EQ(ids(j.found), "");
}

TEST(read, a_veterinary_certificate_has_nothing_against_it) {
    EXPECT_EQ(ids(judge(sample("veterinary-853.xml")).found), "");
    EXPECT_EQ(ids(judge(sample("phyto-851-to-au.xml")).found), "");
    EXPECT_EQ(ids(judge(sample("reexport-657.xml")).found), "");
}

TEST(read, prefixes_and_the_case_of_namespaces_do_not_matter) {
    auto xml = replaced(sample("veterinary-853.xml"), "ram:", "a:");
    xml = replaced(xml, "xmlns:ram=", "xmlns:a=");
    xml = replaced(xml, "data:standard:Reusable", "data:Standard:Reusable");
    EXPECT_EQ(judge(xml).value.number, "CN-VET-2026-004711");
}

TEST(read, an_older_version_is_read_alike) {
    auto xml = replaced(sample("phyto-851-issued.xml"), "SPSCertificate:17", "SPSCertificate:8");
    xml = replaced(xml, "InformationEntity:21", "InformationEntity:12");
    const auto j = judge(xml);
    EXPECT_EQ(j.value.version, 8);
    EXPECT_EQ(j.value.attachments.at(1).filename, "seal.png");
    EXPECT_NE(j.value.attachments.at(1).slot, nullptr);
    EXPECT_EQ(ids(j.found), "I SPS-SCHEMA-NOT-HELD /rsm:SPSCertificate\n");
}

TEST(read, attachments_are_slots_in_every_version_of_their_namespace) {
    for (const auto* version : {"5", "12", "21", "27", "103"}) {
        const auto xml = replaced(sample("phyto-851-issued.xml"), "InformationEntity:21",
                                  std::string{"InformationEntity:"} + version);
        const auto j = judge(xml);
        ASSERT_EQ(j.skeleton.value.slots.size(), 2u) << version;
        EXPECT_NE(j.value.attachments.at(0).slot, nullptr) << version;
    }
    const auto shouted = judge(replaced(sample("phyto-851-issued.xml"), "data:standard:Reusable",
                                        "data:Standard:Reusable"));
    EXPECT_EQ(shouted.skeleton.value.slots.size(), 2u);
    const auto foreign =
        judge(replaced(sample("phyto-851-issued.xml"), "InformationEntity:21", "OtherEntity:21"));
    EXPECT_TRUE(foreign.skeleton.value.slots.empty());
}

TEST(read, countries_of_transit_are_read) {
    const auto xml = replaced(sample("phyto-851-issued.xml"), "<ram:ImportSPSCountry>",
                              "<ram:TransitSPSCountry><ram:ID>SG</ram:ID></ram:TransitSPSCountry>"
                              "<ram:ImportSPSCountry>");
    EXPECT_EQ(judge(xml).value.transit_countries, std::vector<std::string>{"SG"});
}

TEST(read, numbers_are_opaque) {
    const auto xml =
        replaced(sample("veterinary-853.xml"), "CN-VET-2026-004711", " 动检/2026\\..&lt;4711&gt; ");
    EXPECT_EQ(judge(xml).value.number, "动检/2026\\..<4711>");
}

TEST(read, another_document_is_no_certificate) {
    const auto j = judge("<SPSCertificate xmlns='urn:example'><ID>1</ID></SPSCertificate>");
    ASSERT_EQ(j.found.size(), 1u);
    EXPECT_EQ(j.found[0].id, "SPS-NOT-A-CERTIFICATE");
}

TEST(read, what_identifies_a_certificate_must_be_there) {
    const auto vet = sample("veterinary-853.xml");
    EXPECT_TRUE(judge(replaced(vet, "CN-VET-2026-004711", " ")).find("SPS-NUMBER-MISSING"));
    EXPECT_TRUE(judge(replaced(vet, "CN-VET-2026-004711", std::string(513, '1')))
                    .find("SPS-NUMBER-TOO-LONG"));
    EXPECT_TRUE(judge(without(vet, "<ram:TypeCode>", "</ram:TypeCode>")).find("SPS-TYPE-MISSING"));
    EXPECT_TRUE(judge(replaced(vet, ">853<", ">veterinary<")).find("SPS-TYPE-NOT-A-CODE"));
    EXPECT_TRUE(
        judge(without(vet, "<ram:StatusCode>", "</ram:StatusCode>")).find("SPS-STATUS-MISSING"));
    const auto j = judge(replaced(vet, ">70<", ">Issued<"));
    ASSERT_TRUE(j.find("SPS-STATUS-NOT-A-CODE"));
    EXPECT_EQ(j.find("SPS-STATUS-NOT-A-CODE")->value, "Issued");
}

TEST(read, a_field_is_found_by_its_place_not_by_its_name_alone) {
    const auto xml = without(sample("veterinary-853.xml"), "<ram:ID>CN-VET", "</ram:ID>");
    EXPECT_TRUE(judge(xml).find("SPS-NUMBER-MISSING")) << "the ID of a deeper element was taken";
}

}  // namespace
}  // namespace ecert::sps::tests
