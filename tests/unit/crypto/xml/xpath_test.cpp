#include "crypto/xml/xpath.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <thread>

namespace ecert::crypto::xml {
namespace {

const namespaces known{{"a", "urn:a"}, {"b", "urn:b"}};

xpath made(const std::string& expression) { return xpath::compile(expression, known).value(); }
std::string refusal(const std::string& expression) {
    const auto x = xpath::compile(expression, known);
    return x ? "accepted" : x.error().text;
}

struct fixture : testing::Test {
    document d =
        document::parse(
            "<r xmlns='urn:a' xmlns:q='urn:b'><q:x n='1'>one</q:x><q:x n='2'>two</q:x><y/></r>", {})
            .value();
};
using xpath_on_a_tree = fixture;

TEST_F(xpath_on_a_tree, prefixes_are_those_of_the_expression_not_of_the_document) {
    EXPECT_EQ(made("/a:r/b:x[@n = 2]").string(d.root()), "two");
    EXPECT_TRUE(made("a:y").test(d.root()));
    EXPECT_FALSE(made("y").test(d.root()));
    EXPECT_EQ(made("count(b:x)").string(d.root()), "2");
}

TEST_F(xpath_on_a_tree, nodes_are_elements_in_document_order) {
    const auto all = made("a:y | b:x | b:x/@n | b:x/text()").nodes(d.root());
    ASSERT_EQ(all.size(), 3u);
    EXPECT_EQ(all[0].text(), "one");
    EXPECT_EQ(all[2].local(), "y");
    EXPECT_TRUE(made("1 + 1").nodes(d.root()).empty());
}

TEST_F(xpath_on_a_tree, evaluation_begins_at_the_node_given) {
    EXPECT_EQ(made("string(@n)").string(d.root().children()[1]), "2");
    EXPECT_EQ(made("local-name(..)").string(d.root().children()[1]), "r");
}

TEST_F(xpath_on_a_tree, variables_are_strings_whatever_stands_in_them) {
    const auto x = xpath::compile("b:x[. = $wanted]/@n", known, {"wanted"}).value();
    EXPECT_EQ(x.string(d.root(), {{"wanted", "two"}}), "2");
    EXPECT_EQ(x.string(d.root(), {{"wanted", "' or true() or '"}}), "");
    EXPECT_EQ(x.string(d.root(), {{"other", "two"}}), "") << "without a value it is empty";
    EXPECT_FALSE(x.test(d.root()));
    EXPECT_EQ(made("b:x[2]").string(d.root()), "two") << "nothing is left for the next expression";
}

TEST_F(xpath_on_a_tree, operations_are_bounded) {
    std::string text = "<r>";
    for (int i = 0; i < 20'000; ++i) text += "<x/>";
    const auto wide = document::parse(text + "</r>", {}).value();
    const auto quadratic = xpath::compile("//x[count(//x) = count(//x)]", {}).value();
    EXPECT_THROW(std::ignore = quadratic.test(wide.root()), std::runtime_error);
    EXPECT_EQ(xpath::compile("count(//x)", {}).value().string(wide.root()), "20000");
}

TEST(xpath, mistakes_are_found_when_compiled) {
    EXPECT_THAT(refusal("a:r["), testing::HasSubstr("a:r["));
    EXPECT_THAT(refusal("c:r"), testing::HasSubstr("prefix c"));
    EXPECT_THAT(refusal("none[foo()]"), testing::HasSubstr("foo()"));
    EXPECT_THAT(refusal("none[document('x')]"), testing::HasSubstr("document()"));
    EXPECT_THAT(refusal("$v"), testing::HasSubstr("no variable $v"));
    EXPECT_THAT(refusal(std::string(10'000, '(')), testing::HasSubstr("longer"));
    EXPECT_THAT(refusal(std::string(8'000, '(') + "1"), testing::HasSubstr("XPath"));
}

TEST(xpath, words_that_only_look_like_calls_are_accepted) {
    for (const auto* e : {"'foo()'", "a:r and (a:r)", "a:r or(a:r)", "6 div (2)", "child::node()",
                          "a:r/text ()", "processing-instruction('x')", "@xml:lang",
                          "ancestor::a:r", "descendant-or-self::*", "a:*", "$"})
        EXPECT_EQ(refusal(e) == "accepted", std::string{e} != "$") << e << refusal(e);
}

TEST(xpath, every_function_of_the_specification_is_known) {
    for (const auto* e : {"last()",
                          "position()",
                          "count(*)",
                          "id('x')",
                          "local-name()",
                          "namespace-uri()",
                          "name()",
                          "string()",
                          "concat('a','b')",
                          "starts-with('a','b')",
                          "contains('a','b')",
                          "substring-before('a','b')",
                          "substring-after('a','b')",
                          "substring('a',1)",
                          "string-length()",
                          "normalize-space()",
                          "translate('a','b','c')",
                          "boolean(1)",
                          "not(1)",
                          "true()",
                          "false()",
                          "lang('en')",
                          "number('1')",
                          "sum(*)",
                          "floor(1)",
                          "ceiling(1)",
                          "round(1)"})
        EXPECT_EQ(refusal(e), "accepted") << e;
}

TEST(xpath, one_expression_serves_many_threads) {
    const auto shared = made("concat(a:x, '-', count(//a:x))");
    std::atomic<int> right = 0;
    std::vector<std::thread> threads;
    for (int t = 0; t < 4; ++t)
        threads.emplace_back([&, t] {
            const auto d =
                document::parse("<r xmlns='urn:a'><x>" + std::to_string(t) + "</x></r>", {})
                    .value();
            for (int i = 0; i < 500; ++i)
                right += shared.string(d.root()) == std::to_string(t) + "-1";
        });
    for (auto& t : threads) t.join();
    EXPECT_EQ(right, 2000);
}

}  // namespace
}  // namespace ecert::crypto::xml
