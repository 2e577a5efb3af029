// Long CDATA sections are broken on their way into the parser; nothing that comes out may show it.
#include "crypto/xml/escape.hpp"
#include "crypto/xml/reader.hpp"

#include <gtest/gtest.h>

#include <random>

namespace ecert::crypto::xml {
namespace {

result<message> read(const std::string& content) {
    message_options o;
    o.envelope = {"", "e"};
    o.header = {"", "h"};
    o.body = {"", "b"};
    o.content = {{"", "c"}};
    o.spool_folder = std::filesystem::temp_directory_path();
    return read_message(from_memory("<e><b><c>" + content + "</c></b></e>"), o);
}

std::string replaced(const std::string& text, const std::string& what, const std::string& by) {
    std::string out;
    std::size_t done = 0;
    for (auto at = text.find(what); at != std::string::npos; at = text.find(what, done)) {
        out.append(text, done, at - done).append(by);
        done = at + what.size();
    }
    return out.append(text, done);
}

void expect_whole(std::string text) {
    const auto m = read("<![CDATA[" + text + "]]>");
    ASSERT_TRUE(m) << m.error().text;
    text = replaced(text, "\r\n", "\n");
    const auto got = read_all(*m->contents.at(0).content, 1 << 24);
    ASSERT_EQ(got.size(), text.size());
    ASSERT_TRUE(got == text);
    std::string escaped;
    append_text(escaped, text);
    ASSERT_EQ(m->body_digest, sha256_of("<b><c>" + escaped + "</c></b>"));
}

TEST(cdata, long_sections_of_awkward_bytes_arrive_whole) {
    const auto many = [](const std::string& what) {
        std::string out;
        while (out.size() < 400'000) out += what;
        return out;
    };
    for (const auto* what : {"]", "]]", "> ]", "]] >", "]>", ">", "\xE4\xB8\xAD",
                             "\xF0\x9F\x8D\x8E]", "\r\n", "a\r\n]", "<![CDATA[", "&lt;"})
        expect_whole(many(what));
}

TEST(cdata, random_sections_arrive_whole) {
    std::mt19937 random{11};
    const std::vector<std::string> from{"]", "]]", ">", "\r\n", "x", "\xE4\xB8\xAD", "<", "]] "};
    for (int round = 0; round < 60; ++round) {
        std::string text;
        for (auto size = 60'000 + random() % 150'000; text.size() < size;)
            text += from[random() % from.size()];
        text = replaced(text, "]]>", "]].");
        expect_whole(text + std::string(random() % 3, ']'));
    }
}

TEST(cdata, ends_and_beginnings_near_a_break_are_seen) {
    for (std::size_t size = 65'400; size < 65'700; ++size) {
        const std::string text(size, 'x');
        const auto m = read("<![CDATA[" + text + "]]>y<![CDATA[z]]>");
        ASSERT_TRUE(m) << size << m.error().text;
        ASSERT_EQ(read_all(*m->contents[0].content, 1 << 20), text + "yz");
    }
}

TEST(cdata, slots_behind_a_long_section_point_at_the_right_bytes) {
    const std::string xml = "<r><t><![CDATA[" + std::string(500'000, 't') + "]]></t><s><![CDATA[" +
                            std::string(200'000, 'A') + "]]></s><s>QUJD</s></r>";
    const auto r = read_skeleton(from_memory(xml), {.slotted = {{"", "s"}}});
    ASSERT_EQ(r.value.slots.size(), 1u);
    EXPECT_EQ(xml.substr(r.value.slots[0].offset, r.value.slots[0].length), "QUJD");
    ASSERT_EQ(r.found.size(), 1u);
    EXPECT_EQ(r.found[0].id, "XML-NOT-BASE64");
}

}  // namespace
}  // namespace ecert::crypto::xml
