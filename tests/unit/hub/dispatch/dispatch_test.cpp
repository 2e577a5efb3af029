// What is published, when, and how much of it.
#include "tests/unit/hub/dispatch/dispatch_bench.hpp"

namespace ecert::hub {
namespace {

using queue::outcome_class;
using queue::outcome_scope;

class dispatch_test : public dispatch_bench {};

TEST_F(dispatch_test, publishes_what_is_due_with_the_digests_it_was_planned_with) {
    simple();
    begin();
    books.add("NL", time.now());
    books.add("NL", time.now() + 1min);
    step();
    ASSERT_EQ(over.sent.size(), 1u);
    EXPECT_EQ(over.sent[0].channel, "NL-channel");
    EXPECT_EQ(over.sent[0].dialect, profiles.current()->dialects.at("node")->digest);
    EXPECT_EQ(over.sent[0].profile,
              engine::profile_digest(configured.channels["NL-channel"], configured.partners["NL"]));
}

TEST_F(dispatch_test, comes_again_when_the_next_is_due) {
    simple();
    begin();
    books.add("NL", time.now() + 90s);
    EXPECT_EQ(step(), time.now() + 90s);
    EXPECT_TRUE(over.sent.empty());
}

TEST_F(dispatch_test, attempt_and_lease_are_in_the_ledger_before_a_byte_is_published) {
    simple();
    begin();
    over.before_each = [this](const queue::task& t) {
        EXPECT_TRUE(books.leased(t.work, t.attempt));
    };
    for (int i = 0; i < 10; ++i) books.add("NL", time.now());
    step();
    EXPECT_EQ(over.sent.size(), 10u);
}

TEST_F(dispatch_test, nothing_is_published_again_inside_its_lease) {
    simple();
    begin();
    books.add("NL", time.now());
    step();
    for (int i = 0; i < 239; ++i) {
        time.advance(1s);
        step();
    }
    EXPECT_EQ(over.sent.size(), 1u);
}

TEST_F(dispatch_test, never_more_than_the_window_is_in_flight) {
    simple();
    channel("NL-channel").window = 5;
    begin();
    for (int i = 0; i < 20; ++i) books.add("NL", time.now());
    step();
    step();
    EXPECT_EQ(over.sent.size(), 5u);
    EXPECT_EQ(status("NL-channel").in_flight, 5u);
    answer(over.sent[0], outcome_class::delivered);
    answer(over.sent[1], outcome_class::delivered);
    step();
    EXPECT_EQ(over.sent.size(), 7u);
}

TEST_F(dispatch_test, a_lost_outcome_gives_its_place_back_when_the_lease_ends) {
    simple();
    channel("NL-channel").window = 1;
    begin();
    const auto first = books.add("NL", time.now());
    books.add("NL", time.now());
    const auto next = step();
    EXPECT_EQ(next, time.now() + 2min + 60s + 60s) << "start_by, limit, skew";
    time.advance(next - time.now());
    step();
    ASSERT_EQ(over.sent.size(), 2u);
    EXPECT_NE(over.sent[1].work, first) << "the other one has waited longer";
    EXPECT_FALSE(books.leased(first, 1));
    answer(over.sent[1], outcome_class::delivered);
    time.advance(5s);
    step();
    EXPECT_EQ(over.sent.size(), 3u) << "ambiguous where the id is honoured: sent again";
}

TEST_F(dispatch_test, attempts_that_outlived_the_process_before_hold_their_places) {
    simple();
    channel("NL-channel").window = 2;
    begin();
    for (int i = 0; i < 3; ++i) books.add("NL", time.now());
    step();
    const auto out = take_sent();
    ASSERT_EQ(out.size(), 2u);
    time.advance(30s);
    begin();  // another process, the same ledger
    step();
    EXPECT_TRUE(over.sent.empty());
    EXPECT_EQ(status("NL-channel").in_flight, 2u);
    answer(out[0], outcome_class::delivered);
    step();
    EXPECT_EQ(over.sent.size(), 1u) << "an outcome frees the place of an attempt it did not begin";
}

TEST_F(dispatch_test, nothing_is_published_before_it_is_known_who_is_out) {
    simple();
    begin();
    books.add("NL", time.now());
    books.leases_unknown = true;
    EXPECT_LE(step(), time.now() + 1s);
    EXPECT_TRUE(over.sent.empty());
    books.leases_unknown = false;
    step();
    EXPECT_EQ(over.sent.size(), 1u);
}

TEST_F(dispatch_test, the_partners_of_a_channel_take_turns) {
    channel("hub").window = 8;
    for (auto name : {"KE", "NL", "NZ"}) partner(name, "hub");
    begin();
    for (int i = 0; i < 100; ++i) books.add("NL", time.now());
    for (auto name : {"KE", "NZ"})
        for (int i = 0; i < 2; ++i) books.add(name, time.now() + 1ms);
    time.advance(1ms);
    step();
    std::map<std::string, int> out;
    for (const auto& t : over.sent) ++out[t.partner];
    EXPECT_EQ(out["KE"], 2);
    EXPECT_EQ(out["NZ"], 2);
    EXPECT_EQ(out["NL"], 4);
}

TEST_F(dispatch_test, outside_its_hours_a_channel_waits_for_the_opening) {
    simple();
    channel("NL-channel").hours = "12:05-18:00";
    begin();
    books.add("NL", time.now());
    EXPECT_EQ(step(), parse_rfc3339("2026-11-24T12:05:00Z").value());
    EXPECT_FALSE(status("NL-channel").within_hours);
    time.advance(5min);
    step();
    EXPECT_EQ(over.sent.size(), 1u);
}

TEST_F(dispatch_test, what_waits_for_hours_does_not_hide_what_others_have_due_sooner) {
    simple("NL");
    simple("NZ");
    channel("NL-channel").hours = "18:00-19:00";
    begin();
    books.add("NL", time.now());
    books.add("NZ", time.now() + 40s);
    EXPECT_EQ(step(), time.now() + 40s);
}

TEST_F(dispatch_test, a_rate_is_kept) {
    simple();
    channel("NL-channel").rate = 2;
    begin();
    for (int i = 0; i < 50; ++i) books.add("NL", time.now());
    const auto end = time.now() + 10s;
    int sent = 0;
    live_until(end, [&](const queue::task& t) {
        ++sent;
        answer(t, outcome_class::delivered);
    });
    EXPECT_GE(sent, 20);
    EXPECT_LE(sent, 22);
}

TEST_F(dispatch_test, a_queue_that_does_not_exist_ends_the_lease_and_costs_no_attempt) {
    simple();
    begin();
    const auto work = books.add("NL", time.now());
    over.answers["NL"] = queue::publication::returned;
    step();
    EXPECT_FALSE(books.leased(work, 1));
    EXPECT_EQ(books.pieces[work].spent, 0u);
    EXPECT_EQ(books.pieces[work].due, time.now() + 10s);
    EXPECT_EQ(status("NL-channel").in_flight, 0u);
    over.answers.clear();
    time.advance(10s);
    step();
    EXPECT_EQ(over.sent.size(), 1u);
}

TEST_F(dispatch_test,
       a_queue_that_takes_nothing_is_told_once_tried_less_and_less_and_told_when_it_flows) {
    simple();
    channel("NL-channel").window = 20;
    begin();
    for (int i = 0; i < 100; ++i) books.add("NL", time.now());
    over.answers["NL"] = queue::publication::refused;
    log::capture lines;
    const auto told = [&](const std::string& event) {
        const auto all = lines.lines();
        std::size_t count = 0;
        for (auto at = all.find(event); at != all.npos; at = all.find(event, at + 1)) ++count;
        return count;
    };
    step();
    EXPECT_EQ(over.failed.size(), 20u) << "the window, once";
    EXPECT_EQ(it->waits(), std::vector<std::string>{"work for NL waits for a place in its queue"});
    live_until(time.now() + 1h, [](const queue::task&) {});
    EXPECT_LE(over.failed.size(), 20u + 65u) << "then one a minute";
    EXPECT_EQ(told(R"("event":"queue_stalled")"), 1u);
    EXPECT_EQ(told(R"("event":"queue_flows")"), 0u);
    over.answers.clear();
    time.advance(1min);
    step();
    EXPECT_EQ(over.sent.size(), 1u);
    EXPECT_EQ(told(R"("event":"queue_flows")"), 1u);
    EXPECT_TRUE(it->waits().empty());
    step();
    EXPECT_EQ(over.sent.size(), 20u);
}

TEST_F(dispatch_test, while_the_queue_is_gone_no_lease_is_taken_and_that_is_told_once) {
    simple();
    begin();
    for (int i = 0; i < 10; ++i) books.add("NL", time.now());
    over.standing = {false, true, "broker1:5672: connection refused", {}};
    log::capture lines;
    live_until(time.now() + 10min, [](const queue::task&) {});
    EXPECT_EQ(books.takes, 0u);
    EXPECT_TRUE(over.sent.empty() && over.failed.empty());
    EXPECT_EQ(it->waits(), std::vector<std::string>{
                               "all work waits for the queue (10 pieces for 1 partner due): "
                               "broker1:5672: connection refused"});
    over.standing = {};
    step();
    EXPECT_EQ(over.sent.size(), 10u);
    EXPECT_TRUE(it->waits().empty());
    const auto all = lines.lines();
    for (std::string event : {R"("event":"queue_lost")", R"("event":"queue_back")"}) {
        const auto first = all.find(event);
        ASSERT_NE(first, all.npos) << event;
        EXPECT_EQ(all.find(event, first + 1), all.npos) << event << " once";
    }
}

TEST_F(dispatch_test, a_queue_that_is_gone_for_a_moment_is_no_news) {
    simple();
    begin();
    over.standing = {false, false, "not connected yet", time.now()};
    log::capture lines;
    step();
    time.advance(2s);
    step();
    EXPECT_EQ(lines.lines().find("queue_lost"), std::string::npos);
    time.advance(1s);
    step();
    EXPECT_NE(lines.lines().find("queue_lost"), std::string::npos);
}

TEST_F(dispatch_test, an_unconfirmed_publish_keeps_its_lease) {
    simple();
    begin();
    const auto work = books.add("NL", time.now());
    over.answers["NL"] = queue::publication::unconfirmed;
    step();
    EXPECT_TRUE(books.leased(work, 1)) << "it may be there";
    EXPECT_EQ(status("NL-channel").in_flight, 1u);
}

TEST_F(dispatch_test, a_queue_that_does_not_confirm_is_tried_with_one_task_at_a_time) {
    simple();
    channel("NL-channel").window = 200;
    begin();
    for (int i = 0; i < 100; ++i) books.add("NL", time.now());
    over.answers["NL"] = queue::publication::unconfirmed;
    step();
    const auto first = over.failed.size();
    EXPECT_EQ(first, 100u);
    for (int i = 0; i < 5; ++i) books.add("NL", time.now());
    time.advance(5s);
    step();
    EXPECT_EQ(over.failed.size(), first + 1);
    time.advance(5s);
    step();
    EXPECT_EQ(over.failed.size(), first + 1) << "it rests longer each time";
    over.answers.clear();
    time.advance(1min);
    for (int i = 0; i < 100; ++i) books.add("NL", time.now());
    step();
    EXPECT_EQ(over.sent.size(), 1u);
    step();
    EXPECT_EQ(over.sent.size(), 99u) << "one was confirmed: all the room is used again";
}

TEST_F(dispatch_test, a_queue_that_never_answers_delays_nobody_else) {
    simple("NL");
    simple("NZ");
    begin();
    over.silent.insert("NL");
    const auto begun = std::chrono::steady_clock::now();
    for (int i = 0; i < 3; ++i) books.add("NL", time.now());
    for (int i = 0; i < 3; ++i) books.add("NZ", time.now());
    step();
    EXPECT_EQ(take_sent().size(), 3u);
    for (int i = 0; i < 3; ++i) books.add("NZ", time.now());
    step();
    EXPECT_EQ(take_sent().size(), 3u);
    EXPECT_LT(std::chrono::steady_clock::now() - begun, 4s)
        << "it would have waited for the publish";
}

TEST_F(dispatch_test, an_unknown_partner_parks_nothing_alerts_once_and_waits) {
    simple("NZ");
    begin();
    books.add("NL", time.now());
    log::capture lines;
    step();
    step();
    const auto text = lines.lines();
    const auto first = text.find("partner_unknown");
    ASSERT_NE(first, std::string::npos);
    EXPECT_EQ(text.find("partner_unknown", first + 1), std::string::npos);
    EXPECT_TRUE(over.sent.empty());
    simple("NL");
    load();
    step();
    EXPECT_EQ(over.sent.size(), 1u);
}

TEST_F(dispatch_test, suspects_run_one_at_a_time_and_others_do_not_wait_for_them) {
    simple();
    begin();
    for (int i = 0; i < 3; ++i) books.add("NL", time.now(), true);
    for (int i = 0; i < 5; ++i) books.add("NL", time.now());
    step();
    int suspects = 0;
    for (const auto& t : over.sent) suspects += t.suspect;
    EXPECT_EQ(suspects, 1);
    EXPECT_EQ(over.sent.size(), 6u);
}

TEST_F(dispatch_test, many_wakes_do_not_mean_many_scans) {
    simple();
    begin();
    run([](dispatch_test& t) -> awaitable<void> {
        boost::asio::co_spawn(t.io, t.it->run(), boost::asio::detached);
        boost::asio::steady_timer moment{t.io};
        for (int i = 0; i < 1000; ++i) {
            t.books.add("NL", t.time.now() + 1h);
            t.it->wake();
            if (i % 10 != 0) continue;
            moment.expires_after(std::chrono::microseconds{100});
            co_await moment.async_wait(boost::asio::use_awaitable);
        }
        co_await t.it->stop(5s);
    }(*this));
    EXPECT_LT(books.due_calls, 100u);
}

TEST_F(dispatch_test, overdue_is_looked_for_once_a_minute) {
    simple();
    begin();
    for (int i = 0; i < 180; ++i) {
        step();
        time.advance(1s);
    }
    EXPECT_EQ(books.overdue_calls, 3u);
}

TEST_F(dispatch_test, a_wall_clock_that_goes_back_does_not_keep_the_window_shut) {
    simple();
    channel("NL-channel").window = 1;
    begin();
    books.add("NL", time.now());
    step();
    time.jump_wall(-24h);
    books.add("NL", time.now());
    step();
    EXPECT_EQ(over.sent.size(), 1u);
    time.advance(4min);
    step();
    EXPECT_EQ(over.sent.size(), 2u);
}

TEST_F(dispatch_test, a_wall_clock_that_jumps_is_an_event) {
    simple();
    begin();
    step();
    time.advance(1h);
    log::capture lines;
    step();
    EXPECT_EQ(lines.lines().find("clock_jumped"), std::string::npos);
    time.jump_wall(-30min);
    step();
    EXPECT_NE(lines.lines().find("clock_jumped"), std::string::npos);
}

}  // namespace
}  // namespace ecert::hub
