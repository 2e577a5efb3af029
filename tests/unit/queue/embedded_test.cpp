#include "queue/embedded/embedded.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>

#include <gtest/gtest.h>

#include <optional>

namespace ecert::queue {
namespace {

struct embedded_queue : testing::Test {
    boost::asio::io_context io;
    std::unique_ptr<transport> over =
        make_embedded(io.get_executor(), {.messages = 100, .bytes = 1000});
    std::unique_ptr<consumer> from;

    template <class T>
    T run(awaitable<T> what) {
        std::optional<T> got;
        boost::asio::co_spawn(io, std::move(what), [&](std::exception_ptr thrown, T value) {
            if (thrown) std::rethrow_exception(thrown);
            got.emplace(std::move(value));
        });
        io.restart();
        io.run();
        return std::move(got).value();
    }
    publication put(const std::string& queue, std::size_t size) {
        return run(over->publish(queue, std::string(size, 'x'), duration{1000}));
    }
};

TEST_F(embedded_queue, outcomes_are_taken_beyond_the_bytes_that_tasks_have_filled) {
    over->declare("work.NZ");
    over->declare(outcome_queue);
    EXPECT_EQ(put("work.NZ", 1000), publication::confirmed);
    EXPECT_EQ(put("work.NZ", 1), publication::refused) << "full of tasks";
    for (int i = 0; i < 5; ++i)
        EXPECT_EQ(put(outcome_queue, 500), publication::confirmed)
            << "without it no task could ever be settled";

    from = over->consume("work.NZ", 1);
    auto task = run(from->next(duration{1000}));
    ASSERT_TRUE(task);
    task->ack();
    auto outcomes = over->consume(outcome_queue, 10);
    for (int i = 0; i < 5; ++i) run(outcomes->next(duration{1000}))->ack();
    EXPECT_EQ(put("work.NZ", 1000), publication::confirmed) << "what was settled made room";
}

TEST_F(embedded_queue, outcomes_are_bounded_in_number_all_the_same) {
    over->declare(outcome_queue);
    for (int i = 0; i < 100; ++i) ASSERT_EQ(put(outcome_queue, 1), publication::confirmed);
    EXPECT_EQ(put(outcome_queue, 1), publication::refused);
}

}  // namespace
}  // namespace ecert::queue
