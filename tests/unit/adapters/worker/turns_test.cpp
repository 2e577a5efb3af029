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

    void with(unsigned total, std::initializer_list<const char*> lanes,
              duration patience = duration{3'600'000}) {
        order = std::make_unique<turns>(loop.get_executor(), total, patience);
        for (const auto* lane : lanes) order->open(lane);
    }
    // Asks for a turn; gives the index of the answer.
    std::size_t ask(const char* lane, bool alone = false, unsigned window = 64,
                    duration wait = duration{60'000}) {
        auto tell = [this](bool is) -> boost::asio::awaitable<void> {
            told.push_back(is);
            co_return;
        };
        const auto at = asked.size();
        asked.emplace_back();
        boost::asio::co_spawn(
            loop,
            [this, lane, alone, window, wait, at, tell]() -> awaitable<void> {
                auto slot = co_await order->take(lane, window, alone, wait, tell);
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
    void leave(std::size_t at) {
        order->leave(asked[at]->at());
        settle();
    }
    // True, in `back`, when it may work again.
    void come_back(std::size_t at, bool& back) {
        boost::asio::co_spawn(loop, order->come_back(asked[at]->at()),
                              [&back](std::exception_ptr) { back = true; });
        settle();
    }
    std::vector<bool> told;
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

TEST_F(turns_test, a_suspect_waits_for_the_others_work_and_not_for_their_partners) {
    with(8, {"A", "B"});
    const auto silent = ask("A"), suspect = ask("B", true);
    EXPECT_FALSE(runs(suspect));
    leave(silent);
    EXPECT_TRUE(runs(suspect)) << "A's partner may be silent for a minute";
    bool back = false;
    come_back(silent, back);
    EXPECT_FALSE(back) << "its reply is read when the suspect is done";
    end(suspect);
    EXPECT_TRUE(back);
    end(silent);
    EXPECT_EQ(order->in_flight(), 0u);
}

TEST_F(turns_test, a_suspect_whose_partner_answers_in_time_was_alone_throughout) {
    with(8, {"A", "B"});
    const auto suspect = ask("B", true);
    leave(suspect);
    const auto other = ask("A");
    EXPECT_FALSE(runs(other));
    bool back = false;
    come_back(suspect, back);
    EXPECT_TRUE(back);
    EXPECT_FALSE(runs(other));
    end(suspect);
    EXPECT_TRUE(runs(other));
    EXPECT_TRUE(told.empty());
    end(other);
}

TEST_F(turns_test, a_suspect_of_a_silent_partner_holds_nobody_up_and_says_so_first) {
    with(8, {"A", "B"}, duration{0});
    const auto suspect = ask("B", true);
    const auto first = ask("A");
    EXPECT_FALSE(runs(first));
    leave(suspect);
    EXPECT_EQ(told, std::vector<bool>{false});
    EXPECT_TRUE(runs(first));

    bool back = false;
    come_back(suspect, back);
    EXPECT_FALSE(back) << "it reads its reply alone";
    const auto second = ask("A");
    EXPECT_FALSE(runs(second)) << "what comes after it waits";
    end(first);
    EXPECT_TRUE(back);
    EXPECT_EQ(told, (std::vector<bool>{false, true}));
    EXPECT_FALSE(runs(second));
    end(suspect);
    EXPECT_TRUE(runs(second));
    end(second);
    EXPECT_EQ(order->in_flight(), 0u);
}

TEST_F(turns_test, a_suspect_waits_for_no_place_that_a_silent_partner_fills) {
    with(2, {"A", "B"});
    const auto one = ask("A"), two = ask("B");
    leave(one);
    leave(two);
    const auto suspect = ask("B", true);
    EXPECT_TRUE(runs(suspect));
    EXPECT_FALSE(runs(ask("A")));
    end(suspect);
    end(one);
    end(two);
}

TEST_F(turns_test, whoever_gives_up_while_away_leaves_nothing_behind) {
    with(2, {"A", "B"}, duration{0});
    const auto suspect = ask("B", true);
    leave(suspect);
    end(suspect);
    const auto other = ask("A");
    EXPECT_TRUE(runs(other));
    const auto late = asked[other]->at();
    leave(other);
    end(other);
    bool back = false;
    boost::asio::co_spawn(loop, order->come_back(late), [&](std::exception_ptr) { back = true; });
    settle();
    EXPECT_TRUE(back) << "an abandoned call finds its turn gone, and nobody waits for it";
    EXPECT_TRUE(runs(ask("B", true)));
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
