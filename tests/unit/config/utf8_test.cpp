#include "config/utf8.hpp"

#include <gtest/gtest.h>

using ecert::valid_utf8;

namespace {
const std::string replacement = "\xEF\xBF\xBD";
}

TEST(utf8, valid_text_of_any_script_passes_unchanged) {
    const std::string text = "PC/2026/证书-№7-\xF0\x9F\x8C\xBE";
    EXPECT_EQ(valid_utf8(text, 200), text);
}

TEST(utf8, each_bad_byte_becomes_one_replacement) {
    EXPECT_EQ(valid_utf8("a\xFFz", 200), "a" + replacement + "z");
    EXPECT_EQ(valid_utf8("\xC0\xAF", 200), replacement + replacement);  // overlong slash
    EXPECT_EQ(valid_utf8("\xE0\x80\xAF", 200), replacement + replacement + replacement);
    EXPECT_EQ(valid_utf8("\xED\xA0\x80", 200),
              replacement + replacement + replacement);  // surrogate
    EXPECT_EQ(valid_utf8("\xF4\x90\x80\x80", 200).size(),
              4 * replacement.size());  // beyond U+10FFFF
    EXPECT_EQ(valid_utf8("end\xE8\xAF", 200), "end" + replacement + replacement);  // cut short
}

TEST(utf8, is_cut_between_characters) {
    EXPECT_EQ(valid_utf8("证书", 5), "证");
    EXPECT_EQ(valid_utf8("abcdef", 3), "abc");
    EXPECT_EQ(valid_utf8("证", 2), "");
}
