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

// 100 for all; of one owner 25; 20 kept for bodies of at most 4.
class a_fair_budget : public testing::Test {
  protected:
    bench b;
    budget of{b.loop.get_executor(), {100, 20, 4, 0.3125}};
    std::vector<budget::share> held;

    awaitable<bool> gets(std::uint64_t bytes, claimant by) {
        auto one = co_await of.take(bytes, 0ms, std::move(by));
        const bool given{one};
        held.push_back(std::move(one));
        co_return given;
    }
};

TEST_F(a_fair_budget, gives_one_owner_its_part_and_leaves_the_rest_to_others) {
    b.run([&]() -> awaitable<void> {
        EXPECT_TRUE(co_await gets(20, {"greedy"}));
        EXPECT_FALSE(co_await gets(6, {"greedy"}));
        EXPECT_TRUE(co_await gets(5, {"greedy"}));
        EXPECT_TRUE(co_await gets(25, {"honest"}));
        held.erase(held.begin());
        EXPECT_TRUE(co_await gets(20, {"greedy"})) << "what came back is its own again";
    });
}

TEST_F(a_fair_budget, refuses_nobody_one_body_of_the_largest_size) {
    b.run([&]() -> awaitable<void> {
        EXPECT_FALSE(co_await gets(60, {"large"}));
        EXPECT_TRUE(co_await gets(60, {"large", 60}));
        EXPECT_FALSE(co_await gets(5, {"large", 60})) << "one, not two";
    });
}

TEST_F(a_fair_budget, keeps_room_for_small_bodies_when_large_ones_hold_the_rest) {
    b.run([&]() -> awaitable<void> {
        for (const auto* one : {"a", "b", "c", "d"}) co_await gets(20, {one, 20});
        EXPECT_EQ(of.used(), 80u);
        EXPECT_FALSE(co_await gets(5, {"honest"})) << "what is kept is for small ones";
        EXPECT_FALSE(co_await gets(4, {"honest", 0, true})) << "a step of a large body is no small";
        EXPECT_TRUE(co_await gets(4, {"honest"}));
        EXPECT_TRUE(co_await gets(4, {"a"})) << "also of who holds its part of the rest";
        held.clear();
        EXPECT_EQ(of.used(), 0u);
    });
}

TEST_F(a_fair_budget, leaves_as_much_of_what_is_kept_as_one_owner_holds) {
    b.run([&]() -> awaitable<void> {
        for (const auto* one : {"a", "b", "c", "d"}) co_await gets(20, {one, 20});
        unsigned got = 0;
        while (got < 20 && co_await gets(1, {"greedy"})) ++got;
        EXPECT_EQ(got, 10u);
        for (const auto* late : {"second", "third", "fourth"}) {
            EXPECT_TRUE(co_await gets(1, {late})) << late;
        }
    });
}

TEST_F(a_fair_budget, lets_nobody_wait_for_an_owner_that_waits_for_itself) {
    b.run([&]() -> awaitable<void> {
        co_await gets(25, {"greedy"});
        bool ended = false;
        const auto wait = [&]() -> awaitable<void> {
            EXPECT_FALSE(co_await of.take(20, 50ms, {"greedy"}));
            ended = true;
        };
        boost::asio::co_spawn(b.loop, wait(), boost::asio::detached);
        co_await boost::asio::post(b.loop, boost::asio::use_awaitable);
        EXPECT_TRUE(co_await gets(25, {"honest"}));
        EXPECT_FALSE(ended);
        while (!ended) co_await boost::asio::post(b.loop, boost::asio::use_awaitable);
    });
}

}  // namespace
}  // namespace ecert::http::tests
