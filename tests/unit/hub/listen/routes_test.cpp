#include "hub/listen/routes.hpp"

#include "tests/unit/hub/listen/fake_incoming.hpp"

#include <gtest/gtest.h>

namespace ecert::hub::tests {
namespace {

struct nothing {};
awaitable<http::response> echo(nothing&, http::incoming&, const parameters& found) {
    std::string all;
    for (const auto& f : found) all += "[" + f + "]";
    co_return http::reply(200, "text/plain", all);
}
const route<nothing> table[] = {{"GET", "/v1/things", echo},
                                {"POST", "/v1/things", echo},
                                {"GET", "/v1/things/{id}", echo},
                                {"GET", "/v1/things/{id}/parts/{n}", echo}};

http::response ask(std::string method, std::string target) {
    boost::asio::io_context loop;
    nothing context;
    fake_incoming request{std::move(method), std::move(target)};
    return run(loop, dispatch_route(std::span<const route<nothing>>{table}, context, request));
}

TEST(routes, a_path_finds_its_act_with_its_parameters) {
    EXPECT_EQ(body_of(ask("GET", "/v1/things/7/parts/8?x=1")), "[7][8]");
    EXPECT_EQ(body_of(ask("POST", "/v1/things")), "");
}

TEST(routes, a_slash_inside_a_segment_stays_there) {
    EXPECT_EQ(body_of(ask("GET", "/v1/things/a%2Fb")), "[a/b]");
}

TEST(routes, what_is_not_in_the_table_is_404) {
    for (const auto* path : {"/", "/v1", "/v1/things/7/parts", "/v1/things/7/parts/8/9",
                             "/v1/thing", "/v1/things/", "/v1//things", "/V1/things"})
        EXPECT_EQ(ask("GET", path).status, 404) << path;
}

TEST(routes, another_method_is_405_and_names_the_right_ones) {
    const auto answer = ask("DELETE", "/v1/things");
    EXPECT_EQ(answer.status, 405);
    EXPECT_EQ(answer.fields.get("Allow"), "GET, POST");
}

TEST(routes, a_pattern_that_does_not_fit_leaves_the_parameters_alone) {
    parameters found{"before"};
    const std::vector<std::string> segments{"v1", "things", "7", "other", "8"};
    EXPECT_FALSE(match("/v1/things/{id}/parts/{n}", segments, found));
    EXPECT_EQ(found, parameters{"before"});
}

}  // namespace
}  // namespace ecert::hub::tests
