#include "queue/amqp/window.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>

using namespace ecert;
using namespace ecert::queue;
using namespace ecert::queue::amqp;
using enum publication;

namespace {

class window_test : public testing::Test {
  protected:
    std::uint64_t add(const std::string& body = "x") {
        auto one =
            std::make_shared<publishing>(io.get_executor(), "work.NL", body, duration{60'000});
        const auto number = out.add(one, steady_point{});
        boost::asio::co_spawn(
            io,
            [](window_test& t, publishing_ptr what, std::uint64_t n) -> awaitable<void> {
                const auto said = co_await what->wait();
                if (said) t.answered[n] = *said;
            }(*this, one, number),
            [](std::exception_ptr) {});
        return number;
    }
    std::map<std::uint64_t, publication>& told() {
        io.restart();
        io.poll();
        return answered;
    }
    boost::asio::io_context io;
    window out{4, 10};
    std::map<std::uint64_t, publication> answered;
};

using answers = std::map<std::uint64_t, publication>;

}  // namespace

TEST_F(window_test, one_confirm_may_settle_all_up_to_its_tag) {
    for (int i = 0; i < 4; ++i) add();
    out.settle({3, true, true});
    EXPECT_EQ(told(), (answers{{1, confirmed}, {2, confirmed}, {3, confirmed}}));
    EXPECT_EQ(out.size(), 1u);
}

TEST_F(window_test, a_single_confirm_settles_its_own_alone) {
    for (int i = 0; i < 3; ++i) add();
    out.settle({2, false, true});
    EXPECT_EQ(told(), (answers{{2, confirmed}}));
}

TEST_F(window_test, a_refusal_is_refused_and_a_confirm_of_what_came_back_is_returned) {
    for (int i = 0; i < 3; ++i) add();
    out.came_back(2);
    out.settle({1, false, false});
    out.settle({3, true, true});
    EXPECT_EQ(told(), (answers{{1, refused}, {2, returned}, {3, confirmed}}));
    EXPECT_TRUE(out.empty());
}

TEST_F(window_test, tags_that_nobody_owes_change_nothing) {
    add();
    out.settle({9, false, true});
    out.came_back(7);
    EXPECT_EQ(told(), answers{});
    out.settle({1, false, true});
    out.settle({1, false, false});
    EXPECT_EQ(told(), (answers{{1, confirmed}}));
}

TEST_F(window_test, it_is_bounded_in_messages_and_in_bytes) {
    for (int i = 0; i < 4; ++i) {
        EXPECT_TRUE(out.room_for(1));
        add();
    }
    EXPECT_FALSE(out.room_for(1));
    out.settle({4, true, true});
    add("123456789");
    EXPECT_TRUE(out.room_for(1));
    EXPECT_FALSE(out.room_for(2));
}

TEST_F(window_test, a_message_larger_than_all_goes_alone) {
    EXPECT_TRUE(out.room_for(1'000));
    add(std::string(1'000, 'x'));
    EXPECT_FALSE(out.room_for(1));
}

TEST_F(window_test, a_lost_connection_leaves_all_unconfirmed_and_numbers_begin_anew) {
    add(), add();
    out.lose();
    EXPECT_EQ(told(), (answers{{1, unconfirmed}, {2, unconfirmed}}));
    EXPECT_EQ(add(), 1u);
    EXPECT_TRUE(out.room_for(9));
}

TEST_F(window_test, it_says_which_queues_owe_a_confirm_for_long) {
    const auto send = [&](const char* queue, int second) {
        out.add(std::make_shared<publishing>(io.get_executor(), queue, "x", duration{60'000}),
                steady_point{std::chrono::seconds{second}});
    };
    send("work.NL", 1), send("work.NZ", 2), send("work.NL", 3), send("work.AU", 4);
    const auto before = [](int second) { return steady_point{std::chrono::seconds{second}}; };
    EXPECT_TRUE(out.owing(before(0)).empty());
    EXPECT_EQ(out.owing(before(3)), (std::set<std::string>{"work.NL", "work.NZ"}));
    out.settle({2, false, true});
    EXPECT_EQ(out.owing(before(3)), (std::set<std::string>{"work.NL"}));
}

TEST_F(window_test, what_was_given_up_before_it_was_taken_never_left) {
    publishing one{io.get_executor(), "work.NL", "x", duration{1}};
    EXPECT_TRUE(one.give_up());
    EXPECT_FALSE(one.take());
    publishing other{io.get_executor(), "work.NL", "x", duration{1}};
    EXPECT_TRUE(other.take());
    EXPECT_FALSE(other.give_up());
}
