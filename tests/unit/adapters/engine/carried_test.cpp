#include "adapters/engine/carried.hpp"

#include "tests/unit/adapters/engine/two_nodes.hpp"

#include <random>

namespace ecert::tests {
namespace {

// With the NULs in it.
template <std::size_t N>
std::string raw(const char (&text)[N]) {
    return {text, N - 1};
}

std::string_view encoding_of(const std::string& bytes) {
    return engine::encoding_for(*crypto::from_memory(bytes));
}

TEST(carried, what_xml_text_carries_goes_as_text) {
    xml_library();
    for (const auto* text : {"", "plain", "<a>&amp;</a>", "]]>", "\r\n\t",
                             "\xE4\xB8\xAD\xE5\x9B\xBD", "\xF0\x9F\x90\x84"})
        EXPECT_EQ(encoding_of(text), "text") << text;
}

TEST(carried, what_xml_text_cannot_carry_goes_as_base64) {
    xml_library();
    for (const auto& bytes :
         {raw("\xEF\xBB\xBF<a/>"), raw("\xFF\xFE<\0a\0"), raw("\0"), raw("a\x01z"), raw("\xC3"),
          raw("\xED\xA0\x80"), raw("\xEF\xBF\xBF"), raw("caf\xE9")})
        EXPECT_EQ(encoding_of(bytes), "base64") << testing::PrintToString(bytes);
}

// Characters of two, three and four bytes across every border of the buffer.
TEST(carried, characters_across_the_borders_of_the_buffer_are_seen_whole) {
    xml_library();
    for (const std::string character : {"\xC3\xA9", "\xE4\xB8\xAD", "\xF0\x9F\x90\x84"})
        for (std::size_t before = 64 * 1024 - 5; before <= 64 * 1024 + 1; ++before) {
            const auto text =
                std::string(before, 'x') + character + std::string(70'000, 'y') + character;
            EXPECT_EQ(encoding_of(text), "text") << before;
            EXPECT_EQ(encoding_of(text.substr(0, text.size() - 1)), "base64") << before;
        }
}

TEST(carried, an_unknown_encoding_and_broken_base64_are_refused) {
    temporary_folder spool{"ecert-carried"};
    const auto unpack = [&](std::string text, std::string_view encoding) {
        return engine::unpack(crypto::from_memory(std::move(text)), encoding, spool.path(), 1024);
    };
    EXPECT_FALSE(unpack("x", "gzip"));
    EXPECT_FALSE(unpack("AA", "base64"));
    EXPECT_FALSE(unpack("A*AA", "base64"));
    EXPECT_FALSE(unpack("AA==AAAA", "base64"));
    const auto spaced = unpack(" A A\n==\t", "base64");
    ASSERT_TRUE(spaced);
    EXPECT_EQ(crypto::read_all(**spaced, 10), std::string(1, '\0'));
}

// Whatever bytes an agency hands in, the partner stores the same.
struct round_trip : testing::Test {
    two_nodes nodes{load_dialect(built_in_dialects(), "node")};
    void travels(const std::string& bytes) {
        nodes.seen.reset();
        const auto o = nodes.deliver(bytes);
        ASSERT_EQ(o.what, queue::outcome_class::delivered)
            << o.text << " " << testing::PrintToString(bytes.substr(0, 200));
        ASSERT_TRUE(nodes.seen && nodes.seen->content);
        EXPECT_EQ(crypto::read_all(*nodes.seen->content, 1 << 24), bytes);
    }
};

TEST_F(round_trip, nasty_content_arrives_byte_for_byte) {
    for (const auto& bytes : {raw(""),
                              raw(" "),
                              raw("\r"),
                              raw("\r\n"),
                              raw("\n\r\r\n"),
                              raw("]]>"),
                              raw("<![CDATA[x]]>"),
                              raw("&#xD;"),
                              raw("&lt;"),
                              raw("<!-- -- -->"),
                              raw("\t \n"),
                              raw("\xEF\xBB\xBF<a/>"),
                              raw("\xFF\xFE<\0a\0/\0>\0"),
                              raw("\0"),
                              raw("\0\0\0"),
                              raw("caf\xE9"),
                              raw("\x7F"),
                              raw("\xC2\x85"),
                              raw("\xE2\x80\xA8"),
                              raw("QUJD"),
                              raw("<?xml version=\"1.0\"?><!DOCTYPE a><a/>")})
        travels(bytes);
}

TEST_F(round_trip, random_content_of_every_kind_arrives_byte_for_byte) {
    std::mt19937 random{20261124};
    const std::vector<std::string> pieces{
        "<",     ">",        "&", "\r", "\n",           "]]>",
        "\"",    "'",        " ", "a",  "\xE4\xB8\xAD", "\xF0\x9F\x90\x84",
        "&amp;", "<![CDATA["};
    for (int round = 0; round < 40; ++round) {
        std::string bytes;
        const auto length = random() % 3000;
        while (bytes.size() < length) {
            if (round % 2 == 0)
                bytes += pieces[random() % pieces.size()];
            else
                bytes += static_cast<char>(random());
        }
        travels(bytes);
    }
}

TEST_F(round_trip, large_content_that_is_no_text_arrives_byte_for_byte) {
    std::mt19937 random{7};
    std::string bytes(700'001, '\0');
    for (auto& each : bytes) each = static_cast<char>(random());
    travels(bytes);
}

}  // namespace
}  // namespace ecert::tests
