#include "hub/partner/agreement.hpp"

#include <gtest/gtest.h>

namespace ecert::hub {
namespace {

sps::certificate from_nz() {
    sps::certificate c;
    c.number = "NZ/1";
    c.type = 851;
    c.status = 70;
    c.export_country = "NZ";
    c.import_country = "CN";
    return c;
}

agreement held(const sps::certificate& c, const std::string& partner = "NZ",
               const std::string& node = "CN") {
    return agree(c, {"NZ", "CN", "NZ/1", 851, 70}, partner, node);
}

std::string ids(const problems& all) {
    std::string text;
    for (const auto& p : all) text += p.id + " ";
    return text;
}

TEST(agreement, a_certificate_that_is_what_its_envelope_says_has_nothing_against_it) {
    const auto all = held(from_nz());
    EXPECT_TRUE(all.refused.empty());
    EXPECT_TRUE(all.kept.empty());
}

TEST(agreement, what_the_envelope_misstates_is_refused_all_of_it_at_once) {
    auto c = from_nz();
    c.number = "NZ/2";
    c.type = 853;
    c.status = 40;
    const auto all = held(c);
    ASSERT_EQ(ids(all.refused), "SPS-ENVELOPE-NUMBER SPS-ENVELOPE-TYPE SPS-ENVELOPE-STATUS ");
    EXPECT_TRUE(has_errors(all.refused));
    EXPECT_EQ(all.refused.front().value, "NZ/2");
    EXPECT_EQ(all.refused.front().expected, "NZ/1");
}

TEST(agreement, another_import_country_is_kept_with_a_finding) {
    auto c = from_nz();
    c.import_country = "AU";
    const auto all = held(c);
    EXPECT_TRUE(all.refused.empty());
    ASSERT_EQ(ids(all.kept), "SPS-IMPORT-COUNTRY-NOT-OURS ");
    EXPECT_FALSE(has_errors(all.kept));
    EXPECT_EQ(all.kept.front().value, "AU");
    EXPECT_EQ(all.kept.front().expected, "CN");
}

TEST(agreement, a_country_of_transit_gets_its_copy_without_a_finding) {
    auto c = from_nz();
    c.import_country = "KZ";
    c.transit_countries = {"MN", "CN"};
    EXPECT_TRUE(held(c).kept.empty());
}

TEST(agreement, another_export_country_than_the_senders_is_kept_with_a_finding) {
    auto c = from_nz();
    c.export_country = "AU";
    EXPECT_EQ(ids(held(c).kept), "SPS-EXPORT-COUNTRY-NOT-OURS ");
}

TEST(agreement, a_body_speaks_for_its_members_and_a_test_connection_for_its_country) {
    auto c = from_nz();
    c.export_country = "NL";
    EXPECT_TRUE(held(c, "EU").kept.empty());
    EXPECT_TRUE(held(c, "NL2").kept.empty());
    EXPECT_FALSE(held(c, "FR2").kept.empty());
    c.import_country = "LK";
    EXPECT_TRUE(held(c, "EU", "LK2").kept.empty());
}

TEST(agreement, every_finding_has_its_sentences) {
    auto c = from_nz();
    c.number = "other";
    c.type = c.status = 1;
    c.import_country = c.export_country = "AU";
    auto all = held(c);
    all.refused.insert(all.refused.end(), all.kept.begin(), all.kept.end());
    EXPECT_EQ(all.refused.size(), 5u);
    for (const auto& p : all.refused)
        for (const auto in : {language::en, language::zh}) EXPECT_NE(problem_text(p.id, in), p.id);
}

}  // namespace
}  // namespace ecert::hub
