// How answers look: columns, times, foreign text.
#include "hub/ecertctl/columns.hpp"
#include "hub/ecertctl/relative_time.hpp"
#include "hub/ecertctl/terminal_text.hpp"

#include <gtest/gtest.h>

#include <sstream>

using namespace ecert;
using namespace ecert::ctl;
using namespace std::chrono_literals;

TEST(relative_time, is_said_in_the_largest_unit_of_which_there_are_two) {
    const time_point now{1'000'000s};
    EXPECT_EQ(relative(now, now), "now");
    EXPECT_EQ(relative(now - 40s, now), "40 s ago");
    EXPECT_EQ(relative(now - 119s, now), "119 s ago");
    EXPECT_EQ(relative(now - 3min, now), "3 min ago");
    EXPECT_EQ(relative(now - 119min, now), "119 min ago");
    EXPECT_EQ(relative(now + 5h, now), "in 5 h");
    EXPECT_EQ(relative(now + 240h, now), "in 10 days");
    EXPECT_EQ(relative("", now), "-");
    EXPECT_EQ(relative("soon", now), "soon");
}

TEST(terminal_text, controls_and_direction_marks_are_shown_as_unknown) {
    const std::string unknown = "\xEF\xBF\xBD";
    EXPECT_EQ(terminal_text("PC/证书\x1b[31m"), "PC/证书" + unknown + "[31m");
    EXPECT_EQ(terminal_text("a\nb\tc\x7f"), "a" + unknown + "b" + unknown + "c" + unknown);
    EXPECT_EQ(terminal_text("\xC2\x9B\x32J"), unknown + "2J");     // C1 control sequence introducer
    EXPECT_EQ(terminal_text("\xE2\x80\xAEgpj"), unknown + "gpj");  // right-to-left override
    EXPECT_EQ(terminal_text("\xff"), unknown);
}

TEST(terminal_text, east_asian_characters_take_two_cells) {
    EXPECT_EQ(width_of("abc"), 3u);
    EXPECT_EQ(width_of("证书"), 4u);
    EXPECT_EQ(cut_to("证书证书", 5), "证书…");
    EXPECT_EQ(cut_to("abcdef", 4), "abc…");
    EXPECT_EQ(cut_to("abcd", 4), "abcd");
}

TEST(columns, are_aligned_whatever_the_script) {
    columns table{{"A", "B", "C"}};
    table.add({"证书", "1", "x"});
    table.add({"abcdef", "22", "yy"});
    std::ostringstream out;
    table.print(out);
    EXPECT_EQ(out.str(), "A       B   C\n证书    1   x\nabcdef  22  yy\n");
}

TEST(columns, a_cell_without_end_is_cut) {
    columns table{{"A", "B"}};
    table.add({std::string(500, 'x'), "end"});
    std::ostringstream out;
    table.print(out);
    EXPECT_LT(out.str().size(), 200u);
}
