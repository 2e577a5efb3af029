// What a hostile document may cost: refused at once, in bounded memory, with the limit named. Time
// is processor time.
#include "crypto/xml/reader.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <ctime>
#include <fstream>

namespace ecert::crypto::xml {
namespace {

using testing::HasSubstr;

// A document that is never in memory: a beginning, a middle repeated, an end.
class repeated final : public source {
  public:
    repeated(std::string begin, std::string middle, std::uint64_t times, std::string end)
        : begin_{std::move(begin)},
          middle_{std::move(middle)},
          end_{std::move(end)},
          repeats_{times * middle_.size()} {
        while (middle_.size() < 60'000 && !middle_.empty()) middle_ += middle_;
    }
    std::uint64_t size() const override { return begin_.size() + repeats_ + end_.size(); }
    const sha256& digest() const override { return digest_; }
    std::size_t read(std::uint64_t offset, std::span<char> into) const override {
        if (offset < begin_.size()) return begin_.copy(into.data(), into.size(), offset);
        offset -= begin_.size();
        if (offset < repeats_) {
            const auto most = std::min<std::uint64_t>(into.size(), repeats_ - offset);
            return middle_.copy(into.data(), most, offset % middle_.size());
        }
        return offset - repeats_ >= end_.size()
                   ? 0
                   : end_.copy(into.data(), into.size(), offset - repeats_);
    }

  private:
    std::string begin_, middle_, end_;
    std::uint64_t repeats_;
    sha256 digest_;
};

std::uint64_t peak_kib() {
    std::ifstream in{"/proc/self/status"};
    for (std::string word; in >> word;)
        if (word == "VmHWM:") {
            std::uint64_t value = 0;
            in >> value;
            return value;
        }
    return 0;
}

void forget_peak() { std::ofstream{"/proc/self/clear_refs"} << "5"; }

// A sanitizer's own books about memory count as resident, too.
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
constexpr std::uint64_t memory_kib = 512 << 10;
#else
constexpr std::uint64_t memory_kib = 48 << 10;
#endif

// Reads it both ways and gives what the two said.
std::vector<std::string> refusals(const repeated& document) {
    forget_peak();
    const auto before = peak_kib();
    const auto started = std::clock();
    const auto shared = source_ptr{source_ptr{}, &document};
    const auto folder = std::filesystem::temp_directory_path();
    std::vector<std::string> said;
    const auto s = read_skeleton(shared, {.slotted = {{"", "slot"}}, .spool_folder = folder});
    said.push_back(s.found.empty() ? "accepted" : s.found.front().id);
    message_options o;
    o.envelope = {"", "e"};
    o.header = {"", "h"};
    o.body = {"", "b"};
    o.content = {{"", "content"}};
    o.spool_folder = folder;
    const auto m = read_message(shared, o);
    said.push_back(m ? "accepted" : m.error().text);
    EXPECT_LT(std::clock() - started, 10 * CLOCKS_PER_SEC);
    EXPECT_LT(peak_kib() - before, memory_kib);
    return said;
}

void expect_refused(const repeated& document, const std::string& id) {
    EXPECT_THAT(refusals(document), testing::Each(HasSubstr(id)));
}

TEST(limits, a_hundred_thousand_levels) {
    expect_refused({"<e><b>", "<a>", 100'000, ""}, "XML-LIMIT-DEPTH");
}

TEST(limits, a_million_attributes) {
    expect_refused({"<e><b><x", " a=''", 1'000'000, "/></b></e>"}, "XML-LIMIT-ATTRIBUTES");
}

TEST(limits, sixty_four_attributes_are_accepted_and_one_more_is_not) {
    const auto with = [](int n) {
        std::string text = "<x";
        for (int i = 0; i < n; ++i)
            text += (i % 2 == 0 ? " a" : " xmlns:a") + std::to_string(i) + "='u'";
        return document::parse(text + "/>", {});
    };
    EXPECT_TRUE(with(64));
    EXPECT_THAT(with(65).error().text, HasSubstr("XML-LIMIT-ATTRIBUTES"));
}

TEST(limits, a_million_siblings) {
    expect_refused({"<e><b>", "<a/>", 1'000'000, "</b></e>"}, "XML-LIMIT-NODES");
}

TEST(limits, a_text_of_twenty_megabytes_where_none_belongs) {
    expect_refused({"<e><b><x>", "text", 5'000'000, "</x></b></e>"}, "XML-LIMIT-TEXT");
}

TEST(limits, an_attribute_of_twenty_megabytes) {
    expect_refused({"<e><b><x a='", "text", 5'000'000, "'/></b></e>"}, "XML-LIMIT-TEXT");
    expect_refused({"<e><b><x a='", "&lt;", 5'000'000, "'/></b></e>"}, "XML-LIMIT-TEXT");
}

TEST(limits, huge_names) {
    expect_refused({"<e><b><", "name", 5'000'000, "/></b></e>"}, "XML-LIMIT-NAME");
    expect_refused({"<e><b><x ", "name", 5'000'000, "='1'/></b></e>"}, "XML-LIMIT-NAME");
    expect_refused({"<e><b></", "name", 5'000'000, "></b></e>"}, "XML-LIMIT-NAME");
    expect_refused({"<e><b><x xmlns='", "name", 1000, "'/></b></e>"}, "XML-LIMIT-NAME");
}

TEST(limits, a_comment_a_cdata_section_and_an_instruction_of_fifty_megabytes) {
    expect_refused({"<e><b><!--", "text", 12'500'000, "--></b></e>"}, "XML-LIMIT-TEXT");
    expect_refused({"<e><b><x><![CDATA[", "text", 12'500'000, "]]></x></b></e>"}, "XML-LIMIT-TEXT");
    expect_refused({"<e><b><?x ", "text", 12'500'000, "?></b></e>"}, "XML-LIMIT-TEXT");
}

TEST(limits, white_space_and_references_that_the_parser_would_hold_whole) {
    expect_refused({"<e><b><x ", "    ", 12'500'000, "/></b></e>"}, "XML-LIMIT-TREE");
    expect_refused({"", "    ", 12'500'000, "<e><b/></e>"}, "XML-");
    expect_refused({"<?xml version='1.0'?>", "    ", 12'500'000, "<e><b/></e>"}, "XML-LIMIT-TREE");
    expect_refused({"<e><b>&#", "0000", 12'500'000, "65;</b></e>"}, "XML-LIMIT-TREE");
    expect_refused({"<e><b>&", "name", 12'500'000, ";</b></e>"}, "XML-");
}

TEST(limits, many_small_texts_over_the_tree_limit) {
    expect_refused({"<e><b>", "<a>" + std::string(1000, 'x') + "</a>", 20'000, "</b></e>"},
                   "XML-LIMIT-TREE");
}

TEST(limits, more_bytes_than_a_document_may_have) {
    expect_refused({"<e><b><content>", "text", 30'000'000, "</content></b></e>"},
                   "XML-LIMIT-BYTES");
}

TEST(limits, a_document_type_declaration) {
    const std::string laughs =
        "<!DOCTYPE e [<!ENTITY a 'ha'><!ENTITY b '&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;'><!ENTITY c "
        "'&b;&b;&b;&b;&b;&b;&b;&b;&b;'>]>";
    expect_refused({laughs + "<e><b>", "&c;", 1, "</b></e>"}, "XML-DOCTYPE");
    expect_refused({"<!DOCTYPE e SYSTEM 'file:///etc/passwd'><e>", "<b/>", 1, "</e>"},
                   "XML-DOCTYPE");
    expect_refused(
        {"<!DOCTYPE e [<!ENTITY x SYSTEM 'file:///etc/passwd'>]><e><b>", "&x;", 1, "</b></e>"},
        "XML-DOCTYPE");
    EXPECT_THAT(document::parse("<!DOCTYPE e><e/>", {}).error().text, HasSubstr("XML-DOCTYPE"));
}

TEST(limits, an_entity_nobody_declared) {
    expect_refused({"<e><b>", "&nbsp;", 1, "</b></e>"}, "XML-NOT-WELL-FORMED");
}

TEST(limits, bytes_that_are_no_xml) {
    for (const auto* text :
         {"", "\x01", "<e>\x01</e>", "<e>\xFF</e>", "<e>\xC0\x80</e>", "<e>\xED\xA0\x80</e>",
          "<e>\xEF\xBF\xBF</e>", "<e>&#0;</e>", "<e>&#xD800;</e>", "<e a='1' a='2'/>",
          "<e x:a='1'/>", "<x:e/>", "<e/><e/>", "<e>", "<e xmlns:a='u' xmlns:b='u' a:x='' b:x=''/>",
          "<e>]]></e>", "text", "<e><![CDATA[x</e>"})
        EXPECT_FALSE(document::parse(text, {})) << text;
}

TEST(limits, the_line_is_named) {
    EXPECT_THAT(document::parse("<e>\n\n<e></e>\n<x>", {.depth = 1}).error().text,
                HasSubstr("line 3"));
    EXPECT_THAT(document::parse("<e>\n\n\n<x a='1' b='2'/></e>", {.attributes = 1}).error().text,
                HasSubstr("line 4"));
    EXPECT_THAT(document::parse("<e>\n</x>", {}).error().text, HasSubstr("line 2"));
}

TEST(limits, a_hundred_thousand_wrong_attachments_cost_no_more_than_right_ones) {
    const repeated document{"<e>", "<slot>?</slot>", 90'000, "</e>"};
    const auto started = std::clock();
    const auto r = read_skeleton(source_ptr{source_ptr{}, &document}, {.slotted = {{"", "slot"}}});
    EXPECT_EQ(r.found.size(), 100u);
    EXPECT_LT(std::clock() - started, 5 * CLOCKS_PER_SEC);
}

// As many namespaces in force as the limits allow, and a PrefixList as long as a header holds.
TEST(limits, canonicalising_a_thicket_of_namespaces_stays_cheap) {
    std::string begin, end;
    std::vector<std::string> prefixes;
    for (int level = 0; level < 60; ++level) {
        begin += "<p0:e";
        for (int i = 0; i < 60; ++i)
            begin += " xmlns:p" + std::to_string(level * 60 + i) +
                     "='urn:" + std::to_string(level) + "'";
        if (level == 0) begin += " xmlns:q='urn:q'";
        begin += ">";
        end += "</p0:e>";
    }
    for (int i = 0; i < 30'000; ++i) prefixes.push_back("p" + std::to_string(i));
    std::string leaves;
    for (int i = 0; i < 90'000; ++i) leaves += "<q:x/>";
    const auto started = std::clock();
    const auto d = document::parse(begin + leaves + end, {});
    ASSERT_TRUE(d) << d.error().text;
    EXPECT_FALSE(exclusive_c14n(d->root(), prefixes).empty());
    EXPECT_LT(std::clock() - started, 10 * CLOCKS_PER_SEC);
}

// Legal and large: one attachment of a hundred megabytes, as text and inside a message, escaped and
// as CDATA.
TEST(limits, a_hundred_megabytes_of_attachment_in_bounded_memory) {
    const repeated document{"<e><b><slot>", std::string(75, 'A') + "\n", 1'350'000,
                            "</slot></b></e>"};
    forget_peak();
    const auto before = peak_kib();
    const auto r = read_skeleton(source_ptr{source_ptr{}, &document}, {.slotted = {{"", "slot"}}});
    ASSERT_EQ(r.found.size(), 0u) << r.found[0].id << r.found[0].value;
    EXPECT_EQ(r.value.slots.at(0).decoded_size, 75u * 1'350'000 / 4 * 3);
    EXPECT_LT(peak_kib() - before, memory_kib / 2);
}

TEST(limits, a_large_content_in_bounded_memory_however_it_is_written) {
    message_options o;
    o.envelope = {"", "e"};
    o.header = {"", "h"};
    o.body = {"", "b"};
    o.content = {{"", "content"}};
    o.spool_folder = std::filesystem::temp_directory_path();
    const repeated cdata{"<e><b><content><![CDATA[", "some <text> ", 5'000'000,
                         "]]></content></b></e>"};
    const repeated escaped{"<e><b><content>", "some &lt;text&gt; ", 5'000'000,
                           "</content></b></e>"};
    forget_peak();
    const auto before = peak_kib();
    for (const auto* document : {&cdata, &escaped}) {
        const auto m = read_message(source_ptr{source_ptr{}, document}, o);
        ASSERT_TRUE(m) << m.error().text;
        EXPECT_EQ(m->contents.at(0).content->size(), 60'000'000u);
    }
    EXPECT_LT(peak_kib() - before, memory_kib / 2);
}

}  // namespace
}  // namespace ecert::crypto::xml
