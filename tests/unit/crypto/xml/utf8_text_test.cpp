#include "crypto/xml/utf8_text.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace ecert::crypto::xml {
namespace {

using namespace std::string_literals;

std::string text_of(const std::string& bytes) {
    const auto made = as_utf8(from_memory(bytes), std::filesystem::temp_directory_path());
    if (const auto* wrong = std::get_if<problem>(&made))
        return wrong->id + " " + wrong->where + wrong->value;
    const auto& u = std::get<utf8_text>(made);
    return read_all(*u.text, 1 << 24).substr(u.begins);
}

std::string wide(const std::string& ascii, bool little) {
    std::string out;
    for (const char c : ascii) out += little ? std::string{c, '\0'} : std::string{'\0', c};
    return out;
}

TEST(utf8_text, utf8_is_itself_with_and_without_a_mark) {
    const auto source = from_memory("<a>\xE4\xB8\xAD</a>");
    EXPECT_EQ(std::get<utf8_text>(as_utf8(source, {})).text, source);
    EXPECT_EQ(text_of("\xEF\xBB\xBF<a/>"), "<a/>");
}

TEST(utf8_text, utf16_of_both_orders_with_and_without_a_mark) {
    const auto text = "<?xml version='1.0' encoding='UTF-16'?><a/>";
    EXPECT_EQ(text_of("\xFF\xFE" + wide(text, true)), text);
    EXPECT_EQ(text_of("\xFE\xFF" + wide(text, false)), text);
    EXPECT_EQ(text_of(wide(text, true)), text);
    EXPECT_EQ(text_of(wide(text, false)), text);
    EXPECT_EQ(text_of("\xFF\xFE<\0\x4E\x2D"s).substr(0, 1), "<");
}

TEST(utf8_text, declared_encodings_are_transcoded) {
    EXPECT_EQ(text_of("<?xml version='1.0' encoding='ISO-8859-1'?><a>caf\xE9</a>"),
              "<?xml version='1.0' encoding='ISO-8859-1'?><a>caf\xC3\xA9</a>");
    EXPECT_EQ(
        text_of("<?xml version=\"1.0\" encoding=\"gb2312\"?><a>\xD6\xD0\xB9\xFA</a>").substr(42),
        "\xE4\xB8\xAD\xE5\x9B\xBD</a>");
}

TEST(utf8_text, a_declaration_that_the_bytes_outgrew_is_void) {
    for (const auto* name : {"ISO-8859-1", "utf-16", "GBK", "windows-1252"}) {
        const auto text =
            "<?xml version='1.0' encoding='"s + name + "'?><a>\xE4\xB8\xAD\xE5\x9B\xBD</a>";
        EXPECT_EQ(text_of(text), text);
    }
}

TEST(utf8_text, two_bytes_that_fit_by_chance_do_not_outweigh_a_double_byte_declaration) {
    EXPECT_EQ(text_of("<?xml version='1.0' encoding='GBK'?><a>\xC4\xA3</a>").substr(39),
              "\xE6\xA8\xA1</a>");
}

TEST(utf8_text, unknown_and_dangerous_encodings_are_refused_by_name) {
    EXPECT_THAT(text_of("<?xml version='1.0' encoding='UTF-7'?><a/>"),
                testing::HasSubstr("XML-ENCODING line 1UTF-7"));
    EXPECT_THAT(text_of("<?xml version='1.0' encoding='EBCDIC-CP-US'?><a/>"),
                testing::HasSubstr("XML-ENCODING"));
    EXPECT_THAT(text_of("\xFF\xFE\0\0<\0\0\0"s), testing::HasSubstr("UTF-32"));
}

TEST(utf8_text, bytes_that_are_not_of_the_encoding_are_refused_with_their_place) {
    EXPECT_THAT(text_of("<?xml version='1.0' encoding='GBK'?><a>\xFF\xFF</a>"),
                testing::HasSubstr("XML-ENCODING byte 39"));
    EXPECT_THAT(text_of("\xFF\xFE<\0\x00\xD8x\0"s), testing::HasSubstr("XML-ENCODING byte 4"));
    EXPECT_THAT(text_of("\xFF\xFE<\0x"s), testing::HasSubstr("XML-ENCODING byte 4"));
}

// Characters cut by the chunks that are read.
TEST(utf8_text, large_documents_keep_every_character) {
    std::string gbk = "<?xml version='1.0' encoding='GB18030'?><a> ", expected = gbk;
    for (int i = 0; i < 700'000; ++i) {
        gbk += "\xD6\xD0";
        expected += "\xE4\xB8\xAD";
    }
    EXPECT_EQ(text_of(gbk + "</a>"), expected + "</a>");
}

}  // namespace
}  // namespace ecert::crypto::xml
