// What a broker can do to the transport: stop, die, lose everything, lose a queue, take nothing.
// Over a broker of this program's own. Every wait is bounded.
#include "queue/amqp/amqp.hpp"
#include "tests/support/broker.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>
#include <future>
#include <map>

namespace ecert::conformance {
namespace {

namespace asio = boost::asio;
using queue::publication;
using testing::HasSubstr;

constexpr duration soon{90'000};  // a broker that starts is slow on a busy machine

class amqp_faults : public testing::Test {
  protected:
    static tests::broker& broker() { return tests::broker::shared(); }
    void SetUp() override {
        broker().delete_queues();
        over = make(broker().settings());
    }
    std::unique_ptr<queue::transport> make(amqp_settings settings) {
        return queue::make_amqp(io.get_executor(), std::move(settings), "faults");
    }

    template <class Coroutine>
    void run(Coroutine what) {
        std::exception_ptr thrown;
        bool done = false;
        asio::co_spawn(io, std::move(what), [&](std::exception_ptr e) {
            thrown = e;
            done = true;
            io.stop();
        });
        io.restart();
        io.run_for(std::chrono::minutes{3});
        if (thrown) std::rethrow_exception(thrown);
        ASSERT_TRUE(done) << "did not end within three minutes";
    }

    awaitable<void> rest(duration time) {
        asio::steady_timer timer{io, time};
        co_await timer.async_wait(asio::use_awaitable);
    }

    // The loop goes on.
    awaitable<void> beside(std::function<void()> act) {
        auto runs = std::async(std::launch::async, std::move(act));
        while (runs.wait_for(0s) != std::future_status::ready) co_await rest(duration{50});
        runs.get();
    }

    // As dispatch does: again whatever is known not to be there, and what is in doubt too.
    awaitable<publication> publish_in_the_end(std::string to, std::string body) {
        publication how = publication::refused;
        for (int tries = 0; tries < 300; ++tries) {
            how = co_await over->publish(to, body, duration{2'000});
            if (how == publication::confirmed) break;
            if (how == publication::returned) over->declare(to);
            co_await rest(duration{100});
        }
        co_return how;
    }

    // Publishes that many, and takes until each has come at least once. After a fifth something is
    // done to the broker while the loop goes on.
    awaitable<std::map<std::string, int>> all_of(std::string queue, unsigned count,
                                                 std::function<void()> act) {
        auto from = over->consume(queue, 8);
        std::future<void> beside;
        asio::co_spawn(
            io,
            [](amqp_faults& t, std::string to, unsigned n, std::function<void()> what,
               std::future<void>& runs) -> awaitable<void> {
                for (unsigned i = 0; i < n; ++i) {
                    if (i == n / 5) runs = std::async(std::launch::async, what);
                    const auto how = co_await t.publish_in_the_end(to, std::to_string(i));
                    EXPECT_EQ(how, publication::confirmed) << i;
                }
            }(*this, queue, count, std::move(act), beside),
            asio::detached);
        std::map<std::string, int> seen;
        while (seen.size() < count) {
            auto lot = co_await from->next(soon);
            if (!lot) break;
            ++seen[lot->body()];
            lot->ack();
        }
        if (beside.valid()) beside.get();
        co_return seen;
    }

    asio::io_context io;
    std::unique_ptr<queue::transport> over;
};

TEST_F(amqp_faults, a_broker_stopped_and_started_in_mid_flow_loses_nothing) {
    over->declare("work.NL");
    run([](auto& t) -> awaitable<void> {
        const auto seen =
            co_await t.all_of("work.NL", 2'000, [] { broker().stop(), broker().start(); });
        EXPECT_EQ(seen.size(), 2'000u);
    }(*this));
}

TEST_F(amqp_faults, an_acknowledgement_over_a_lost_connection_is_not_sure) {
    run([](auto& t) -> awaitable<void> {
        t.over->declare("work.NL");
        EXPECT_EQ(co_await t.publish_in_the_end("work.NL", "x"), publication::confirmed);
        auto from = t.over->consume("work.NL", 2);
        auto before = co_await from->next(soon);
        EXPECT_TRUE(before);
        co_await t.beside([] { broker().stop(), broker().start(); });
        auto again = co_await from->next(soon);
        EXPECT_TRUE(again && again->redelivered());
        if (!before || !again) co_return;
        EXPECT_FALSE(co_await before->ack_surely(soon));
        EXPECT_TRUE(co_await again->ack_surely(soon));
        EXPECT_FALSE(co_await again->ack_surely(soon));
    }(*this));
}

TEST_F(amqp_faults, a_broker_killed_in_mid_flow_loses_nothing_that_was_confirmed) {
    run([](auto& t) -> awaitable<void> {
        t.over->declare("work.NL");
        // RabbitMQ 3.10 writes down that a quorum queue exists half a second late: killed before,
        // it loses all that the queue confirmed.
        co_await t.over->figures(soon);
        co_await t.rest(duration{2'000});
        const auto seen =
            co_await t.all_of("work.NL", 2'000, [] { broker().kill(), broker().start(); });
        EXPECT_EQ(seen.size(), 2'000u);
    }(*this));
}

// The broker has such a queue and can no longer use it: it refuses every message and ends the
// connection of who consumes.
TEST_F(amqp_faults, a_queue_whose_log_is_gone_is_rebuilt_by_who_consumes) {
    auto settings = broker().settings();
    settings.rebuild_after = 1s;
    over = make(settings);
    run([](auto& t) -> awaitable<void> {
        auto others = t.over->consume("outcomes", 1);
        auto from = t.over->consume("work.NL", 4);
        EXPECT_EQ(co_await t.publish_in_the_end("work.NL", "before"), publication::confirmed);
        EXPECT_TRUE(co_await from->next(soon));
        co_await t.beside([] { broker().lose_logs(); });
        EXPECT_EQ(co_await t.publish_in_the_end("work.NL", "after"), publication::confirmed);
        auto got = co_await from->next(soon);
        EXPECT_TRUE(got && got->body() == "after");
        EXPECT_EQ(co_await t.publish_in_the_end("outcomes", "x"), publication::confirmed);
        EXPECT_TRUE(co_await others->next(soon));
        EXPECT_EQ(t.over->state().trouble, "");
    }(*this));
}

TEST_F(amqp_faults, a_queue_whose_log_is_gone_is_rebuilt_by_who_publishes) {
    auto settings = broker().settings();
    settings.rebuild_after = 1s;
    over = make(settings);
    run([](auto& t) -> awaitable<void> {
        t.over->declare("work.NL");
        EXPECT_EQ(co_await t.publish_in_the_end("work.NL", "before"), publication::confirmed);
        co_await t.beside([] { broker().lose_logs(); });
        EXPECT_EQ(co_await t.publish_in_the_end("work.NL", "after"), publication::confirmed);
    }(*this));
}

// The broker has such a queue, takes messages for it and owes their confirms for ever.
TEST_F(amqp_faults, a_queue_that_never_answers_is_rebuilt_by_who_publishes) {
    auto settings = broker().settings();
    settings.confirm_timeout = settings.rebuild_after = 1s;
    over = make(settings);
    run([](auto& t) -> awaitable<void> {
        t.over->declare("work.NL");
        co_await t.over->figures(soon);
        broker().silence("work.NL");
        EXPECT_EQ(co_await t.publish_in_the_end("work.NL", "after"), publication::confirmed);
        EXPECT_EQ(co_await t.publish_in_the_end("work.NZ", "beside"), publication::confirmed);
    }(*this));
}

TEST_F(amqp_faults, a_queue_that_never_answers_is_rebuilt_by_who_consumes) {
    auto settings = broker().settings();
    settings.connect_timeout = settings.rebuild_after = 1s;
    over = make(settings);
    run([](auto& t) -> awaitable<void> {
        t.over->declare("outcomes");
        co_await t.over->figures(soon);
        broker().silence("outcomes");
        auto from = t.over->consume("outcomes", 4);
        EXPECT_EQ(co_await t.publish_in_the_end("outcomes", "after"), publication::confirmed);
        EXPECT_TRUE(co_await from->next(soon));
        EXPECT_EQ(t.over->state().trouble, "");
    }(*this));
}

TEST_F(amqp_faults, a_full_queue_is_not_rebuilt) {
    auto settings = broker().settings();
    settings.rebuild_after = 100ms;
    settings.queue_messages = 1;
    over = make(settings);
    run([](auto& t) -> awaitable<void> {
        t.over->declare("work.NL");
        EXPECT_EQ(co_await t.publish_in_the_end("work.NL", "kept"), publication::confirmed);
        for (int i = 0; i < 5; ++i) {
            EXPECT_EQ(co_await t.over->publish("work.NL", "no room", soon), publication::refused);
            co_await t.rest(duration{100});
        }
        auto from = t.over->consume("work.NL", 1);
        auto got = co_await from->next(soon);
        EXPECT_TRUE(got && got->body() == "kept");
    }(*this));
}

TEST_F(amqp_faults, after_a_wipe_the_queues_are_there_again_and_take_and_give) {
    run([](auto& t) -> awaitable<void> {
        t.over->declare("work.NL");
        auto from = t.over->consume("work.NL", 4);
        EXPECT_EQ(co_await t.publish_in_the_end("work.NL", "before"), publication::confirmed);
        auto lost = co_await from->next(soon);
        EXPECT_TRUE(lost);
        co_await t.beside([] { broker().wipe(); });
        EXPECT_EQ(co_await t.publish_in_the_end("work.NL", "after"), publication::confirmed);
        auto got = co_await from->next(soon);
        EXPECT_TRUE(got && got->body() == "after");
        if (lost) lost->ack();  // of another life: harmless
        if (got) got->ack();
        EXPECT_FALSE(co_await from->next(duration{200}));
    }(*this));
}

TEST_F(amqp_faults, a_queue_deleted_under_its_consumer_is_declared_and_consumed_again) {
    run([](auto& t) -> awaitable<void> {
        auto from = t.over->consume("outcomes", 4);
        EXPECT_FALSE(co_await from->next(duration{500}));
        broker().delete_queue("outcomes");
        EXPECT_EQ(co_await t.publish_in_the_end("outcomes", "after"), publication::confirmed);
        auto got = co_await from->next(soon);
        EXPECT_TRUE(got && got->body() == "after");
        if (got) got->ack();
    }(*this));
}

// A worker's connection is not told (RabbitMQ 3.10): it consumes anew when it hears nothing.
TEST_F(amqp_faults, a_worker_elsewhere_goes_on_with_a_queue_that_is_rebuilt_under_it) {
    run([](auto& t) -> awaitable<void> {
        auto elsewhere = t.make(broker().settings());
        auto from = elsewhere->consume("work.NL", 4);
        EXPECT_EQ(co_await t.publish_in_the_end("work.NL", "before"), publication::confirmed);
        auto got = co_await from->next(soon);
        EXPECT_TRUE(got);
        if (got) got->ack();
        EXPECT_TRUE((co_await t.over->rebuild("work.NL", soon)).done);
        EXPECT_EQ(co_await t.publish_in_the_end("work.NL", "after"), publication::confirmed);
        auto next = co_await from->next(soon);
        EXPECT_TRUE(next && next->body() == "after");
        if (next) next->ack();
    }(*this));
}

TEST_F(amqp_faults, a_queue_of_another_form_is_made_ours_by_a_rebuild) {
    broker().make_other_queue("work.NL", 5);
    run([](auto& t) -> awaitable<void> {
        t.over->declare("work.NL");
        EXPECT_EQ(co_await t.over->publish("work.NL", "x", soon), publication::refused);
        EXPECT_TRUE((co_await t.over->rebuild("work.NL", soon)).done);
        EXPECT_EQ(co_await t.over->publish("work.NL", "x", soon), publication::confirmed);
        EXPECT_EQ(t.over->state().trouble, "");
    }(*this));
}

TEST_F(amqp_faults, a_rebuild_without_a_broker_says_who_does_not_answer) {
    auto settings = broker().settings();
    settings.brokers = {"127.0.0.1:1"};
    over = make(settings);
    run([](auto& t) -> awaitable<void> {
        const auto told = co_await t.over->rebuild("work.NL", duration{500});
        EXPECT_FALSE(told.done);
        EXPECT_THAT(told.trouble, HasSubstr("127.0.0.1:1"));
        EXPECT_TRUE(t.over->state().since);
    }(*this));
}

TEST_F(amqp_faults, a_message_for_a_queue_that_was_deleted_comes_back) {
    run([](auto& t) -> awaitable<void> {
        t.over->declare("work.NL");
        EXPECT_EQ(co_await t.over->publish("work.NL", "x", soon), publication::confirmed);
        broker().delete_queue("work.NL");
        EXPECT_EQ(co_await t.over->publish("work.NL", "x", soon), publication::returned);
        t.over->declare("work.NL");
        EXPECT_EQ(co_await t.over->publish("work.NL", "x", soon), publication::confirmed);
    }(*this));
}

TEST_F(amqp_faults, a_blocked_broker_is_told_and_gives_what_it_has_and_takes_again) {
    run([](auto& t) -> awaitable<void> {
        t.over->declare("work.NL");
        auto from = t.over->consume("work.NL", 1);
        for (auto body : {"1", "2"})
            EXPECT_EQ(co_await t.over->publish("work.NL", body, soon), publication::confirmed);
        broker().block();
        // The first may still be taken: the broker tells a connection that publishes.
        auto how = publication::confirmed;
        for (int i = 0; i < 20 && how == publication::confirmed; ++i)
            how = co_await t.over->publish("work.NL", "late", duration{500});
        EXPECT_NE(how, publication::confirmed);
        EXPECT_FALSE(t.over->state().publishing);
        EXPECT_THAT(t.over->state().trouble, HasSubstr("takes nothing now"));
        EXPECT_TRUE(t.over->state().consuming);
        EXPECT_EQ(co_await t.over->publish("work.NL", "never left", duration{300}),
                  publication::refused);
        for (auto body : {"1", "2"}) {
            auto got = co_await from->next(soon);
            EXPECT_TRUE(got && got->body() == body);
            if (got) got->ack();
        }
        broker().unblock();
        EXPECT_EQ(co_await t.publish_in_the_end("work.NL", "after"), publication::confirmed);
        EXPECT_EQ(t.over->state().trouble, "");
    }(*this));
}

TEST_F(amqp_faults, a_queue_with_other_arguments_is_named_and_not_used) {
    broker().make_other_queue("work.NL", 5);
    run([](auto& t) -> awaitable<void> {
        t.over->declare("work.NL");
        auto from = t.over->consume("work.NL", 1);
        EXPECT_EQ(co_await t.over->publish("work.NL", "x", soon), publication::refused);
        const auto trouble = t.over->state().trouble;
        EXPECT_THAT(trouble, HasSubstr("work.NL"));
        EXPECT_THAT(trouble, HasSubstr("another x-max-length"));
        EXPECT_THAT(trouble, HasSubstr("theirs is '5'"));
        EXPECT_THAT(trouble, HasSubstr("ours '9999'"));
        EXPECT_FALSE(co_await from->next(duration{200}));
        // Rebuilt, it is used.
        broker().delete_queue("work.NL");
        t.over->declare("work.NL");
        EXPECT_EQ(co_await t.over->publish("work.NL", "x", soon), publication::confirmed);
        EXPECT_TRUE(co_await from->next(soon));
        EXPECT_EQ(t.over->state().trouble, "");
    }(*this));
}

TEST_F(amqp_faults, a_delivery_limit_that_differs_is_named) {
    run([](auto& t) -> awaitable<void> {
        t.over->declare("work.NL");
        EXPECT_EQ(co_await t.over->publish("work.NL", "x", soon), publication::confirmed);
        auto settings = broker().settings();
        settings.delivery_limit = 3;
        t.over = t.make(settings);
        t.over->declare("work.NL");
        EXPECT_EQ(co_await t.over->publish("work.NL", "x", soon), publication::refused);
        EXPECT_THAT(t.over->state().trouble, HasSubstr("x-delivery-limit"));
    }(*this));
}

TEST_F(amqp_faults, what_comes_back_too_often_goes_to_poison_and_the_rest_goes_on) {
    auto settings = broker().settings();
    settings.delivery_limit = 3;
    over = make(settings);
    run([](auto& t) -> awaitable<void> {
        t.over->declare("work.NL");
        for (auto body : {"kills", "harmless"})
            EXPECT_EQ(co_await t.over->publish("work.NL", body, soon), publication::confirmed);
        auto from = t.over->consume("work.NL", 1);
        auto poison = t.over->consume(queue::poison_queue, 1);
        unsigned times = 0;
        for (;;) {
            auto got = co_await from->next(soon);
            EXPECT_TRUE(got);
            if (!got || got->body() != "kills") {
                EXPECT_EQ(got ? got->body() : "", "harmless");
                if (got) got->ack();
                break;
            }
            ++times;
        }
        EXPECT_EQ(times, 4u) << "delivered once and three times more";
        auto dead = co_await poison->next(soon);
        EXPECT_TRUE(dead && dead->body() == "kills");
        if (dead) dead->ack();
    }(*this));
}

TEST_F(amqp_faults, nobody_there_is_said_and_a_message_that_never_left_is_refused) {
    auto settings = broker().settings();
    settings.brokers = {"127.0.0.1:1"};
    over = make(settings);
    run([](auto& t) -> awaitable<void> {
        t.over->declare("work.NL");
        EXPECT_EQ(co_await t.over->publish("work.NL", "x", duration{500}), publication::refused);
        const auto is = t.over->state();
        EXPECT_FALSE(is.publishing || is.consuming);
        EXPECT_THAT(is.trouble, HasSubstr("127.0.0.1:1"));
        EXPECT_TRUE((co_await t.over->figures(duration{200})).empty());
        EXPECT_FALSE(co_await t.over->drain(duration{200}));
    }(*this));
}

TEST_F(amqp_faults, of_several_brokers_one_that_answers_is_found) {
    auto settings = broker().settings();
    settings.brokers.insert(settings.brokers.begin(), {"127.0.0.1:1", "127.0.0.1:2"});
    over = make(settings);
    run([](auto& t) -> awaitable<void> {
        t.over->declare("work.NL");
        EXPECT_EQ(co_await t.over->publish("work.NL", "x", soon), publication::confirmed);
        auto from = t.over->consume("work.NL", 1);
        EXPECT_TRUE(co_await from->next(soon));
    }(*this));
}

TEST_F(amqp_faults, a_wrong_password_is_said_and_never_shown) {
    auto settings = broker().settings();
    settings.user = "nobody";
    over = make(settings);
    run([](auto& t) -> awaitable<void> {
        EXPECT_EQ(co_await t.over->publish("work.NL", "x", duration{2'000}), publication::refused);
        EXPECT_FALSE(t.over->state().publishing);
        EXPECT_THAT(t.over->state().trouble, HasSubstr("Login was refused"));
        EXPECT_THAT(t.over->state().trouble, testing::Not(HasSubstr("guest")));
    }(*this));
}

TEST_F(amqp_faults, an_idle_connection_is_kept_by_heartbeats) {
    auto settings = broker().settings();
    settings.heartbeat = 1s;
    over = make(settings);
    run([](auto& t) -> awaitable<void> {
        t.over->declare("work.NL");
        auto from = t.over->consume("work.NL", 1);
        EXPECT_EQ(co_await t.over->publish("work.NL", "1", soon), publication::confirmed);
        auto held = co_await from->next(soon);
        co_await t.rest(duration{6'000});
        if (held) held->ack();
        EXPECT_EQ(co_await t.over->publish("work.NL", "2", soon), publication::confirmed);
        auto next = co_await from->next(soon);
        EXPECT_TRUE(next && next->body() == "2" && !next->redelivered());
    }(*this));
}

// A message that never left is refused, one on its way is unconfirmed.
TEST_F(amqp_faults, many_are_in_flight_at_once) {
    run([](auto& t) -> awaitable<void> {
        t.over->declare("outcomes");
        EXPECT_EQ(co_await t.publish_in_the_end("outcomes", "x"), publication::confirmed);
        broker().pause();
        unsigned answered = 0, under_way = 0;
        for (unsigned i = 0; i < 64; ++i)
            asio::co_spawn(
                t.io,
                [](queue::transport& over, unsigned& done, unsigned& sent) -> awaitable<void> {
                    const auto how = co_await over.publish("outcomes", "x", duration{1'000});
                    sent += how == publication::unconfirmed;
                    ++done;
                }(*t.over, answered, under_way),
                asio::detached);
        while (answered < 64) co_await t.rest(duration{10});
        broker().go_on();
        EXPECT_EQ(under_way, 64u);
    }(*this));
}

}  // namespace
}  // namespace ecert::conformance
