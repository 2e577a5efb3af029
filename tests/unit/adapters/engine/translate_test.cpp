#include "adapters/sps/certificate.hpp"
#include "tests/unit/adapters/engine/two_nodes.hpp"

namespace ecert::tests {
namespace {

using queue::outcome_class;

constexpr auto rsm17 = "urn:un:unece:uncefact:data:standard:SPSCertificate:17";
constexpr auto ram21 =
    "urn:un:unece:uncefact:data:standard:ReusableAggregateBusinessInformationEntity:21";
constexpr auto udt21 = "urn:un:unece:uncefact:data:standard:UnqualifiedDataType:21";

std::string certificate(const std::string& attachment = "JVBERi0xLjQK") {
    return std::string{
               "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<rsm:SPSCertificate xmlns:rsm=\""} +
           rsm17 + "\" xmlns:ram=\"" + ram21 + "\" xmlns:udt=\"" + udt21 +
           "\"><rsm:SPSExchangedDocument><ram:ID>CN/1</ram:ID><ram:TypeCode>851</"
           "ram:TypeCode><ram:IssueDateTime><udt:DateTimeString>"
           "2026-04-22T13:53:08Z</udt:DateTimeString></"
           "ram:IssueDateTime><ram:ReferenceSPSReferencedDocument><ram:AttachmentBinaryObject "
           "filename=\"a.pdf\">" +
           attachment +
           "</ram:AttachmentBinaryObject></ram:ReferenceSPSReferencedDocument></"
           "rsm:SPSExchangedDocument></rsm:SPSCertificate>";
}

crypto::xml::skeleton skeleton_of(const std::string& bytes) {
    xml_library();
    crypto::xml::skeleton_options options;
    options.slotted_families = sps::attachment_elements();
    options.spool_folder = fs::temp_directory_path();
    auto read = crypto::xml::read_skeleton(crypto::from_memory(bytes), options);
    EXPECT_FALSE(has_errors(read.found));
    return std::move(read.value);
}

std::string translated(const std::string& bytes, const std::string& by,
                       const partner_settings& to = {}) {
    const auto node = load_dialect(built_in_dialects(), "node");
    const auto from = skeleton_of(bytes);
    auto made = engine::translate(*node, by, from, to);
    EXPECT_TRUE(made) << made.error().text;
    return crypto::read_all(**made, 1 << 20);
}

TEST(translate, dates_become_what_the_partner_reads) {
    const auto text = translated(certificate(), "date-time");
    EXPECT_NE(text.find("<udt:DateTime>2026-04-22T13:53:08Z</udt:DateTime>"), std::string::npos)
        << text;
    EXPECT_EQ(text.find("DateTimeString"), std::string::npos);
    EXPECT_NE(text.find("SPSCertificate:17"), std::string::npos);
}

TEST(translate, version_17_becomes_version_8_with_its_attachment_in_place) {
    const auto text = translated(certificate(), "sps-8");
    auto parsed = crypto::xml::document::parse(text, {});
    ASSERT_TRUE(parsed) << text;
    EXPECT_EQ(parsed->root().ns(), "urn:un:unece:uncefact:data:standard:SPSCertificate:8");
    EXPECT_EQ(text.find("SPSCertificate:17"), std::string::npos) << text;
    EXPECT_EQ(text.find("InformationEntity:21"), std::string::npos) << text;
    EXPECT_NE(text.find("InformationEntity:12\""), std::string::npos);
    EXPECT_NE(text.find("UnqualifiedDataType:15\""), std::string::npos);
    EXPECT_NE(text.find("filename=\"a.pdf\">JVBERi0xLjQK<"), std::string::npos) << text;
}

TEST(translate, a_partner_says_which_namespaces_go_with_its_version_8) {
    partner_settings to;
    to.parameters = {{"sps8_ram", "13"}, {"sps8_udt", "8"}};
    const auto text = translated(certificate(), "sps-8", to);
    EXPECT_NE(text.find("InformationEntity:13\""), std::string::npos) << text;
    EXPECT_NE(text.find("UnqualifiedDataType:8\""), std::string::npos) << text;
}

TEST(translate, the_same_certificate_gives_the_same_bytes) {
    EXPECT_EQ(translated(certificate(), "sps-8"), translated(certificate(), "sps-8"));
}

TEST(translate, an_unknown_translation_is_a_failure_and_not_the_original) {
    const auto node = load_dialect(built_in_dialects(), "node");
    const auto from = skeleton_of(certificate());
    EXPECT_FALSE(engine::translate(*node, "klingon", from, {}));
}

TEST(translate, an_element_without_a_mapping_is_a_failure) {
    const auto node = load_dialect(built_in_dialects(), "node");
    const auto from = skeleton_of(
        replaced(certificate(), "<ram:TypeCode>851</ram:TypeCode>", "<x:New xmlns:x=\"urn:x\"/>"));
    EXPECT_FALSE(engine::translate(*node, "sps-8", from, {}));
}

TEST(translate, a_mapping_that_loses_an_attachment_is_a_failure) {
    temporary_folder folder{"ecert-losing"};
    fs::copy(built_in_dialects() / "node", folder.path() / "node", fs::copy_options::recursive);
    std::ofstream{folder.path() / "node/translate/short.xsl"}
        << "<xsl:stylesheet version=\"1.0\" "
           "xmlns:xsl=\"http://www.w3.org/1999/XSL/Transform\"><xsl:template "
           "match=\"/\"><short/></xsl:template></xsl:stylesheet>";
    const auto node = load_dialect(folder.path(), "node");
    const auto from = skeleton_of(certificate());
    const auto made = engine::translate(*node, "short", from, {});
    ASSERT_FALSE(made);
    EXPECT_NE(made.error().text.find("attachment"), std::string::npos) << made.error().text;
}

struct translated_delivery : testing::Test {
    two_nodes nodes{load_dialect(built_in_dialects(), "node")};
    void SetUp() override { nodes.to_.translate = "sps-8"; }
};

TEST_F(translated_delivery, the_translation_is_sent_handed_back_and_told) {
    auto content = crypto::from_memory(certificate());
    crypto::source_ptr made;
    const auto o = nodes.call(two_nodes::delivery(*content), content, nullptr, &made);
    ASSERT_EQ(o.what, outcome_class::delivered) << o.text;
    ASSERT_TRUE(made);
    EXPECT_EQ(nodes.seen->content->digest(), made->digest());
    ASSERT_TRUE(o.translation);
    EXPECT_EQ(o.translation->digest, made->digest());
    EXPECT_EQ(o.translation->bytes, crypto::read_all(*made, 1 << 20));
}

// Never other bytes under one id: not even when the mapping has changed since.
TEST_F(translated_delivery, a_retry_sends_the_kept_translation) {
    auto content = crypto::from_memory(certificate());
    const auto kept = crypto::from_memory("<kept/>");
    crypto::source_ptr made;
    const auto o = nodes.call(two_nodes::delivery(*content), content, kept, &made);
    ASSERT_EQ(o.what, outcome_class::delivered) << o.text;
    EXPECT_EQ(nodes.seen->content->digest(), kept->digest());
    EXPECT_FALSE(made);
    EXPECT_FALSE(o.translation);
}

TEST_F(translated_delivery, a_certificate_that_cannot_be_translated_is_not_sent) {
    const auto o = nodes.deliver("no certificate at all");
    EXPECT_EQ(o.what, outcome_class::misconfigured);
    EXPECT_EQ(o.scope, queue::outcome_scope::task);
    EXPECT_FALSE(nodes.seen);
}

TEST_F(translated_delivery, a_translation_is_kept_even_when_nobody_answered) {
    nodes.caller_->profile.endpoint = "http://127.0.0.1:1/node";
    nodes.caller_->client = nodes.make_client();
    auto content = crypto::from_memory(certificate());
    crypto::source_ptr made;
    const auto o = nodes.call(two_nodes::delivery(*content), content, nullptr, &made);
    EXPECT_EQ(o.what, outcome_class::temporary);
    EXPECT_TRUE(made);
    EXPECT_TRUE(o.translation);
}

}  // namespace
}  // namespace ecert::tests
