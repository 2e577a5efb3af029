#include "adapters/worker/turns.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>

#include <gtest/gtest.h>

#include <deque>
#include <optional>

namespace ecert::worker {
namespace {

struct turns_test : testing::Test {
    std::unique_ptr<turns> order;  // outlives whoever waits in the loop
    boost::asio::io_context loop{1};
    std::deque<std::optional<turns::slot>> asked;  // empty optional: still waiting

    void with(unsigned total, std::initializer_list<const char*> lanes) {
        order = std::make_unique<turns>(loop.get_executor(), total);
        for (const auto* lane : lanes) order->open(lane);
    }
    // Asks for a turn; gives the index of the answer.
    std::size_t ask(const char* lane, bool alone = false, unsigned window = 64,
                    duration wait = duration{60'000}) {
        const auto at = asked.size();
        asked.emplace_back();
        boost::asio::co_spawn(
            loop,
            [this, lane, alone, window, wait, at]() -> awaitable<void> {
                auto slot = co_await order->take(lane, window, alone, wait);
                asked[at].emplace(std::move(slot));
            },
            boost::asio::detached);
        settle();
        return at;
    }
    void settle() {
        loop.restart();
        while (loop.poll() > 0) {
        }
    }
    bool runs(std::size_t at) const {
        return asked[at].has_value() && static_cast<bool>(*asked[at]);
    }
    void end(std::size_t at) {
        asked[at]->operator=(turns::slot{});
        settle();
    }
    ~turns_test() override { asked.clear(); }
};

TEST_F(turns_test, no_more_run_than_there_are_slots) {
    with(2, {"A"});
    const auto first = ask("A"), second = ask("A"), third = ask("A");
    EXPECT_TRUE(runs(first) && runs(second));
    EXPECT_FALSE(runs(third));
    EXPECT_EQ(order->in_flight(), 2u);
    end(first);
    EXPECT_TRUE(runs(third));
    end(second);
    end(third);
    EXPECT_EQ(order->in_flight(), 0u);
}

TEST_F(turns_test, a_slow_partner_leaves_a_slot_for_each_that_is_idle) {
    with(4, {"slow", "B", "C"});
    std::vector<std::size_t> slow;
    for (int i = 0; i < 4; ++i) slow.push_back(ask("slow"));
    EXPECT_TRUE(runs(slow[0]) && runs(slow[1]));
    EXPECT_FALSE(runs(slow[2]) || runs(slow[3]));
    EXPECT_TRUE(runs(ask("B")));
    EXPECT_TRUE(runs(ask("C")));
    EXPECT_FALSE(runs(slow[2]));
}

TEST_F(turns_test, many_idle_partners_hold_back_half_at_most) {
    with(4, {"busy", "B", "C", "D", "E", "F", "G"});
    EXPECT_TRUE(runs(ask("busy")));
    EXPECT_TRUE(runs(ask("busy")));
    EXPECT_FALSE(runs(ask("busy")));
}

TEST_F(turns_test, with_one_slot_the_partners_take_turns) {
    with(1, {"A", "B"});
    const auto a1 = ask("A"), a2 = ask("A"), b1 = ask("B");
    EXPECT_TRUE(runs(a1));
    end(a1);
    EXPECT_TRUE(runs(a2));
    end(a2);
    EXPECT_TRUE(runs(b1));
    end(b1);
}

TEST_F(turns_test, a_window_bounds_its_own_partner_alone) {
    with(8, {"A", "B"});
    EXPECT_TRUE(runs(ask("A", false, 1)));
    EXPECT_FALSE(runs(ask("A", false, 1)));
    EXPECT_TRUE(runs(ask("B", false, 1)));
}

TEST_F(turns_test, a_suspect_runs_alone) {
    with(8, {"A", "B"});
    const auto before = ask("A"), suspect = ask("B", true), after = ask("A");
    EXPECT_TRUE(runs(before));
    EXPECT_FALSE(runs(suspect) || runs(after));
    end(before);
    EXPECT_TRUE(runs(suspect));
    EXPECT_FALSE(runs(after));
    end(suspect);
    EXPECT_TRUE(runs(after));
    end(after);
}

TEST_F(turns_test, who_waits_too_long_gets_nothing_and_holds_nothing_back) {
    with(1, {"A", "B"});
    const auto first = ask("A"), hopeless = ask("B", true, 64, duration{0}), third = ask("B");
    settle();
    EXPECT_TRUE(asked[hopeless].has_value());
    EXPECT_FALSE(runs(hopeless));
    end(first);
    EXPECT_TRUE(runs(third));
    end(third);
}

TEST_F(turns_test, a_closed_lane_waits_no_longer) {
    with(1, {"A", "B"});
    const auto first = ask("A"), waiting = ask("B");
    order->close("B");
    settle();
    EXPECT_TRUE(asked[waiting].has_value());
    EXPECT_FALSE(runs(waiting));
    end(first);
}

}  // namespace
}  // namespace ecert::worker
