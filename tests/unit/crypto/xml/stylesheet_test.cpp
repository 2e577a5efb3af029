#include "crypto/xml/stylesheet.hpp"

#include "crypto/digest.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <fstream>
#include <thread>

namespace ecert::crypto::xml {
namespace {

namespace fs = std::filesystem;
using testing::AllOf;
using testing::ElementsAre;
using testing::Field;
using testing::HasSubstr;

class stylesheets : public testing::Test {
  protected:
    stylesheets() : top_{fs::temp_directory_path() / ("xsl-" + sha256_of(random_bytes(16)).hex())} {
        fs::create_directories(folder());
    }
    ~stylesheets() override { fs::remove_all(top_); }

    fs::path folder() const { return top_ / "dialect"; }
    void write(const fs::path& file, const std::string& content) {
        std::ofstream{folder() / file} << content;
    }

    static std::string sheet(const std::string& inside, const std::string& more = "") {
        return "<xsl:stylesheet version='1.0' xmlns:xsl='http://www.w3.org/1999/XSL/Transform' "
               "xmlns:ec='urn:ecert:exchange' exclude-result-prefixes='ec' " +
               more + ">\n" + inside + "\n</xsl:stylesheet>";
    }

    stylesheet::loaded load(const std::string& inside, const std::string& more = "") {
        write("main.xsl", sheet(inside, more));
        return stylesheet::load(folder() / "main.xsl", folder());
    }

    std::string apply(const std::string& inside, const std::string& input = "<in/>",
                      const std::map<std::string, std::string>& parameters = {}) {
        const auto l = load(inside);
        if (!l.value) return "not loaded: " + l.found.front().where + " " + l.found.front().value;
        return applied(l.value, input, parameters);
    }

    static std::string applied(const stylesheet& s, const std::string& input,
                               const std::map<std::string, std::string>& parameters = {}) {
        const auto made = s.apply(document::parse(input, {}).value(), parameters);
        return made ? exclusive_c14n(made->root()) : made.error().text;
    }

    // One rule that writes the value of an expression.
    std::string value(const std::string& expression,
                      const std::map<std::string, std::string>& parameters = {}) {
        return apply("<xsl:template match='/'><o><xsl:value-of select=\"" + expression +
                         "\"/></o></xsl:template>",
                     "<in>7</in>", parameters);
    }

    fs::path top_;
};

TEST_F(stylesheets, a_literal_result_is_written) {
    EXPECT_EQ(
        apply("<xsl:template match='/in'><o a='{@x}'><xsl:copy-of select='y'/></o></xsl:template>",
              "<in x='1'><y>2</y></in>"),
        "<o a=\"1\"><y>2</y></o>");
}

TEST_F(stylesheets, content_elements_are_left_to_the_engine) {
    EXPECT_EQ(apply("<xsl:template match='/'><o><ec:content ref='content' "
                    "encoding='text'/></o></xsl:template>"),
              "<o><ec:content xmlns:ec=\"urn:ecert:exchange\" encoding=\"text\" "
              "ref=\"content\"></ec:content></o>");
}

TEST_F(stylesheets, the_functions_of_the_contract_work) {
    EXPECT_EQ(value("ec:param('system')", {{"system", "GACC & co"}}), "<o>GACC &amp; co</o>");
    EXPECT_EQ(value("ec:param('absent')"), "<o></o>");
    EXPECT_EQ(value("ec:code('types', '851')", {{"code.types.851", "PC"}}), "<o>PC</o>");
    EXPECT_EQ(value("ec:code('types', '852')", {{"code.types.851", "PC"}}), "<o></o>");
    EXPECT_EQ(value("ec:date('2025-06-01T10:20:30+08:00', 'utc')"), "<o>2025-06-01T02:20:30Z</o>");
    EXPECT_EQ(value("ec:number(' 007.50', 'plain')"), "<o>7.5</o>");
}

TEST_F(stylesheets, a_form_that_does_not_exist_fails_and_is_named) {
    EXPECT_THAT(value("ec:date('2025-06-01', 'chinese')"),
                HasSubstr("ec:date() has no form \"chinese\""));
    EXPECT_THAT(value("ec:param()"), HasSubstr("Stylesheet "));
}

TEST_F(stylesheets, terminating_says_why) {
    EXPECT_THAT(
        apply("<xsl:template match='/'><xsl:message terminate='yes'>no mapping for <xsl:value-of "
              "select='name(*)'/></xsl:message></xsl:template>"),
        HasSubstr("no mapping for in"));
}

TEST_F(stylesheets, includes_of_the_folder_are_followed) {
    write("part.xsl", sheet("<xsl:template match='y'><z/></xsl:template>"));
    EXPECT_EQ(apply("<xsl:include href='part.xsl'/><xsl:template "
                    "match='/in'><o><xsl:apply-templates/></o></xsl:template>",
                    "<in><y/></in>"),
              "<o><z></z></o>");
}

TEST_F(stylesheets, includes_outside_of_the_folder_are_refused_with_their_line) {
    std::ofstream{top_ / "outside.xsl"} << sheet("");
    const auto l = load("<xsl:include href='../outside.xsl'/>");
    EXPECT_FALSE(l.value);
    EXPECT_THAT(l.found, ElementsAre(AllOf(Field(&problem::id, "XSL-FILE"),
                                           Field(&problem::where, HasSubstr("main.xsl:2")))));
}

TEST_F(stylesheets, a_link_that_leads_outside_is_refused) {
    std::ofstream{top_ / "outside.xsl"} << sheet("");
    fs::create_symlink(top_ / "outside.xsl", folder() / "inside.xsl");
    EXPECT_FALSE(load("<xsl:import href='inside.xsl'/>").value);
}

TEST_F(stylesheets, absolute_paths_and_urls_are_refused) {
    EXPECT_FALSE(load("<xsl:include href='/etc/passwd'/>").value);
    EXPECT_FALSE(load("<xsl:include href='http://127.0.0.1:1/x.xsl'/>").value);
}

// Each alone, in every kind of place an expression may stand.
TEST_F(stylesheets, what_reads_or_differs_from_run_to_run_is_refused_at_load) {
    for (const auto* inside :
         {"<xsl:template match='/'><xsl:copy-of select=\"document('x.xml')\"/></xsl:template>",
          "<xsl:template match='/'><o a=\"{document ( 'x.xml' )}\"/></xsl:template>",
          "<xsl:template match='/'><o a=\"{{}}{generate-id()}\"/></xsl:template>",
          "<xsl:template match=\"in[document('x')]\"><o/></xsl:template>",
          "<xsl:variable name='v' select=\"document('x')\"/>",
          "<xsl:key name='k' match='in' use=\"system-property('xsl:vendor')\"/>",
          "<xsl:template match='/'><xsl:document href='/tmp/x'><o/></xsl:document></xsl:template>",
          "<xsl:template match='/'><xsl:value-of select='ec:now()'/></xsl:template>",
          "<xsl:template match='/'><xsl:for-each select='*'><xsl:sort "
          "lang='de'/></xsl:for-each></xsl:template>",
          "<xsl:template match='/'><x:write xmlns:x='org.apache.xalan.xslt.extensions.Redirect' "
          "xsl:extension-element-prefixes='x'/></xsl:template>",
          "<xsl:template match='/'><xsl:value-of xmlns:d='http://exslt.org/dates-and-times' "
          "select='d:date-time()'/></xsl:template>"}) {
        const auto l = load(inside);
        EXPECT_FALSE(l.value) << inside;
        ASSERT_FALSE(l.found.empty()) << inside;
        EXPECT_EQ(l.found.front().id, "XSL-FORBIDDEN") << inside;
        EXPECT_THAT(l.found.front().where, HasSubstr("main.xsl:2")) << inside;
    }
}

TEST_F(stylesheets, the_word_document_in_a_text_is_no_call) {
    EXPECT_EQ(value("concat('document(', string-length('generate-id()'))"), "<o>document(13</o>");
}

TEST_F(stylesheets, another_version_is_refused) {
    write("main.xsl",
          "<xsl:stylesheet version='2.0' xmlns:xsl='http://www.w3.org/1999/XSL/Transform'/>");
    EXPECT_THAT(stylesheet::load(folder() / "main.xsl", folder()).found,
                ElementsAre(Field(&problem::value, "version 2.0")));
}

TEST_F(stylesheets, everything_wrong_is_said_at_once_with_file_and_line) {
    const auto l = load(
        "<xsl:template match='/'>\n<xsl:if test='a['/>\n<xsl:call-template name='none'/>\n"
        "<xsl:value-of/></xsl:template>");
    EXPECT_FALSE(l.value);
    ASSERT_GE(l.found.size(), 2u);
    EXPECT_EQ(l.found[0].id, "XSL-NOT-COMPILED");
    EXPECT_THAT(l.found[0].where, HasSubstr("main.xsl:3"));
    EXPECT_THAT(l.found.back().where, HasSubstr("main.xsl:5"));
}

TEST_F(stylesheets, no_xml_or_no_file_is_a_problem) {
    write("main.xsl", "<xsl:stylesheet");
    EXPECT_EQ(stylesheet::load(folder() / "main.xsl", folder()).found.front().id,
              "XSL-NOT-COMPILED");
    EXPECT_EQ(stylesheet::load(folder() / "none.xsl", folder()).found.front().id, "XSL-FILE");
}

TEST_F(stylesheets, recursion_without_end_is_stopped) {
    EXPECT_THAT(
        apply("<xsl:template match='/'><o><xsl:call-template name='again'/></o></xsl:template>"
              "<xsl:template name='again'><xsl:call-template name='again'/></xsl:template>"),
        HasSubstr("recursion"));
}

TEST_F(stylesheets, too_many_operations_are_stopped) {
    std::string input = "<in>";
    for (int i = 0; i < 3000; ++i) input += "<x/>";
    EXPECT_THAT(
        apply(
            "<xsl:template match='/'><o><xsl:for-each select='//x'><xsl:for-each select='//x'><a/>"
            "</xsl:for-each></xsl:for-each></o></xsl:template>",
            input + "</in>"),
        HasSubstr("limit"));
}

TEST_F(stylesheets, a_result_over_its_limit_is_refused) {
    std::string input = "<in><t>" + std::string(100'000, 'x') + "</t>";
    for (int i = 0; i < 200; ++i) input += "<x/>";
    EXPECT_THAT(apply("<xsl:template match='/'><o><xsl:for-each select='//x'><xsl:value-of "
                      "select='//t'/></xsl:for-each>"
                      "</o></xsl:template>",
                      input + "</in>"),
                HasSubstr("16777216"));
}

TEST_F(stylesheets, stripping_space_leaves_the_input_as_it_was) {
    const auto l = load(
        "<xsl:strip-space elements='*'/><xsl:template match='/'><o><xsl:value-of "
        "select='count(//text())'/>"
        "</o></xsl:template>");
    const auto input = document::parse("<in> <x> </x> </in>", {}).value();
    const auto before = exclusive_c14n(input.root());
    EXPECT_EQ(exclusive_c14n(l.value.apply(input, {}).value().root()), "<o>0</o>");
    EXPECT_EQ(exclusive_c14n(input.root()), before);
}

TEST_F(stylesheets, one_stylesheet_serves_many_threads_with_the_same_result) {
    const auto l = load(
        "<xsl:key name='k' match='y' use='@a'/><xsl:template match='/in'><o><xsl:for-each "
        "select='y'>"
        "<xsl:sort select='@a'/><xsl:value-of select=\"key('k', @a)\"/></xsl:for-each>"
        "<xsl:value-of select=\"ec:param('p')\"/></o></xsl:template>");
    ASSERT_TRUE(l.value);
    std::atomic<int> right = 0;
    std::vector<std::thread> threads;
    for (int t = 0; t < 4; ++t)
        threads.emplace_back([&, t] {
            for (int i = 0; i < 200; ++i)
                right +=
                    applied(l.value, "<in><y a='2'>b</y><y a='1'>a</y></in>",
                            {{"p", std::to_string(t)}}) == "<o>ab" + std::to_string(t) + "</o>";
        });
    for (auto& t : threads) t.join();
    EXPECT_EQ(right, 800);
}

}  // namespace
}  // namespace ecert::crypto::xml
