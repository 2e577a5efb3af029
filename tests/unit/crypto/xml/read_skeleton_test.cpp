#include "crypto/xml/reader.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <random>

namespace ecert::crypto::xml {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::Field;
using testing::HasSubstr;

skeleton_options options() {
    return {.slotted = {{"urn:r", "Attachment"}},
            .spool_folder = std::filesystem::temp_directory_path()};
}

skeleton_result read(const std::string& xml) { return read_skeleton(from_memory(xml), options()); }

std::string with(const std::string& attachment, const std::string& declaration = "") {
    return declaration + "<c xmlns='urn:r'><ID>1</ID><Attachment name='x'>" + attachment +
           "</Attachment><end/></c>";
}

std::string raw_of(const skeleton& s, std::size_t i) {
    std::string out(s.slots[i].length, '\0');
    s.text->read(s.slots[i].offset, out);
    return out;
}

TEST(read_skeleton, an_attachment_becomes_a_slot) {
    const auto pdf = "%PDF-1.7 and more than sixteen bytes";
    const auto r = read(with(base64_encode(pdf)));
    EXPECT_TRUE(r.found.empty());
    ASSERT_EQ(r.value.slots.size(), 1u);
    const auto& s = r.value.slots[0];
    EXPECT_EQ(s.decoded_size, 36u);
    EXPECT_EQ(s.digest, sha256_of(pdf));
    EXPECT_EQ(s.head, "%PDF-1.7 and mor");
    EXPECT_EQ(raw_of(r.value, 0), base64_encode(pdf));
    EXPECT_EQ(r.value.tree.root().child({"urn:r", "Attachment"}).text(), s.placeholder);
    EXPECT_THAT(s.placeholder, testing::MatchesRegex("[a-zA-Z0-9]+"));
    EXPECT_EQ(s.placeholder.size() % 4, 0u);
}

TEST(read_skeleton, placeholders_differ_from_reading_to_reading) {
    EXPECT_NE(read(with("AAAA")).value.slots[0].placeholder,
              read(with("AAAA")).value.slots[0].placeholder);
}

TEST(read_skeleton, an_empty_attachment_is_no_slot) {
    EXPECT_TRUE(read(with("")).value.slots.empty());
    EXPECT_TRUE(read(with(" \r\n ")).value.slots.empty());
    EXPECT_TRUE(read("<c xmlns='urn:r'><Attachment uri='x'/></c>").value.slots.empty());
}

// Lines of any length and end, at any place of the parser's buffers: each slot's raw bytes must
// decode to the digest.
TEST(read_skeleton, slots_point_at_the_very_bytes) {
    std::mt19937 random{7};
    const auto upto = [&](int n) { return std::uniform_int_distribution{0, n}(random); };
    for (int round = 0; round < 60; ++round) {
        std::string xml = round % 2 == 0 ? "\xEF\xBB\xBF<c xmlns='urn:r'>" : "<c xmlns='urn:r'>";
        std::vector<std::string> decoded;
        for (int i = upto(5); i >= 0; --i) {
            std::string bytes(static_cast<std::size_t>(1 + upto(i == 0 ? 60'000 : 500)), '\0');
            for (auto& b : bytes) b = static_cast<char>(upto(255));
            auto text = base64_encode(bytes);
            const std::string end = std::vector<std::string>{
                "\n", "\r\n", "\r", " ", "\t\t\n"}[static_cast<std::size_t>(upto(4))];
            const auto width = static_cast<std::size_t>(1 + upto(200));
            for (auto at = width; at < text.size(); at += width + end.size()) text.insert(at, end);
            xml += "<!-- c --><t>\xE4\xB8\xAD &amp; " +
                   std::string(static_cast<std::size_t>(upto(3000)), ' ') +
                   "</t><Attachment a=\">\" b='/>'" + (upto(1) == 0 ? "\n>" : ">") +
                   (upto(1) == 0 ? end : "") + text + (upto(1) == 0 ? end : "") + "</Attachment >";
            decoded.push_back(bytes);
        }
        const auto r = read(xml + "</c>");
        ASSERT_TRUE(r.found.empty()) << r.found[0].id << r.found[0].where << r.found[0].value;
        ASSERT_EQ(r.value.slots.size(), decoded.size());
        for (std::size_t i = 0; i < decoded.size(); ++i) {
            ASSERT_EQ(base64_decode(raw_of(r.value, i)), decoded[i]) << round;
            ASSERT_EQ(r.value.slots[i].digest, sha256_of(decoded[i]));
            ASSERT_EQ(r.value.slots[i].decoded_size, decoded[i].size());
        }
    }
}

TEST(read_skeleton, every_wrong_attachment_is_said_with_path_and_line) {
    const auto r = read(
        "<c xmlns='urn:r'>\n<Attachment>AAA</Attachment>\n<Attachment>AAAA</Attachment>\n"
        "<Attachment>A-AA</Attachment></c>");
    EXPECT_THAT(r.found, ElementsAre(AllOf(Field(&problem::id, "XML-NOT-BASE64"),
                                           Field(&problem::where, "/c/Attachment[1] line 2")),
                                     AllOf(Field(&problem::id, "XML-NOT-BASE64"),
                                           Field(&problem::where, "/c/Attachment[3] line 4"))));
}

TEST(read_skeleton, markup_in_an_attachment_is_an_error) {
    for (const auto* text : {"AA<!-- x -->AA", "AA<?x?>AA", "<![CDATA[AAAA]]>", "AAAA&#10;",
                             "&#65;AAA", "AA<b/>AA", "AAAA&lt;", "*<!-- x -->*"}) {
        const auto r = read(with(text));
        ASSERT_EQ(r.found.size(), 1u) << text;
        EXPECT_EQ(r.found[0].id, "XML-NOT-BASE64") << text;
        EXPECT_EQ(r.found[0].level, severity::error) << text;
        EXPECT_TRUE(r.value.slots.empty()) << text;
    }
}

TEST(read_skeleton, text_that_is_no_base64_is_kept_in_its_slot_with_a_warning) {
    for (const auto* text :
         {"AA==AAAA", "AAAA=", "A", "AB==", "AAB=", "\xE4\xB8\xAD", "=", " A-AA\n", "AAA"}) {
        const auto r = read(with(text));
        ASSERT_EQ(r.found.size(), 1u) << text;
        EXPECT_EQ(r.found[0].id, "XML-NOT-BASE64") << text;
        EXPECT_EQ(r.found[0].level, severity::warning) << text;
        ASSERT_EQ(r.value.slots.size(), 1u) << text;
        EXPECT_FALSE(r.value.slots[0].readable) << text;
        EXPECT_EQ(raw_of(r.value, 0), text);
        const auto filled = fill_slots(r.value.tree, r.value);
        ASSERT_TRUE(filled) << filled.error().text;
        EXPECT_NE(read_all(**filled, 10'000).find(text), std::string::npos) << text;
    }
}

TEST(read_skeleton, markup_is_told_after_however_many_texts_that_are_no_base64) {
    std::string xml = "<c xmlns='urn:r'>";
    for (int i = 0; i < 150; ++i) xml += "<Attachment>?</Attachment>";
    const auto r = read(xml + "<Attachment><b/></Attachment></c>");
    EXPECT_EQ(r.found.size(), 100u);
    EXPECT_TRUE(has_errors(r.found));
}

TEST(read_skeleton, wrong_attachments_are_said_even_if_the_document_ends_early) {
    const auto r = read("<c xmlns='urn:r'><Attachment>?</Attachment></d>");
    ASSERT_EQ(r.found.size(), 2u);
    EXPECT_EQ(r.found[0].id, "XML-NOT-WELL-FORMED");
    EXPECT_EQ(r.found[1].id, "XML-NOT-BASE64");
}

TEST(read_skeleton, utf_16_is_transcoded_and_slots_point_into_the_copy) {
    const auto text = with("QUJD", "<?xml version='1.0' encoding='UTF-16'?>");
    std::string wide = "\xFF\xFE";
    for (const char c : text) wide += {c, '\0'};
    const auto r = read(wide);
    ASSERT_TRUE(r.found.empty()) << r.found[0].value;
    EXPECT_EQ(raw_of(r.value, 0), "QUJD");
}

TEST(fill_slots, gives_the_attachments_back_byte_for_byte) {
    const std::string lines = "\r\nQUJD\r\nREVG\r\n";
    const auto source = from_memory(with(lines));
    const auto r = read_skeleton(source, options());
    const auto filled = fill_slots(r.value.tree, r.value);
    ASSERT_TRUE(filled) << filled.error().text;
    const auto text = read_all(**filled, 10'000);
    EXPECT_THAT(text, HasSubstr("<?xml version=\"1.0\" encoding=\"UTF-8\"?>"));
    EXPECT_THAT(text, HasSubstr("<Attachment name=\"x\">" + lines + "</Attachment>"));
    EXPECT_EQ(sha256_of(text), (*filled)->digest());
    EXPECT_EQ(read(text).value.slots[0].digest, r.value.slots[0].digest);
}

TEST(fill_slots, many_attachments_in_another_order) {
    std::string xml = "<c xmlns='urn:r'>";
    for (int i = 0; i < 300; ++i)
        xml += "<Attachment>" + base64_encode("content " + std::to_string(i)) + "</Attachment>";
    const auto r = read(xml + "</c>");
    auto turned = document::make({"", "t"});
    const auto all = r.value.tree.root().children();
    for (auto it = all.rbegin(); it != all.rend(); ++it)
        turned.root().append({"", "x"}, it->text());
    const auto filled = read_all(**fill_slots(turned, r.value), 1 << 20);
    EXPECT_THAT(filled, HasSubstr("<x>" + base64_encode("content 299") + "</x><x>" +
                                  base64_encode("content 298") + "</x>"));
    EXPECT_THAT(filled, HasSubstr("<x>" + base64_encode("content 0") + "</x></t>"));
}

TEST(fill_slots, a_slot_that_is_left_out_is_simply_gone) {
    const auto r = read(with("QUJD"));
    EXPECT_EQ(read_all(**fill_slots(document::make({"", "t"}), r.value), 1000),
              "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<t/>\n");
}

TEST(fill_slots, a_placeholder_twice_or_cut_is_refused) {
    const auto r = read(with("QUJD"));
    const auto& p = r.value.slots[0].placeholder;
    auto twice = document::make({"", "t"});
    twice.root().append({"", "x"}, p);
    twice.root().append({"", "x"}, p);
    EXPECT_THAT(fill_slots(twice, r.value).error().text, HasSubstr("twice"));
    auto cut = document::make({"", "t"});
    cut.root().set_text(p.substr(0, p.size() - 1));
    EXPECT_THAT(fill_slots(cut, r.value).error().text, HasSubstr("cut"));
}

}  // namespace
}  // namespace ecert::crypto::xml
