#include "adapters/http/message.hpp"

#include "adapters/http/minimum_rate.hpp"
#include "adapters/http/target.hpp"
#include "config/settings.hpp"

#include <gtest/gtest.h>

namespace ecert::http::tests {
namespace {

request_head taken_apart(const std::string& target) {
    request_head into;
    const auto read = read_target(target, into);
    EXPECT_TRUE(read) << target;
    return into;
}

TEST(fields, are_found_in_any_case_and_replaced) {
    fields all{{"Content-Type", "a"}};
    all.set("content-type", "b");
    EXPECT_EQ(all.get("CONTENT-TYPE"), "b");
    EXPECT_EQ(all.all().size(), 1u);
    EXPECT_FALSE(all.has("Accept"));
    EXPECT_EQ(all.get("Accept"), "");
}

TEST(target, keeps_a_decoded_slash_inside_its_segment) {
    const auto head = taken_apart("/v1/numbers/CN%2F2026%2F%E4%B8%AD/events");
    EXPECT_EQ(head.segments,
              (std::vector<std::string>{"v1", "numbers", "CN/2026/\xe4\xb8\xad", "events"}));
    EXPECT_EQ(taken_apart("/").segments, std::vector<std::string>{});
    EXPECT_EQ(taken_apart("/a/").segments, (std::vector<std::string>{"a", ""}));
    EXPECT_EQ(taken_apart("/a/../b").segments, (std::vector<std::string>{"a", "..", "b"}));
}

TEST(target, decodes_the_query) {
    const auto head = taken_apart("/x?to=NL&q=a%26b+c&empty=&flag");
    EXPECT_EQ(head.parameter("to"), "NL");
    EXPECT_EQ(head.parameter("q"), "a&b c");
    EXPECT_EQ(head.parameter("empty"), "");
    EXPECT_EQ(head.parameter("flag"), "");
    EXPECT_EQ(head.parameter("none"), std::nullopt);
}

TEST(target, takes_the_absolute_form_and_the_asterisk) {
    EXPECT_EQ(taken_apart("http://host:1/a/b?c=d").segments, (std::vector<std::string>{"a", "b"}));
    EXPECT_TRUE(taken_apart("*").segments.empty());
}

TEST(target, is_refused_where_it_is_not_one) {
    request_head into;
    for (const auto* bad : {"", "a", "/%", "/%4", "/%gg", "/a b", "/a#b", "\x01"})
        EXPECT_FALSE(read_target(bad, into)) << bad;
}

TEST(reply, knows_its_size) {
    const auto made = reply(404, "text/plain", "nothing");
    EXPECT_EQ(made.size, 7u);
    EXPECT_EQ(made.fields.get("Content-Type"), "text/plain");
    EXPECT_TRUE(reply(204, "", "").body.empty());
}

TEST(minimum_rate, holds_the_average_of_each_window) {
    minimum_rate pace{100, 10s};
    EXPECT_TRUE(pace.took(1, 9s)) << "the window is not over";
    EXPECT_TRUE(pace.took(999, 1s)) << "a burst makes up for a pause";
    EXPECT_TRUE(pace.took(0, 9s));
    EXPECT_FALSE(pace.took(999, 1s));
}

TEST(minimum_rate, wants_at_least_a_byte_in_a_window) {
    minimum_rate pace{0, 10s};
    EXPECT_TRUE(pace.took(1, 10s));
    EXPECT_FALSE(pace.took(0, 10s));
}

}  // namespace
}  // namespace ecert::http::tests
