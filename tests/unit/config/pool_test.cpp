#include "config/pool.hpp"

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>

#include <gtest/gtest.h>
#include <sys/resource.h>
#include <unistd.h>

#include <list>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

using namespace ecert;

namespace {

template <class Body>
void run(Body body) {
    boost::asio::io_context loop;
    boost::asio::co_spawn(loop, std::move(body), [](std::exception_ptr failed) {
        if (failed) std::rethrow_exception(failed);
    });
    loop.run();
}

}  // namespace

TEST(pool, work_runs_on_another_thread_and_resumes_on_the_callers) {
    pool threads{2};
    run([&]() -> awaitable<void> {
        const auto here = std::this_thread::get_id();
        const auto there = co_await on_pool(threads, [] { return std::this_thread::get_id(); });
        EXPECT_NE(there, here);
        EXPECT_EQ(std::this_thread::get_id(), here);
    });
}

TEST(pool, every_thread_runs_at_nice_ten_and_the_callers_does_not) {
    pool threads{3};
    const int mine = getpriority(PRIO_PROCESS, static_cast<id_t>(gettid()));
    run([&]() -> awaitable<void> {
        for (int i = 0; i < 30; ++i) {
            auto ask = [] { return getpriority(PRIO_PROCESS, static_cast<id_t>(gettid())); };
            EXPECT_EQ(co_await on_pool(threads, ask), std::max(mine, 10));
        }
    });
    EXPECT_EQ(getpriority(PRIO_PROCESS, static_cast<id_t>(gettid())), mine);
}

TEST(pool, an_exception_of_the_work_arrives_at_its_caller) {
    pool threads{1};
    bool caught = false;
    run([&]() -> awaitable<void> {
        try {
            auto fails = []() -> int { throw std::runtime_error("the disk is gone"); };
            co_await on_pool(threads, fails);
        } catch (const std::runtime_error& e) {
            caught = std::string{e.what()} == "the disk is gone";
        }
    });
    EXPECT_TRUE(caught);
}

TEST(pool, no_threads_asked_is_one) {
    pool threads{0};
    run([&]() -> awaitable<void> {
        auto work = [] { return 7; };
        EXPECT_EQ(co_await on_pool(threads, work), 7);
    });
}

TEST(let_go_on, ends_on_the_pool_and_where_it_stands_when_the_pool_has_ended) {
    std::thread::id ended_on;
    const auto made = [&] {
        return std::shared_ptr<int>(new int{7}, [&](int* p) {
            ended_on = std::this_thread::get_id();
            delete p;
        });
    };
    auto threads = std::make_unique<pool>(1);
    auto first = let_go_on(*threads, made()), second = let_go_on(*threads, made());
    first.reset();
    threads->join();
    EXPECT_NE(ended_on, std::this_thread::get_id());
    threads.reset();
    second.reset();
    EXPECT_EQ(ended_on, std::this_thread::get_id());
}

// It comes while the work ends, just before or just after: then what it was for is gone, and other
// things are in its place.
TEST(pool, a_cancellation_touches_nothing_after_the_work_has_ended) {
    pool threads{2};
    for (int round = 0; round < 300; ++round) {
        boost::asio::io_context loop;
        std::list<boost::asio::cancellation_signal> cancels(64);
        for (auto& cancel : cancels) {
            auto work = [&]() -> awaitable<void> {
                co_await on_pool(threads, [] { return std::string(100, '\x01'); });
            };
            boost::asio::co_spawn(
                loop, std::move(work),
                boost::asio::bind_cancellation_slot(cancel.slot(), [](std::exception_ptr) {}));
        }
        loop.poll_one();
        for (auto& cancel : cancels) {
            loop.poll_one();
            cancel.emit(boost::asio::cancellation_type::terminal);
        }
        loop.run();
    }
}
