// A channel that fails: how it is left alone, tried and taken up again, while the others go on.
#include "tests/unit/hub/dispatch/dispatch_bench.hpp"

namespace ecert::hub {
namespace {

using queue::outcome_class;
using queue::outcome_scope;

class channel_circuit : public dispatch_bench {
  protected:
    // Every task on the air is answered so.
    void answer_all(outcome_class what, outcome_scope scope = outcome_scope::task) {
        for (const auto& t : take_sent()) answer(t, what, scope);
    }
};

TEST_F(channel_circuit, misconfigured_opens_it_and_burns_no_attempt) {
    simple();
    begin();
    const auto work = books.add("NL", time.now());
    for (int i = 0; i < 9; ++i) books.add("NL", time.now() + 1s);
    step();
    answer_all(outcome_class::misconfigured, outcome_scope::channel);
    EXPECT_EQ(books.pieces[work].spent, 0u);
    EXPECT_EQ(status("NL-channel").circuit, "open until 2026-11-24T12:00:30.000Z");
    time.advance(29s);
    EXPECT_EQ(step(), time.now() + 1s) << "comes again when a probe may go";
    EXPECT_TRUE(over.sent.empty());
    EXPECT_NE(figures.render().find("channel_misconfigured"), std::string::npos);
}

TEST_F(channel_circuit, the_probe_is_another_task_than_the_one_that_opened_it) {
    simple();
    begin();
    const auto opener = books.add("NL", time.now());
    const auto other = books.add("NL", time.now() + 1s);
    step();
    answer_all(outcome_class::misconfigured, outcome_scope::channel);
    time.advance(30s);
    step();
    ASSERT_EQ(over.sent.size(), 1u);
    EXPECT_EQ(over.sent[0].work, other);
    EXPECT_EQ(status("NL-channel").circuit, "probing");
    EXPECT_FALSE(books.leased(opener, 2)) << "it was handed back";
    EXPECT_EQ(books.pieces[opener].spent, 0u);
}

TEST_F(channel_circuit, the_probe_is_sought_among_all_partners_of_the_channel) {
    channel("hub");
    partner("NL", "hub");
    partner("NZ", "hub");
    begin();
    books.add("NL", time.now());
    step();
    answer_all(outcome_class::misconfigured, outcome_scope::channel);
    const auto other = books.add("NZ", time.now() + 20s);
    time.advance(30s);
    step();
    ASSERT_EQ(over.sent.size(), 1u);
    EXPECT_EQ(over.sent[0].work, other);
}

TEST_F(channel_circuit, the_only_task_there_is_probes_although_it_opened_it) {
    simple();
    begin();
    books.add("NL", time.now());
    step();
    answer_all(outcome_class::misconfigured, outcome_scope::channel);
    time.advance(30s);
    step();
    EXPECT_EQ(over.sent.size(), 1u);
}

TEST_F(channel_circuit, a_dead_channel_gets_one_probe_then_a_ramp) {
    simple();
    begin();
    for (int i = 0; i < 200; ++i) books.add("NL", time.now());
    step();
    EXPECT_EQ(over.sent.size(), 64u);
    answer_all(outcome_class::temporary);
    time.advance(30s);
    step();
    EXPECT_EQ(over.sent.size(), 1u) << "one probe";
    answer_all(outcome_class::delivered);
    for (std::size_t allowed : {4u, 64u}) {  // each success doubles
        step();
        EXPECT_EQ(over.sent.size(), allowed);
        answer_all(outcome_class::delivered);
    }
    EXPECT_EQ(status("NL-channel").circuit, "closed");
}

TEST_F(channel_circuit, a_probe_handed_back_unspent_is_followed_by_another) {
    simple();
    begin();
    for (int i = 0; i < 5; ++i) books.add("NL", time.now());
    step();
    answer_all(outcome_class::temporary);
    time.advance(30s);
    step();
    answer_all(outcome_class::returned);
    step();
    EXPECT_EQ(over.sent.size(), 1u);
}

TEST_F(channel_circuit, a_probe_whose_outcome_is_lost_does_not_shut_the_channel_for_ever) {
    simple();
    begin();
    for (int i = 0; i < 5; ++i) books.add("NL", time.now());
    step();
    answer_all(outcome_class::temporary);
    time.advance(30s);
    step();
    ASSERT_EQ(take_sent().size(), 1u);
    time.advance(4min);
    step();
    EXPECT_EQ(over.sent.size(), 1u);
}

TEST_F(channel_circuit, a_dead_partner_does_not_delay_another) {
    simple("NL");
    simple("NZ");
    begin();
    int delivered = 0;
    for (int i = 0; i < 300; ++i) books.add("NL", time.now());
    for (int i = 0; i < 300; ++i) books.add("NZ", time.now() + i * 1s);
    const auto end = time.now() + 301s;
    live_until(end, [&](const queue::task& t) {
        if (t.partner == "NL") return;  // not even an outcome
        EXPECT_EQ(books.pieces[t.work].due, time.now()) << "at the very moment it was due";
        ++delivered;
        answer(t, outcome_class::delivered);
    });
    EXPECT_EQ(delivered, 300);
}

TEST_F(channel_circuit, ten_days_of_a_dead_partner_end_parked_and_cost_little) {
    simple("NL");
    simple("NZ");
    begin();
    jitter = 0.5;
    const auto dead = books.add("NL", time.now());
    const auto begun = time.now();
    std::vector<time_point> tries;
    int delivered = 0;
    for (int day = 0; day < 11; ++day) books.add("NZ", begun + day * 24h);
    live_until(begun + 11 * 24h, [&](const queue::task& t) {
        if (t.partner == "NZ") {
            ++delivered;
            return answer(t, outcome_class::delivered);
        }
        tries.push_back(time.now());
        answer(t, outcome_class::temporary);
    });
    EXPECT_EQ(delivered, 11);
    EXPECT_EQ(books.pieces[dead].last.act, act::park);
    EXPECT_EQ(books.pieces[dead].last.reason, "horizon-passed");
    EXPECT_GT(tries.size(), 200u);
    EXPECT_LT(tries.size(), 300u);
    for (std::size_t i = 1; i < tries.size(); ++i)
        EXPECT_LE(tries[i] - tries[i - 1], duration{66min} + 10min);
    EXPECT_GE(tries.back(), begun + 10 * 24h);
    EXPECT_LE(tries.back(), begun + 10 * 24h + 10min);
}

TEST_F(channel_circuit, a_partner_back_after_a_long_weekend_gets_everything_by_itself) {
    simple();
    begin();
    jitter = -0.3;
    for (int i = 0; i < 500; ++i) books.add("NL", time.now());
    const auto back = time.now() + 72h;
    unsigned delivered = 0;
    live_until(back + 2h, [&](const queue::task& t) {
        const bool up = time.now() >= back;
        delivered += up;
        answer(t, up ? outcome_class::delivered : outcome_class::temporary);
    });
    EXPECT_EQ(delivered, 500u);
    for (const auto& [id, p] : books.pieces) EXPECT_EQ(p.last.act, act::finish);
}

}  // namespace
}  // namespace ecert::hub
