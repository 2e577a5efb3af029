#include "adapters/http/budget.hpp"

#include "tests/unit/adapters/http/bench.hpp"

#include <boost/asio/detached.hpp>

#include <gmock/gmock.h>

namespace ecert::http::tests {
namespace {

class a_budget : public testing::Test {
  protected:
    bench b;
    budget of{b.loop.get_executor(), 100};
    std::vector<std::string> order;

    void ask(std::string name, std::uint64_t bytes, duration wait) {
        const auto one = [](a_budget* t, std::string n, std::uint64_t bytes_,
                            duration w) -> awaitable<void> {
            const auto share = co_await t->of.take(bytes_, w);
            t->order.push_back(share ? n : n + " went without");
        };
        boost::asio::co_spawn(b.loop, one(this, std::move(name), bytes, wait),
                              boost::asio::detached);
    }
};

TEST_F(a_budget, gives_shares_back_when_they_die) {
    b.run([&]() -> awaitable<void> {
        {
            auto one = co_await of.take(60, 0ms);
            EXPECT_TRUE(one);
            EXPECT_EQ(of.used(), 60u);
            auto moved = std::move(one);
            EXPECT_FALSE(one);
            EXPECT_EQ(of.used(), 60u);
        }
        EXPECT_EQ(of.used(), 0u);
    });
}

TEST_F(a_budget, may_die_before_its_shares) {
    b.run([&]() -> awaitable<void> {
        auto short_lived = std::make_unique<budget>(b.loop.get_executor(), 10);
        const auto share = co_await short_lived->take(10, 0ms);
        short_lived.reset();
        EXPECT_TRUE(share);
    });
}

TEST_F(a_budget, never_gives_more_than_it_has) {
    b.run([&]() -> awaitable<void> {
        EXPECT_FALSE(co_await of.take(101, 10s)) << "and does not wait for what can never be";
        const auto all = co_await of.take(100, 0ms);
        EXPECT_FALSE(co_await of.take(1, 20ms));
        EXPECT_EQ(of.used(), 100u);
    });
}

TEST_F(a_budget, serves_in_the_order_of_coming) {
    b.run([&]() -> awaitable<void> {
        auto first = co_await of.take(80, 0ms);
        ask("large", 90, 10s);
        ask("small", 10, 10s);
        co_await boost::asio::post(b.loop, boost::asio::use_awaitable);
        EXPECT_TRUE(order.empty()) << "the small one may not starve the large one";
        first = {};
        while (order.size() < 2) co_await boost::asio::post(b.loop, boost::asio::use_awaitable);
    });
    EXPECT_THAT(order, testing::ElementsAre("large", "small"));
    EXPECT_EQ(of.used(), 0u);
}

TEST_F(a_budget, lets_those_behind_pass_when_the_first_gives_up) {
    b.run([&]() -> awaitable<void> {
        const auto most = co_await of.take(80, 0ms);
        ask("large", 90, 20ms);
        ask("small", 10, 10s);
        while (order.size() < 2) co_await boost::asio::post(b.loop, boost::asio::use_awaitable);
    });
    EXPECT_THAT(order, testing::UnorderedElementsAre("large went without", "small"));
}

}  // namespace
}  // namespace ecert::http::tests
