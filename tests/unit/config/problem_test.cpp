#include "config/problem.hpp"

#include <gtest/gtest.h>

using namespace ecert;

TEST(problem, text_is_in_the_language_asked_for) {
    EXPECT_EQ(problem_text("XML-NOT-WELL-FORMED", language::en),
              "The document is not well-formed XML.");
    EXPECT_EQ(problem_text("XML-NOT-WELL-FORMED", language::zh), "文件不是格式良好的 XML。");
    EXPECT_EQ(problem_text("NO-SUCH-ID", language::zh), "NO-SUCH-ID");
}

TEST(problem, warnings_alone_are_no_errors) {
    problems all{{.id = "A", .level = severity::warning}};
    EXPECT_FALSE(has_errors(all));
    all.push_back({.id = "B"});
    EXPECT_TRUE(has_errors(all));
}

TEST(problem, the_language_preferred_most_of_those_we_speak_wins) {
    EXPECT_EQ(preferred_language(""), language::en);
    EXPECT_EQ(preferred_language("zh"), language::zh);
    EXPECT_EQ(preferred_language("zh-CN,zh;q=0.9,en;q=0.8"), language::zh);
    EXPECT_EQ(preferred_language("en;q=0.5, ZH-Hans;q=0.7"), language::zh);
    EXPECT_EQ(preferred_language("fr, de;q=0.9, zh;q=0.1"), language::zh);
    EXPECT_EQ(preferred_language("en, zh"), language::en);
    EXPECT_EQ(preferred_language("zh;q=0"), language::en);
    EXPECT_EQ(preferred_language("zhx, en"), language::en);
    EXPECT_EQ(preferred_language("*, zh;q=0.5"), language::en);
    EXPECT_EQ(preferred_language("zh;q=nonsense, en;q=0.1"), language::en);
    EXPECT_EQ(preferred_language(";;,,q=1;zh"), language::en);
}
