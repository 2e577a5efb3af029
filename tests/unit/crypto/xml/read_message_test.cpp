#include "crypto/xml/reader.hpp"
#include "tests/unit/crypto/xml/libxml_c14n.hpp"
#include "tests/unit/crypto/xml/random_xml.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <system_error>
#include <tuple>

namespace ecert::crypto::xml {
namespace {

const std::string soap = "http://www.w3.org/2003/05/soap-envelope";

message_options options() {
    message_options o;
    o.envelope = {soap, "Envelope"};
    o.header = {soap, "Header"};
    o.body = {soap, "Body"};
    o.content = {{"urn:n", "Content"}};
    o.spool_folder = std::filesystem::temp_directory_path();
    return o;
}

std::string envelope(const std::string& body, const std::string& header = "<s:Header/>") {
    return "<s:Envelope xmlns:s=\"" + soap + "\" xmlns:n=\"urn:n\">" + header + "<s:Body>" + body +
           "</s:Body></s:Envelope>";
}

result<message> read(const std::string& xml, const message_options& o = options()) {
    return read_message(from_memory(xml), o);
}

std::string refusal(const std::string& xml, const message_options& o = options()) {
    const auto m = read(xml, o);
    return m ? "accepted" : m.error().text;
}

TEST(read_message, content_is_taken_out_unescaped) {
    const auto m = read(envelope(
        "<n:Deliver><n:To>NL</n:To><n:Content>&lt;a&gt;&amp;amp;&#13;\n<![CDATA[<b>]]>&lt;/a&gt;"
        "</n:Content></n:Deliver>"));
    ASSERT_TRUE(m) << m.error().text;
    ASSERT_EQ(m->contents.size(), 1u);
    EXPECT_EQ(*m->contents[0].content->in_memory(), "<a>&amp;\r\n<b></a>");
    EXPECT_TRUE(m->contents[0].at.is({"urn:n", "Content"}));
    EXPECT_EQ(m->contents[0].at.text(), "");
    EXPECT_EQ(m->body.text(), "NL");
    EXPECT_TRUE(m->body.parent() == m->tree.root());
}

TEST(read_message, several_contents_keep_their_order) {
    const auto m = read(
        envelope("<n:L><n:Content>one</n:Content><n:Content/><n:Content>three</n:Content></n:L>"));
    ASSERT_TRUE(m);
    ASSERT_EQ(m->contents.size(), 3u);
    EXPECT_EQ(*m->contents[0].content->in_memory(), "one");
    EXPECT_EQ(*m->contents[1].content->in_memory(), "");
    EXPECT_EQ(*m->contents[2].content->in_memory(), "three");
}

TEST(read_message, a_large_content_is_spooled) {
    auto o = options();
    o.spool_threshold = 1000;
    const std::string large(300'000, 'x');
    const auto m = read(envelope("<n:Content>" + large + "&amp;</n:Content>"), o);
    ASSERT_TRUE(m);
    EXPECT_EQ(m->contents[0].content->in_memory(), nullptr);
    EXPECT_EQ(read_all(*m->contents[0].content, 1 << 20), large + "&");
    EXPECT_EQ(m->contents[0].content->digest(), sha256_of(large + "&"));
}

// The digest of the stream against the digest of the tree that libxml2 canonicalises, content
// included.
TEST(read_message, body_digest_equals_that_of_the_whole_tree) {
    for (unsigned seed = 0; seed < 600; ++seed) {
        tests::random_xml random{seed};
        const auto inner = random.element({{"s", soap}, {"n", "urn:n"}}, 4) + "<n:Content>" +
                           random.text() + "&lt;x a=\"1\"/&gt;</n:Content>" +
                           random.element({{"s", soap}, {"n", "urn:n"}}, 3);
        const auto text = envelope(inner);
        const std::vector<std::string> prefixes =
            seed % 3 == 0 ? std::vector<std::string>{}
                          : std::vector<std::string>{"n", "#default", "a"};
        auto o = options();
        o.body_prefixes = [&](const node&) { return prefixes; };
        const auto m = read(text, o);
        ASSERT_TRUE(m) << m.error().text << text;
        const auto whole = document::parse(text, {}).value();
        const auto body = whole.root().child(o.body);
        ASSERT_EQ(m->body_digest, sha256_of(tests::libxml_c14n(body, prefixes))) << seed << "\n"
                                                                                 << text;
    }
}

TEST(read_message, prefixes_are_asked_for_once_when_the_header_is_whole) {
    auto o = options();
    int asked = 0;
    o.body_prefixes = [&](const node& header) {
        ++asked;
        EXPECT_EQ(header.text(), "id");
        return std::vector<std::string>{"n"};
    };
    const auto m = read(envelope("<x/>", "<s:Header><n:Id>id</n:Id></s:Header>"), o);
    ASSERT_TRUE(m);
    EXPECT_EQ(asked, 1);
    EXPECT_EQ(m->body_digest,
              sha256_of("<s:Body xmlns:n=\"urn:n\" xmlns:s=\"" + soap + "\"><x></x></s:Body>"));
}

TEST(read_message, a_second_body_is_refused) {
    EXPECT_THAT(refusal("<s:Envelope xmlns:s='" + soap + "'><s:Body/><s:Body/></s:Envelope>"),
                testing::HasSubstr("XML-NOT-A-MESSAGE"));
}

TEST(read_message, a_header_after_the_body_or_a_second_one_is_refused) {
    EXPECT_THAT(refusal("<s:Envelope xmlns:s='" + soap + "'><s:Body/><s:Header/></s:Envelope>"),
                testing::HasSubstr("XML-NOT-A-MESSAGE"));
    EXPECT_THAT(
        refusal("<s:Envelope xmlns:s='" + soap + "'><s:Header/><s:Header/><s:Body/></s:Envelope>"),
        testing::HasSubstr("XML-NOT-A-MESSAGE"));
}

TEST(read_message, another_root_or_soap_version_is_refused_and_named) {
    EXPECT_THAT(refusal("<html/>"), testing::HasSubstr("html"));
    EXPECT_THAT(refusal("<e:Envelope xmlns:e='http://schemas.xmlsoap.org/soap/envelope/'/>"),
                testing::HasSubstr("http://schemas.xmlsoap.org/soap/envelope/ Envelope"));
}

TEST(read_message, no_body_is_refused) {
    EXPECT_THAT(refusal("<s:Envelope xmlns:s='" + soap + "'><s:Header/></s:Envelope>"),
                testing::HasSubstr("XML-NOT-A-MESSAGE"));
}

TEST(read_message, elements_inside_content_are_refused) {
    EXPECT_THAT(refusal(envelope("<n:Content><cert/></n:Content>")),
                testing::HasSubstr("XML-CONTENT-MARKUP"));
}

TEST(read_message, processing_instructions_are_refused) {
    EXPECT_THAT(refusal(envelope("<?php x?>")), testing::HasSubstr("XML-INSTRUCTION"));
}

TEST(read_message, comments_neither_count_nor_split_a_text) {
    const auto m = read(envelope("<n:To>N<!-- x -->L</n:To><n:Content>a<!-- & -->b</n:Content>"));
    ASSERT_TRUE(m);
    EXPECT_EQ(m->body.text(), "NL");
    EXPECT_EQ(*m->contents[0].content->in_memory(), "ab");
    EXPECT_EQ(m->body_digest, sha256_of("<s:Body xmlns:s=\"" + soap +
                                        "\"><n:To xmlns:n=\"urn:n\">NL</n:To><n:Content "
                                        "xmlns:n=\"urn:n\">ab</n:Content></s:Body>"));
}

TEST(read_message, a_header_over_its_limit_is_refused_though_it_is_one_text) {
    EXPECT_THAT(
        refusal(envelope("", "<s:Header><n:Id>" + std::string(70'000, 'x') + "</n:Id></s:Header>")),
        testing::HasSubstr("XML-LIMIT-HEADER"));
}

TEST(read_message, an_exception_of_the_source_comes_out) {
    class broken final : public source {
        std::uint64_t size() const override { return 1000; }
        const sha256& digest() const override { return digest_; }
        std::size_t read(std::uint64_t offset, std::span<char> into) const override {
            if (offset > 0) throw std::system_error(EIO, std::generic_category());
            return std::string{"<s:Envelope"}.copy(into.data(), into.size());
        }
        sha256 digest_;
    };
    EXPECT_THROW(std::ignore = read_message(std::make_shared<broken>(), options()),
                 std::system_error);
}

// Read as the Body's: its form does not depend on what stands around it.
TEST(read_message, a_typed_content_is_its_own_exclusive_canonical_form) {
    auto o = options();
    o.typed = {{"urn:c", "Cert"}};
    const std::string cert =
        "<c:Cert xmlns:c='urn:c' xmlns:d='urn:d' b='2' a='1'><!-- x "
        "--><c:Name>&lt;A&gt;&#13;</c:Name>"
        "<d:Empty/><n:Content xmlns:n='urn:n'>text</n:Content><![CDATA[<tail>]]></c:Cert>";
    const auto m = read(envelope("<n:Deliver><n:To>NL</n:To>" + cert + "</n:Deliver>"), o);
    ASSERT_TRUE(m) << m.error().text;
    ASSERT_EQ(m->contents.size(), 1u) << "what stands inside is part of it";
    EXPECT_EQ(*m->contents[0].content->in_memory(),
              exclusive_c14n(document::parse(cert, {}).value().root()));
    EXPECT_TRUE(m->contents[0].at.is({"urn:c", "Cert"}));
    EXPECT_EQ(m->contents[0].at.text(), "") << "its texts are not in the tree";
    EXPECT_EQ(m->body.text(), "NL");
}

TEST(read_message, a_typed_content_keeps_what_it_inherits) {
    auto o = options();
    o.typed = {{"urn:n", "Cert"}};
    const auto m =
        read(envelope("<n:Deliver><n:Cert><n:A/></n:Cert><n:After>x</n:After></n:Deliver>"), o);
    ASSERT_TRUE(m) << m.error().text;
    EXPECT_EQ(*m->contents[0].content->in_memory(),
              "<n:Cert xmlns:n=\"urn:n\"><n:A></n:A></n:Cert>");
    EXPECT_EQ(m->body.text(), "x");
}

TEST(read_message, a_large_typed_content_is_spooled_and_its_texts_are_no_tree) {
    auto o = options();
    o.typed = {{"urn:n", "Cert"}};
    o.spool_threshold = 1000;
    const std::string large(8 << 20, 'x');  // over the bound of one text, and of the tree
    const auto m = read(envelope("<n:Cert><n:A>" + large + "</n:A></n:Cert>"), o);
    ASSERT_TRUE(m) << m.error().text;
    EXPECT_EQ(m->contents[0].content->in_memory(), nullptr);
    EXPECT_GT(m->contents[0].content->size(), large.size());
}

TEST(read_message, another_version_is_read_where_it_may_be) {
    auto o = options();
    const std::string old = "http://schemas.xmlsoap.org/soap/envelope/";
    const auto text = "<s:Envelope xmlns:s='" + old + "'><s:Body><a/></s:Body></s:Envelope>";
    EXPECT_FALSE(read(text, o));
    o.or_else = {{{old, "Envelope"}, {old, "Header"}, {old, "Body"}}};
    const auto m = read(text, o);
    ASSERT_TRUE(m) << m.error().text;
    EXPECT_EQ(m->tree.root().ns(), old);
    EXPECT_FALSE(
        read("<s:Envelope xmlns:s='" + old + "'><s:Body xmlns:s='" + soap + "'/></s:Envelope>", o))
        << "one version throughout";
}

}  // namespace
}  // namespace ecert::crypto::xml
