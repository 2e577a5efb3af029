#include "hub/ledger/lifecycle.hpp"

#include <gtest/gtest.h>

#include <initializer_list>
#include <set>
#include <string>
#include <vector>

namespace ecert::hub {
namespace {

std::vector<life_event> all_events() {
    std::vector<life_event> all;
    for (int e = 0; e < life_event_count; ++e) all.push_back(static_cast<life_event>(e));
    return all;
}

struct told {
    life at;
    int ends = 0;
    int alerts = 0;
    move last = move::applied;
};

told tell(std::initializer_list<life_event> events, life from = {}) {
    told t{.at = from};
    for (life_event e : events) {
        const moved m = apply_event(t.at, e);
        t.at = m.after;
        t.last = m.how;
        t.ends += m.ends;
        t.alerts += m.alerts;
    }
    return t;
}

// What must hold of every single step, whatever came before.
void expect_lawful_step(const life& before, life_event e, const moved& m) {
    SCOPED_TRACE("event " + std::to_string(static_cast<int>(e)));
    const life& after = m.after;
    EXPECT_GE(after.progress, before.progress) << "progress only rises";
    EXPECT_EQ(after.completes, before.completes);
    EXPECT_GE(after.ended, before.ended) << "what has ended stays ended";
    EXPECT_EQ(m.ends, after.ended && !before.ended) << "the final event goes with the mark";
    if (before.side == side::cancelled) EXPECT_EQ(after.side, side::cancelled) << "never revived";
    if (m.how == move::impossible || m.how == move::recorded_only) EXPECT_EQ(after, before);
    if (after.progress >= progress::delivered)
        EXPECT_TRUE(after.side == side::none || after.side == side::cancelled);
    if (before.answer != answer_kind::none) EXPECT_EQ(after.answer, before.answer) << "the first";
    EXPECT_EQ(after.answer != answer_kind::none, after.progress == progress::answered);
    if (!after.leased) EXPECT_EQ(after.wish, wish::none) << "a wish waits only for a lease";
    if (m.how == move::deferred) EXPECT_TRUE(before.leased);
    if (before.leased && e != life_event::lease_over)
        EXPECT_TRUE(after.leased) << "only the end of the attempt ends its lease";
    if (before.leased && (e == life_event::hold_asked || e == life_event::cancel_asked))
        EXPECT_EQ(after.side, before.side) << "waits for the outcome";
}

void walk(const life& from, int deep, int ends, std::set<std::string>& seen) {
    seen.insert(std::string{name_of(state_of(from))});
    if (deep == 0) return;
    for (life_event e : all_events()) {
        const moved m = apply_event(from, e);
        expect_lawful_step(from, e, m);
        EXPECT_LE(ends + m.ends, 1) << "one final event";
        if (testing::Test::HasFailure()) return;
        walk(m.after, deep - 1, ends + m.ends, seen);
    }
}

TEST(lifecycle, any_order_of_any_events_keeps_the_laws_and_ends_at_most_once) {
    std::set<std::string> seen;
    for (completes_at c : {completes_at::delivered, completes_at::acknowledged})
        walk(life{.completes = c}, 5, 0, seen);
    EXPECT_EQ(seen.size(), 11u) << "every state is reached";
}

// Every (life, event) pair, reachable or not: no pair lowers progress, writes a second end or loses
// an answer.
TEST(lifecycle, every_pair_of_life_and_event_is_decided) {
    for (int bits = 0; bits < 4 * 5 * 2 * 2 * 3 * 2 * 2; ++bits) {
        int rest = bits;
        const auto next = [&rest](int count) {
            const int v = rest % count;
            rest /= count;
            return v;
        };
        life l;
        l.progress = static_cast<progress>(next(4));
        l.side = static_cast<side>(next(5));
        l.leased = next(2);
        l.offered = next(2);
        l.wish = static_cast<wish>(next(3));
        l.completes = static_cast<completes_at>(next(2));
        l.ended = next(2);
        if (l.progress == progress::answered) l.answer = answer_kind::accepted;
        for (life_event e : all_events()) {
            const moved m = apply_event(l, e);
            EXPECT_GE(m.after.progress, l.progress);
            EXPECT_EQ(m.ends, m.after.ended && !l.ended);
            EXPECT_FALSE(name_of(state_of(m.after)).empty());
        }
    }
}

TEST(lifecycle, both_orders_of_two_proofs_give_the_same_state) {
    const std::vector<life_event> proofs{life_event::proven_sent, life_event::proven_delivered,
                                         life_event::answered_accepted};
    for (life_event a : proofs)
        for (life_event b : proofs) EXPECT_EQ(tell({a, b}).at, tell({b, a}).at);
}

TEST(lifecycle, an_outcome_and_an_acknowledgement_in_both_orders_end_once) {
    const life before = tell({life_event::leased}).at;
    const told outcome_first =
        tell({life_event::proven_delivered, life_event::lease_over, life_event::answered_accepted},
             before);
    const told answer_first =
        tell({life_event::answered_accepted, life_event::proven_delivered, life_event::lease_over},
             before);
    EXPECT_EQ(outcome_first.at, answer_first.at);
    EXPECT_EQ(outcome_first.ends, 1);
    EXPECT_EQ(answer_first.ends, 1);
    EXPECT_EQ(state_of(answer_first.at), state::acknowledged);
}

TEST(lifecycle, a_proof_of_delivery_lifts_refused_parked_and_held) {
    for (life_event stop : {life_event::refused, life_event::parked, life_event::hold_asked}) {
        const told t = tell({stop, life_event::proven_delivered});
        EXPECT_EQ(state_of(t.at), state::delivered);
        EXPECT_EQ(t.alerts, 0);
    }
}

TEST(lifecycle, custody_alone_does_not_lift_what_needs_a_person) {
    const told t = tell({life_event::parked, life_event::proven_sent});
    EXPECT_EQ(state_of(t.at), state::parked);
    EXPECT_EQ(t.at.progress, progress::sent);
    EXPECT_EQ(state_of(tell({life_event::retry_asked}, t.at).at), state::sent);
}

TEST(lifecycle, a_late_refusal_does_not_take_back_a_delivery) {
    for (life_event late : {life_event::refused, life_event::parked}) {
        const told t = tell({life_event::proven_delivered, late});
        EXPECT_EQ(state_of(t.at), state::delivered);
        EXPECT_EQ(t.last, move::recorded_only);
    }
}

TEST(lifecycle, hold_waits_for_the_outcome_of_an_open_attempt) {
    const told asked = tell({life_event::leased, life_event::hold_asked});
    EXPECT_EQ(asked.last, move::deferred);
    EXPECT_EQ(state_of(asked.at), state::queued);
    EXPECT_EQ(state_of(tell({life_event::lease_over}, asked.at).at), state::held);
    const told arrived = tell({life_event::proven_delivered, life_event::lease_over}, asked.at);
    EXPECT_EQ(state_of(arrived.at), state::delivered) << "it got there: nothing to hold";
}

TEST(lifecycle, cancel_waits_for_the_outcome_of_an_open_attempt) {
    const told asked = tell({life_event::leased, life_event::cancel_asked});
    EXPECT_EQ(asked.last, move::deferred);
    EXPECT_EQ(asked.ends, 0);
    const told over = tell({life_event::lease_over}, asked.at);
    EXPECT_EQ(state_of(over.at), state::cancelled);
    EXPECT_EQ(over.ends, 1);
    const told refused = tell({life_event::lease_over, life_event::refused}, asked.at);
    EXPECT_EQ(state_of(refused.at), state::cancelled);
}

TEST(lifecycle, cancel_replaces_a_waiting_hold_and_not_the_other_way_round) {
    const told t = tell({life_event::leased, life_event::hold_asked, life_event::cancel_asked});
    EXPECT_EQ(t.at.wish, wish::cancel);
    EXPECT_EQ(tell({life_event::hold_asked}, t.at).last, move::impossible);
}

TEST(lifecycle, a_proof_after_cancelled_is_recorded_and_alerts_without_a_second_end) {
    const told t = tell({life_event::cancel_asked, life_event::proven_delivered});
    EXPECT_EQ(state_of(t.at), state::cancelled);
    EXPECT_EQ(t.at.progress, progress::delivered);
    EXPECT_EQ(t.alerts, 1);
    EXPECT_EQ(t.ends, 1);
}

TEST(lifecycle, an_answer_after_completion_raises_the_state_without_a_second_end) {
    const life from{.completes = completes_at::delivered};
    const told t = tell({life_event::proven_delivered, life_event::answered_rejected}, from);
    EXPECT_EQ(state_of(t.at), state::rejected);
    EXPECT_EQ(t.ends, 1);
}

TEST(lifecycle, of_two_different_answers_the_first_stands_and_the_second_alerts) {
    const told t = tell({life_event::answered_accepted, life_event::answered_rejected});
    EXPECT_EQ(state_of(t.at), state::acknowledged);
    EXPECT_EQ(t.alerts, 1);
    EXPECT_EQ(tell({life_event::answered_accepted, life_event::answered_accepted}).alerts, 0);
}

TEST(lifecycle, acts_that_make_no_sense_are_impossible) {
    const life delivered = tell({life_event::proven_delivered}).at;
    for (life_event act : {life_event::hold_asked, life_event::cancel_asked,
                           life_event::retry_asked, life_event::release_asked, life_event::leased})
        EXPECT_EQ(apply_event(delivered, act).how, move::impossible);
    EXPECT_EQ(tell({life_event::cancel_asked, life_event::retry_asked}).last, move::impossible);
    EXPECT_EQ(tell({life_event::retry_asked}).last, move::impossible);
}

TEST(lifecycle, an_offer_is_waiting_for_them_until_they_fetch_it) {
    EXPECT_EQ(state_of(tell({life_event::offered}).at), state::offered);
    EXPECT_EQ(state_of(tell({life_event::offered, life_event::proven_sent}).at), state::sent);
    EXPECT_EQ(
        state_of(tell({life_event::offered, life_event::hold_asked, life_event::release_asked}).at),
        state::offered);
}

}  // namespace
}  // namespace ecert::hub
