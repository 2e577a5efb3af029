#include "crypto/xml/document.hpp"

#include <gtest/gtest.h>

namespace ecert::crypto::xml {
namespace {

TEST(document, nodes_are_found_by_namespace_and_name) {
    const auto d =
        document::parse(
            "<a:r xmlns:a='urn:a' x='1' a:x='2'>t<a:c>u<!--v--></a:c><c xmlns='urn:a'/>w</a:r>", {})
            .value();
    const auto r = d.root();
    EXPECT_TRUE(r.is({"urn:a", "r"}));
    EXPECT_EQ(r.text(), "tuw");
    EXPECT_EQ(r.attribute("x"), "1");
    EXPECT_EQ(r.attribute(name{"urn:a", "x"}), "2");
    EXPECT_EQ(r.attribute("y"), std::nullopt);
    ASSERT_EQ(r.children().size(), 2u);
    EXPECT_EQ(r.child({"urn:a", "c"}), r.children()[0]);
    EXPECT_FALSE(r.child({"", "c"}));
    EXPECT_EQ(r.children()[0].parent(), r);
    EXPECT_FALSE(r.parent());
}

TEST(document, path_uses_the_usual_prefixes_and_counts_only_where_it_must) {
    const auto d =
        document::parse(
            "<x:SPSCertificate xmlns:x='urn:un:unece:uncefact:data:standard:SPSCertificate:17' "
            "xmlns='urn:un:unece:uncefact:data:standard:ReusableAggregateBusinessInformationEntity:"
            "21' "
            "xmlns:o='urn:o'><ID/><Name/><Name><o:q/></Name></x:SPSCertificate>",
            {})
            .value();
    const auto all = d.root().children();
    EXPECT_EQ(all[0].path(), "/rsm:SPSCertificate/ram:ID");
    EXPECT_EQ(all[2].children()[0].path(), "/rsm:SPSCertificate/ram:Name[2]/o:q");
}

TEST(document, a_path_is_short_whatever_the_elements_are_called) {
    std::string open, close;
    const std::string name = "p:x" + std::string(330, 'y') + "\u4e2d";
    for (int i = 0; i < 50; ++i) {
        open += "<" + name + ">";
        close += "</" + name + ">";
    }
    const auto d = document::parse("<r xmlns:p='urn:p'>" + open + "<ID/>" + close + "</r>", {});
    auto at = d.value().root();
    while (!at.children().empty()) at = at.children().front();
    const auto path = at.path();
    EXPECT_LE(path.size(), 772u);
    EXPECT_TRUE(path.starts_with("/.../p:xy")) << path;
    EXPECT_TRUE(path.ends_with("y/ID")) << path;
}

TEST(document, lines_beyond_sixty_five_thousand_are_right) {
    const auto d = document::parse("<r>" + std::string(70'000, '\n') + "<c>t</c></r>", {}).value();
    EXPECT_EQ(d.root().children()[0].line(), 70'001u);
}

TEST(document, what_is_built_is_what_is_written) {
    auto d = document::make({"urn:e", "exchange"}, "ec");
    auto envelope = d.root().append({"urn:e", "envelope"});
    envelope.append({"urn:e", "number"}, "A/1 & <2>");
    envelope.append({"", "plain"}, "x");
    envelope.append({"urn:other", "o"}).append({"", "p"});
    envelope.set("verb", "de\"liver");
    envelope.set("verb", "deliver");
    EXPECT_EQ(exclusive_c14n(d.root()),
              "<ec:exchange xmlns:ec=\"urn:e\"><ec:envelope verb=\"deliver\"><ec:number>A/1 &amp; "
              "&lt;2&gt;</ec:number><plain>x</plain>"
              "<o xmlns=\"urn:other\"><p xmlns=\"\"></p></o></ec:envelope></ec:exchange>");
}

TEST(document, set_text_replaces_all_that_was_there) {
    auto d = document::parse("<r>a<b>c</b>d</r>", {}).value();
    d.root().set_text("new");
    EXPECT_EQ(exclusive_c14n(d.root()), "<r>new</r>");
}

TEST(document, what_xml_cannot_carry_is_replaced) {
    auto d = document::make({"", "r"});
    d.root().set_text(std::string{"a\0b\x01\xFF\xE4\xB8", 7});
    EXPECT_EQ(d.root().text(),
              "a\xEF\xBF\xBD"
              "b\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD");
    EXPECT_TRUE(document::parse(exclusive_c14n(d.root()), {}));
}

TEST(is_xml_text, follows_the_recommendation) {
    for (const auto* good : {"", "a\t\r\n~\x7F", "\xC2\x80", "\xED\x9F\xBF", "\xEE\x80\x80",
                             "\xEF\xBF\xBD", "\xF0\x90\x80\x80", "\xF4\x8F\xBF\xBF"})
        EXPECT_TRUE(is_xml_text(good)) << good;
    for (const auto* bad : {"\x01", "\x1F", "\x80", "\xC1\xBF", "\xE0\x9F\xBF", "\xED\xA0\x80",
                            "\xEF\xBF\xBE", "\xEF\xBF\xBF", "\xF0\x8F\xBF\xBF", "\xF4\x90\x80\x80",
                            "\xF5\x80\x80\x80", "\xE4\xB8", "\xE4\xB8x"})
        EXPECT_FALSE(is_xml_text(bad)) << bad;
    EXPECT_FALSE(is_xml_text(std::string_view{"\0", 1}));
}

TEST(escape, round_trips_through_the_parser) {
    const std::string hard = "<a & b> \"q\" 'r' \t\r\n\r ]]> \xE4\xB8\xAD";
    const auto d =
        document::parse("<r a=\"" + escape_attribute(hard) + "\">" + escape_text(hard) + "</r>", {})
            .value();
    EXPECT_EQ(d.root().text(), hard);
    EXPECT_EQ(d.root().attribute("a"), hard);
}

TEST(escape, is_the_form_of_canonical_xml) {
    EXPECT_EQ(escape_text("<>&\r\n\t\"'"), "&lt;&gt;&amp;&#xD;\n\t\"'");
    EXPECT_EQ(escape_attribute("<>&\r\n\t\"'"), "&lt;>&amp;&#xD;&#xA;&#x9;&quot;'");
}

}  // namespace
}  // namespace ecert::crypto::xml
