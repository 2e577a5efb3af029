#include "adapters/soap/write.hpp"
#include "crypto/xml/stylesheet.hpp"

#include <gtest/gtest.h>

namespace ecert::soap {
namespace {

using crypto::xml::document;

const crypto::xml::library xml;

constexpr auto ns = "urn:some:dialect";

document made_with(const std::string& encoding, const std::string& beside = {}) {
    auto made = document::make({ns, "Deliver"}, "d");
    auto content = made.root().append({ns, "Content"}, beside);
    auto mark = content.append({std::string{crypto::xml::exchange_ns}, "content"});
    mark.set("ref", "content");
    mark.set("encoding", encoding);
    return made;
}

std::string written(const crypto::xml::parts& parts) {
    return crypto::xml::to_string(parts, 1 << 20);
}

// The promise of the whole folder: what is written is its own canonical form.
void expect_canonical(version v, const crypto::xml::parts& inside) {
    const auto body = make_body(v, inside);
    const auto headers = write_addressing(
        {"urn:uuid:1", "https://there/?a=1&b=\"<2>\"", "urn:action", "urn:uuid:2"});
    const auto message = assemble(v, headers, "", body, "urn:some:dialect");
    const auto text = written(message.parts);
    EXPECT_EQ(text.size(), message.size);
    auto parsed = document::parse(text, {});
    ASSERT_TRUE(parsed) << parsed.error().text;
    const auto body_node = parsed->root().child(element(v, "Body"));
    EXPECT_EQ(crypto::xml::exclusive_c14n(body_node), written(body.parts));
    EXPECT_EQ(crypto::sha256_of(written(body.parts)), body.measured.digest);
    const auto header_nodes = parsed->root().child(element(v, "Header")).children();
    ASSERT_EQ(header_nodes.size(), headers.size());
    for (std::size_t i = 0; i < headers.size(); ++i) {
        EXPECT_EQ(crypto::xml::exclusive_c14n(header_nodes[i]), headers[i].xml);
        EXPECT_EQ(crypto::sha256_of(headers[i].xml), headers[i].part.digest);
    }
}

TEST(soap_body, content_stands_where_the_stylesheet_placed_it) {
    const auto content = crypto::from_memory("<a>&\r");
    const auto parts = split_at_content(made_with("text"), version::v1_2, {{"content", content}});
    ASSERT_TRUE(parts) << parts.error().text;
    EXPECT_EQ(
        written(*parts),
        "<d:Deliver "
        "xmlns:d=\"urn:some:dialect\"><d:Content>&lt;a&gt;&amp;&#xD;</d:Content></d:Deliver>");
}

TEST(soap_body, base64_content_is_encoded_on_the_fly) {
    const auto parts = split_at_content(made_with("base64"), version::v1_2,
                                        {{"content", crypto::from_memory(std::string{"\0\1", 2})}});
    ASSERT_TRUE(parts);
    EXPECT_NE(written(*parts).find("<d:Content>AAE=</d:Content>"), std::string::npos);
}

TEST(soap_body, what_is_written_is_canonical_in_both_versions) {
    for (const auto v : {version::v1_1, version::v1_2})
        for (const auto* bytes : {"", "plain", "<a b='\"'>&\r\n\t]]></a>"}) {
            const auto parts =
                split_at_content(made_with("text"), v, {{"content", crypto::from_memory(bytes)}});
            ASSERT_TRUE(parts);
            expect_canonical(v, *parts);
        }
}

TEST(soap_body, content_beside_other_text_is_refused) {
    EXPECT_FALSE(split_at_content(made_with("text", "beside"), version::v1_2,
                                  {{"content", crypto::from_memory("x")}}));
}

TEST(soap_body, content_that_nobody_gave_is_refused) {
    EXPECT_FALSE(split_at_content(made_with("text"), version::v1_2, {}));
    EXPECT_FALSE(split_at_content(made_with("text"), version::v1_2, {{"content", nullptr}}));
}

TEST(soap_body, an_unknown_encoding_is_refused) {
    EXPECT_FALSE(
        split_at_content(made_with("zip"), version::v1_2, {{"content", crypto::from_memory("x")}}));
}

// Below Body those prefixes are in force already: the child's own canonical form would not be the
// Body's.
TEST(soap_body, elements_that_would_not_stay_canonical_below_body_are_refused) {
    const auto in = [](std::string space) {
        auto made = document::make({ns, "Deliver"}, "d");
        made.root().append({std::move(space), "X"});
        return made;
    };
    EXPECT_FALSE(split_at_content(in(std::string{namespace_of(version::v1_2)}), version::v1_2, {}));
    EXPECT_FALSE(split_at_content(in(std::string{crypto::wss::wsu_ns}), version::v1_2, {}));
    EXPECT_TRUE(split_at_content(in(std::string{namespace_of(version::v1_1)}), version::v1_2, {}));
}

TEST(soap_body, nothing_is_refused) {
    EXPECT_FALSE(split_at_content(document{}, version::v1_2, {}));
    EXPECT_FALSE(
        split_at_content(document::make({std::string{crypto::xml::exchange_ns}, "content"}, "ec"),
                         version::v1_2, {}));
}

TEST(soap_addressing, absent_headers_are_not_written) {
    EXPECT_TRUE(write_addressing({}).empty());
    EXPECT_EQ(write_addressing({"a", "b", "c", ""}).size(), 3u);
}

TEST(soap_body, without_an_id_has_no_attributes) {
    const auto body = make_body(version::v1_1, {std::string{"<a></a>"}}, body_id::none);
    EXPECT_EQ(crypto::xml::to_string(body.parts, 1 << 20),
              "<s:Body xmlns:s=\"http://schemas.xmlsoap.org/soap/envelope/\"><a></a></s:Body>");
}

}  // namespace
}  // namespace ecert::soap
