#include "crypto/xml/document.hpp"
#include "tests/unit/crypto/xml/libxml_c14n.hpp"
#include "tests/unit/crypto/xml/random_xml.hpp"

#include <gtest/gtest.h>

namespace ecert::crypto::xml {
namespace {

std::string canonical(std::string_view xml, const std::vector<std::string>& prefixes = {}) {
    return exclusive_c14n(document::parse(xml, {}).value().root(), prefixes);
}

std::string canonical_child(std::string_view xml, const std::vector<std::string>& prefixes = {}) {
    const auto d = document::parse(xml, {}).value();
    return exclusive_c14n(d.root().children().front(), prefixes);
}

TEST(exclusive_c14n, only_namespaces_that_are_used_are_written) {
    EXPECT_EQ(canonical("<a:r xmlns:a='urn:a' xmlns:b='urn:b'><a:c b:at='1'/></a:r>"),
              "<a:r xmlns:a=\"urn:a\"><a:c xmlns:b=\"urn:b\" b:at=\"1\"></a:c></a:r>");
}

TEST(exclusive_c14n, a_subtree_declares_what_its_ancestors_declared) {
    EXPECT_EQ(canonical_child("<r xmlns='urn:d' xmlns:p='urn:p'><p:c><e/></p:c></r>"),
              "<p:c xmlns:p=\"urn:p\"><e xmlns=\"urn:d\"></e></p:c>");
}

TEST(exclusive_c14n, prefixes_of_the_list_are_written_at_the_apex) {
    EXPECT_EQ(canonical_child("<r xmlns='urn:d' xmlns:p='urn:p'><p:c v='p:x'/></r>",
                              {"#default", "p", "absent"}),
              "<p:c xmlns=\"urn:d\" xmlns:p=\"urn:p\" v=\"p:x\"></p:c>");
}

TEST(exclusive_c14n, the_default_namespace_is_undone_where_it_was_written) {
    EXPECT_EQ(canonical("<r xmlns='urn:d'><c xmlns=''><e/></c></r>"),
              "<r xmlns=\"urn:d\"><c xmlns=\"\"><e></e></c></r>");
}

TEST(exclusive_c14n, attributes_are_sorted_by_namespace_and_name) {
    EXPECT_EQ(
        canonical("<r xmlns:b='urn:1' xmlns:a='urn:2' a:x='3' b:y='2' z='1' c='0' xml:lang='en'/>"),
        "<r xmlns:a=\"urn:2\" xmlns:b=\"urn:1\" c=\"0\" z=\"1\" xml:lang=\"en\" b:y=\"2\" "
        "a:x=\"3\"></r>");
}

TEST(exclusive_c14n, characters_are_escaped_as_the_recommendation_says) {
    EXPECT_EQ(canonical("<r a='&#9;&#10;&#13;&quot;&lt;&gt;'>&#13;&gt;<![CDATA[<&\"]]></r>"),
              "<r a=\"&#x9;&#xA;&#xD;&quot;&lt;>\">&#xD;&gt;&lt;&amp;\"</r>");
}

TEST(exclusive_c14n, is_its_own_fixed_point) {
    for (unsigned seed = 0; seed < 200; ++seed) {
        const auto once = canonical(tests::random_xml{seed}.element({}, 4));
        EXPECT_EQ(canonical(once), once) << seed;
    }
}

// The whole document, and every element in it as an apex of its own, with and without a PrefixList.
TEST(exclusive_c14n, equals_libxml2_on_random_documents) {
    const std::vector<std::vector<std::string>> lists{
        {}, {"a"}, {"#default", "b", "absent"}, {"c", "a", "b"}};
    std::size_t compared = 0;
    for (unsigned seed = 0; seed < 600; ++seed) {
        const auto text = tests::random_xml{seed}.element({}, 5);
        const auto d = document::parse(text, {});
        ASSERT_TRUE(d) << text << "\n" << d.error().text;
        std::vector<node> all{d->root()};
        for (std::size_t i = 0; i < all.size(); ++i)
            for (const auto& c : all[i].children()) all.push_back(c);
        for (const auto& apex : all)
            for (const auto& list : lists) {
                ASSERT_EQ(exclusive_c14n(apex, list), tests::libxml_c14n(apex, list))
                    << seed << "\n"
                    << text;
                ++compared;
            }
    }
    EXPECT_GT(compared, 10'000u);
}

TEST(exclusive_c14n, a_deep_tree_takes_no_stack) {
    std::string text;
    for (int i = 0; i < 100'000; ++i) text += "<a>";
    for (int i = 0; i < 100'000; ++i) text += "</a>";
    limits deep;
    deep.depth = 200'000;
    deep.nodes = 200'000;
    EXPECT_EQ(exclusive_c14n(document::parse(text, deep).value().root()), text);
}

}  // namespace
}  // namespace ecert::crypto::xml
