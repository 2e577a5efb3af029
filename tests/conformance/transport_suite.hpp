// What every queue::transport promises. An implementation is a type with
//   static std::unique_ptr<queue::transport> make(boost::asio::any_io_executor on, std::size_t
//   messages);
// (room for so many messages a queue) and INSTANTIATE_TYPED_TEST_SUITE_P(name, transport_suite,
// type) in a file of its own.
#pragma once

#include "queue/transport.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <gtest/gtest.h>

#include <exception>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace ecert::conformance {

namespace asio = boost::asio;
using queue::publication;

constexpr duration soon{10'000};  // longer than anything that should happen takes
constexpr duration a_moment{50};  // for what should not happen

template <class Factory>
class transport_suite : public testing::Test {
  protected:
    void SetUp() override { open(1000); }
    void open(std::size_t messages) { over = Factory::make(io.get_executor(), messages); }

    // Runs a coroutine to its end; whatever it throws fails the test.
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

    awaitable<publication> publish(std::string to, std::string body) {
        return over->publish(std::move(to), std::move(body), soon);
    }

    // A settlement may still be on its way when the next message is refused.
    awaitable<bool> taken_in_the_end(std::string to, std::string body) {
        for (int tries = 0; tries < 100; ++tries) {
            if (co_await publish(to, body) == publication::confirmed) co_return true;
            asio::steady_timer wait{io, a_moment};
            co_await wait.async_wait(asio::use_awaitable);
        }
        co_return false;
    }

    // All at once; true when each was confirmed.
    awaitable<bool> publish_together(std::string to, std::vector<std::string> all) {
        std::size_t answered = 0, confirmed = 0;
        for (const auto& body : all)
            asio::co_spawn(
                io,
                [](auto& t, std::string where, std::string what, std::size_t& yes,
                   std::size_t& any) -> awaitable<void> {
                    yes += co_await t.publish(where, what) == publication::confirmed;
                    ++any;
                }(*this, to, body, confirmed, answered),
                asio::detached);
        asio::steady_timer wait{io};
        while (answered < all.size()) {
            wait.expires_after(duration{1});
            co_await wait.async_wait(asio::use_awaitable);
        }
        co_return confirmed == all.size();
    }

    awaitable<std::vector<std::string>> bodies(queue::consumer& from, std::size_t count) {
        std::vector<std::string> all;
        while (all.size() < count) {
            auto lot = co_await from.next(soon);
            if (!lot) break;
            all.push_back(lot->body());
            lot->ack();
        }
        co_return all;
    }

    asio::io_context io;
    std::unique_ptr<queue::transport> over;
};

TYPED_TEST_SUITE_P(transport_suite);

TYPED_TEST_P(transport_suite, a_confirmed_message_arrives_byte_for_byte) {
    this->run([](auto& t) -> awaitable<void> {
        const std::string body{"\x00\xff{\"v\":1}\n\x80", 11};
        t.over->declare("work.NL");
        EXPECT_EQ(co_await t.publish("work.NL", body), publication::confirmed);
        auto from = t.over->consume("work.NL", 1);
        auto lot = co_await from->next(soon);
        EXPECT_TRUE(lot);
        if (!lot) co_return;
        EXPECT_EQ(lot->body(), body);
        EXPECT_FALSE(lot->redelivered());
        lot->ack();
        EXPECT_FALSE(co_await from->next(a_moment));
    }(*this));
}

TYPED_TEST_P(transport_suite, a_message_for_no_queue_is_returned) {
    this->run([](auto& t) -> awaitable<void> {
        EXPECT_EQ(co_await t.publish("work.XX", "lost?"), publication::returned);
    }(*this));
}

TYPED_TEST_P(transport_suite, a_full_queue_refuses_and_takes_again_when_there_is_room) {
    this->open(3);
    this->run([](auto& t) -> awaitable<void> {
        t.over->declare("work.NL");
        for (int i = 0; i < 3; ++i)
            EXPECT_EQ(co_await t.publish("work.NL", "x"), publication::confirmed);
        EXPECT_EQ(co_await t.publish("work.NL", "one too many"), publication::refused);
        auto from = t.over->consume("work.NL", 1);
        EXPECT_EQ((co_await t.bodies(*from, 1)).size(), 1u);
        EXPECT_TRUE(co_await t.taken_in_the_end("work.NL", "fits again"));
    }(*this));
}

TYPED_TEST_P(transport_suite, a_full_queue_does_not_close_another) {
    this->open(1);
    this->run([](auto& t) -> awaitable<void> {
        t.over->declare("work.NL");
        t.over->declare("work.NZ");
        EXPECT_EQ(co_await t.publish("work.NL", "x"), publication::confirmed);
        EXPECT_EQ(co_await t.publish("work.NL", "x"), publication::refused);
        EXPECT_EQ(co_await t.publish("work.NZ", "x"), publication::confirmed);
    }(*this));
}

TYPED_TEST_P(transport_suite, declaring_again_keeps_what_is_there) {
    this->run([](auto& t) -> awaitable<void> {
        t.over->declare("work.NL");
        EXPECT_EQ(co_await t.publish("work.NL", "kept"), publication::confirmed);
        t.over->declare("work.NL");
        auto from = t.over->consume("work.NL", 1);
        const auto all = co_await t.bodies(*from, 1);
        EXPECT_EQ(all, std::vector<std::string>{"kept"});
    }(*this));
}

TYPED_TEST_P(transport_suite, a_lot_that_dies_unsettled_comes_again_marked) {
    this->run([](auto& t) -> awaitable<void> {
        t.over->declare("work.NL");
        co_await t.publish("work.NL", "twice");
        auto from = t.over->consume("work.NL", 1);
        { auto dies = co_await from->next(soon); }
        auto again = co_await from->next(soon);
        EXPECT_TRUE(again);
        if (!again) co_return;
        EXPECT_EQ(again->body(), "twice");
        EXPECT_TRUE(again->redelivered());
        again->ack();
        again.reset();
        EXPECT_FALSE(co_await from->next(a_moment));
    }(*this));
}

TYPED_TEST_P(transport_suite, a_lot_given_back_goes_to_another_consumer) {
    this->run([](auto& t) -> awaitable<void> {
        t.over->declare("work.NL");
        co_await t.publish("work.NL", "passed on");
        auto one = t.over->consume("work.NL", 1);
        auto held = co_await one->next(soon);
        one->close();
        auto other = t.over->consume("work.NL", 1);
        EXPECT_FALSE(co_await other->next(a_moment));
        held->give_back();
        auto got = co_await other->next(soon);
        EXPECT_TRUE(got && got->redelivered());
        if (got) got->ack();
    }(*this));
}

TYPED_TEST_P(transport_suite, what_comes_back_goes_before_what_nobody_has_had) {
    this->run([](auto& t) -> awaitable<void> {
        t.over->declare("work.NL");
        for (auto body : {"1", "2", "3", "4"}) co_await t.publish("work.NL", body);
        auto from = t.over->consume("work.NL", 2);
        auto first = co_await from->next(soon);
        auto second = co_await from->next(soon);
        first.reset();
        second.reset();
        const auto all = co_await t.bodies(*from, 4);
        EXPECT_EQ(all, (std::vector<std::string>{"1", "2", "3", "4"}));
    }(*this));
}

TYPED_TEST_P(transport_suite, no_more_than_the_prefetch_is_out) {
    this->run([](auto& t) -> awaitable<void> {
        t.over->declare("work.NL");
        for (int i = 0; i < 5; ++i) co_await t.publish("work.NL", std::to_string(i));
        auto from = t.over->consume("work.NL", 2);
        auto a = co_await from->next(soon);
        auto b = co_await from->next(soon);
        EXPECT_TRUE(a && b);
        EXPECT_FALSE(co_await from->next(a_moment)) << "a third lot with a prefetch of two";
        a->ack();
        auto c = co_await from->next(soon);
        EXPECT_TRUE(c);
        if (c) EXPECT_EQ(c->body(), "2");
    }(*this));
}

TYPED_TEST_P(transport_suite, a_waiting_consumer_gets_a_message_at_once) {
    this->run([](auto& t) -> awaitable<void> {
        t.over->declare("work.NL");
        auto from = t.over->consume("work.NL", 1);
        asio::co_spawn(
            t.io, [](auto& t2) -> awaitable<void> { co_await t2.publish("work.NL", "late"); }(t),
            asio::detached);
        auto got = co_await from->next(soon);
        EXPECT_TRUE(got && got->body() == "late");
        if (got) got->ack();
    }(*this));
}

TYPED_TEST_P(transport_suite, close_wakes_a_waiting_consumer) {
    this->run([](auto& t) -> awaitable<void> {
        t.over->declare("work.NL");
        auto from = t.over->consume("work.NL", 1);
        asio::post(t.io, [&from] { from->close(); });
        const auto begun = std::chrono::steady_clock::now();
        EXPECT_FALSE(co_await from->next(soon));
        EXPECT_LT(std::chrono::steady_clock::now() - begun, soon / 2);
        EXPECT_FALSE(co_await from->next(soon)) << "a closed consumer takes nothing more";
    }(*this));
}

TYPED_TEST_P(transport_suite, closing_a_consumer_leaves_its_lots_to_their_owner) {
    this->run([](auto& t) -> awaitable<void> {
        t.over->declare("work.NL");
        co_await t.publish("work.NL", "still mine");
        auto from = t.over->consume("work.NL", 1);
        auto held = co_await from->next(soon);
        from->close();
        from.reset();
        EXPECT_EQ(held->body(), "still mine");
        held->ack();
        auto other = t.over->consume("work.NL", 1);
        EXPECT_FALSE(co_await other->next(a_moment)) << "it was acknowledged";
    }(*this));
}

TYPED_TEST_P(transport_suite, a_closed_transport_ends_every_wait) {
    this->run([](auto& t) -> awaitable<void> {
        t.over->declare("work.NL");
        auto from = t.over->consume("work.NL", 1);
        asio::post(t.io, [&t] { t.over->close(); });
        EXPECT_FALSE(co_await from->next(soon));
        EXPECT_FALSE(co_await from->next(soon));
        EXPECT_NE(co_await t.publish("work.NL", "too late"), publication::confirmed);
    }(*this));
}

TYPED_TEST_P(transport_suite, ten_thousand_messages_arrive_in_order) {
    this->open(10'000);
    this->run([](auto& t) -> awaitable<void> {
        t.over->declare("outcomes");
        for (int i = 0; i < 10'000;) {
            std::vector<std::string> some;
            while (some.size() < 100) some.push_back(std::to_string(i++));
            EXPECT_TRUE(co_await t.publish_together("outcomes", some));
        }
        auto from = t.over->consume("outcomes", 64);
        const auto all = co_await t.bodies(*from, 10'000);
        EXPECT_EQ(all.size(), 10'000u);
        for (std::size_t i = 0; i < all.size(); ++i)
            if (all[i] != std::to_string(i)) co_return ADD_FAILURE() << all[i] << " at place " << i;
    }(*this));
}

TYPED_TEST_P(transport_suite, two_consumers_share_a_queue_and_nothing_comes_twice) {
    this->run([](auto& t) -> awaitable<void> {
        t.over->declare("work.NL");
        auto a = t.over->consume("work.NL", 1), b = t.over->consume("work.NL", 1);
        for (int i = 0; i < 100; ++i) co_await t.publish("work.NL", std::to_string(i));
        std::multiset<std::string> seen;
        unsigned by_a = 0;
        for (int i = 0; i < 50; ++i) {
            auto x = co_await a->next(soon), y = co_await b->next(soon);
            by_a += x != nullptr;
            if (x) seen.insert(x->body()), x->ack();
            if (y) seen.insert(y->body()), y->ack();
        }
        EXPECT_EQ(by_a, 50u);
        EXPECT_EQ(seen.size(), 100u);
        EXPECT_EQ((std::set<std::string>{seen.begin(), seen.end()}).size(), 100u);
    }(*this));
}

TYPED_TEST_P(transport_suite, figures_count_what_is_ready_and_what_is_out) {
    this->run([](auto& t) -> awaitable<void> {
        t.over->declare("work.NL");
        for (int i = 0; i < 3; ++i) co_await t.publish("work.NL", "x");
        auto from = t.over->consume("work.NL", 1);
        auto held = co_await from->next(soon);
        const auto all = co_await t.over->figures(soon);
        EXPECT_EQ(all.size(), 1u);
        if (all.empty()) co_return;
        EXPECT_EQ(all[0].name, "work.NL");
        EXPECT_EQ(all[0].ready + all[0].unsettled, 3u);
        EXPECT_GE(all[0].unsettled, 1u);
        EXPECT_EQ(all[0].consumers, 1u);
        EXPECT_EQ(all[0].unconfirmed, 0u);
        EXPECT_EQ(all[0].trouble, "");
    }(*this));
}

TYPED_TEST_P(transport_suite, deliveries_are_counted) {
    this->run([](auto& t) -> awaitable<void> {
        t.over->declare("work.NL");
        co_await t.publish("work.NL", "again and again");
        auto from = t.over->consume("work.NL", 1);
        for (unsigned times = 1; times <= 4; ++times) {
            auto got = co_await from->next(soon);
            EXPECT_TRUE(got && got->deliveries() == times) << times;
            if (got) EXPECT_EQ(got->redelivered(), times > 1);
        }
    }(*this));
}

TYPED_TEST_P(transport_suite, messages_of_every_size_arrive_whole) {
    this->run([](auto& t) -> awaitable<void> {
        t.over->declare("work.NL");
        auto from = t.over->consume("work.NL", 4);
        for (std::size_t size : {0u, 1u, 131'000u, 131'072u, 131'073u, 400'000u, 4'000'000u}) {
            std::string body(size, '\0');
            for (std::size_t i = 0; i < size; ++i) body[i] = static_cast<char>(i * 131 + i / 251);
            EXPECT_EQ(co_await t.publish("work.NL", body), publication::confirmed) << size;
            auto got = co_await from->next(soon);
            EXPECT_TRUE(got && got->body() == body) << size;
            if (got) got->ack();
        }
    }(*this));
}

TYPED_TEST_P(transport_suite, what_was_settled_before_a_drain_stays_settled) {
    this->run([](auto& t) -> awaitable<void> {
        t.over->declare("work.NL");
        for (auto body : {"done", "not done"}) co_await t.publish("work.NL", body);
        auto from = t.over->consume("work.NL", 1);
        auto first = co_await from->next(soon);
        if (first) first->ack();
        EXPECT_TRUE(co_await t.over->drain(soon));
        EXPECT_EQ(co_await t.bodies(*from, 1), std::vector<std::string>{"not done"});
    }(*this));
}

TYPED_TEST_P(transport_suite, what_is_surely_acknowledged_is_gone_at_once) {
    this->run([](auto& t) -> awaitable<void> {
        t.over->declare("work.NL");
        EXPECT_EQ(co_await t.publish("work.NL", "once"), publication::confirmed);
        auto from = t.over->consume("work.NL", 1);
        auto lot = co_await from->next(soon);
        EXPECT_TRUE(lot);
        if (!lot) co_return;
        EXPECT_TRUE(co_await lot->ack_surely(soon));
        lot->give_back();
        EXPECT_FALSE(co_await from->next(a_moment));
    }(*this));
}

TYPED_TEST_P(transport_suite, it_says_that_it_is_well) {
    this->run([](auto& t) -> awaitable<void> {
        t.over->declare("work.NL");
        auto from = t.over->consume("work.NL", 1);
        EXPECT_EQ(co_await t.publish("work.NL", "x"), publication::confirmed)
            << t.over->state().trouble;
        EXPECT_TRUE(co_await from->next(soon));
        const auto is = t.over->state();
        EXPECT_TRUE(is.publishing && is.consuming) << is.trouble;
        EXPECT_EQ(is.trouble, "");
    }(*this));
}

TYPED_TEST_P(transport_suite, a_lot_may_outlive_its_transport) {
    this->run([](auto& t) -> awaitable<void> {
        t.over->declare("work.NL");
        co_await t.publish("work.NL", "kept");
        auto from = t.over->consume("work.NL", 1);
        auto held = co_await from->next(soon);
        from.reset();
        t.over.reset();
        EXPECT_TRUE(held && held->body() == "kept");
        if (held) held->ack();
    }(*this));
}

TYPED_TEST_P(transport_suite, a_queue_rebuilt_is_empty_and_takes_again) {
    this->run([](auto& t) -> awaitable<void> {
        t.over->declare("work.NL");
        for (int i = 0; i < 3; ++i) co_await t.publish("work.NL", "old");
        const auto told = co_await t.over->rebuild("work.NL", soon);
        EXPECT_TRUE(told.done) << told.trouble;
        EXPECT_EQ(told.before, 3u);
        EXPECT_EQ(told.after, 0u);
        EXPECT_TRUE(co_await t.taken_in_the_end("work.NL", "new"));
        auto from = t.over->consume("work.NL", 8);
        EXPECT_EQ(co_await t.bodies(*from, 1), std::vector<std::string>{"new"});
        EXPECT_FALSE(co_await from->next(a_moment));
    }(*this));
}

TYPED_TEST_P(transport_suite, who_consumes_goes_on_with_a_rebuilt_queue) {
    this->run([](auto& t) -> awaitable<void> {
        t.over->declare("work.NL");
        for (auto body : {"out", "waits"}) co_await t.publish("work.NL", body);
        auto from = t.over->consume("work.NL", 1);
        auto held = co_await from->next(soon);
        EXPECT_TRUE((co_await t.over->rebuild("work.NL", soon)).done);
        EXPECT_TRUE(co_await t.taken_in_the_end("work.NL", "new"));
        if (held) held->give_back();
        held.reset();
        EXPECT_EQ(co_await t.bodies(*from, 1), std::vector<std::string>{"new"})
            << "what was out belongs to a queue that is gone";
        EXPECT_FALSE(co_await from->next(a_moment));
    }(*this));
}

TYPED_TEST_P(transport_suite, a_queue_that_is_not_there_is_made_by_a_rebuild) {
    this->run([](auto& t) -> awaitable<void> {
        const auto told = co_await t.over->rebuild("work.NL", soon);
        EXPECT_TRUE(told.done) << told.trouble;
        EXPECT_EQ(told.before, 0u);
        EXPECT_EQ(co_await t.publish("work.NL", "x"), publication::confirmed);
    }(*this));
}

REGISTER_TYPED_TEST_SUITE_P(
    transport_suite, a_confirmed_message_arrives_byte_for_byte, a_message_for_no_queue_is_returned,
    a_full_queue_refuses_and_takes_again_when_there_is_room, a_full_queue_does_not_close_another,
    declaring_again_keeps_what_is_there, a_lot_that_dies_unsettled_comes_again_marked,
    a_lot_given_back_goes_to_another_consumer, what_comes_back_goes_before_what_nobody_has_had,
    no_more_than_the_prefetch_is_out, a_waiting_consumer_gets_a_message_at_once,
    close_wakes_a_waiting_consumer, closing_a_consumer_leaves_its_lots_to_their_owner,
    a_closed_transport_ends_every_wait, ten_thousand_messages_arrive_in_order,
    two_consumers_share_a_queue_and_nothing_comes_twice,
    figures_count_what_is_ready_and_what_is_out, deliveries_are_counted,
    messages_of_every_size_arrive_whole, what_was_settled_before_a_drain_stays_settled,
    what_is_surely_acknowledged_is_gone_at_once, it_says_that_it_is_well,
    a_lot_may_outlive_its_transport, a_queue_rebuilt_is_empty_and_takes_again,
    who_consumes_goes_on_with_a_rebuilt_queue, a_queue_that_is_not_there_is_made_by_a_rebuild);

}  // namespace ecert::conformance
