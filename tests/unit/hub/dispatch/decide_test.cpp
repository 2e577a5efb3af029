#include "hub/dispatch/decide.hpp"

#include <gtest/gtest.h>

#include <limits>

namespace ecert::hub {
namespace {

using queue::outcome_class;
using queue::outcome_scope;
using queue::verb;

const time_point begun{std::chrono::sys_days{std::chrono::year{2026} / 11 / 24}};

constexpr outcome_class all_classes[] = {
    outcome_class::sent,         outcome_class::delivered, outcome_class::done,
    outcome_class::duplicate,    outcome_class::absent,    outcome_class::refused,
    outcome_class::temporary,    outcome_class::ambiguous, outcome_class::misconfigured,
    outcome_class::unrecognised, outcome_class::poison,    outcome_class::returned};
constexpr verb all_verbs[] = {verb::deliver, verb::track,   verb::list,
                              verb::fetch,   verb::confirm, verb::respond};

queue::outcome outcome_of(outcome_class what, outcome_scope scope = outcome_scope::task) {
    queue::outcome o;
    o.what = what;
    o.scope = scope;
    return o;
}

attempt_state state_of(verb v, bool honours = true, bool can_track = false) {
    attempt_state s;
    s.verb = v;
    s.attempts = 1;
    s.first_attempt = begun;
    s.honours_message_id = honours;
    s.can_track = can_track;
    return s;
}

verdict decided(const queue::outcome& o, const attempt_state& s, time_point now = begun,
                double jitter = 0) {
    return decide(o, s, retry_settings{}, now, jitter);
}

// ---- the table: one line a class, for every verb and every kind of peer -----------------------

struct expectation {
    hub::act act;
    bool counts;
    circuit_effect circuit;
    std::string reason;
};

expectation expected(outcome_class what, verb v, bool honours, bool can_track) {
    const bool idempotent = v != verb::deliver && v != verb::respond;
    const act repeat = v == verb::track ? act::ask : act::again;
    switch (what) {
        case outcome_class::sent:
        case outcome_class::delivered:
        case outcome_class::done:
        case outcome_class::duplicate:
            return {act::finish, true, circuit_effect::success, ""};
        case outcome_class::absent:
            if (v == verb::fetch) return {act::again, true, circuit_effect::success, ""};
            if (v != verb::track && v != verb::deliver)
                return {act::park, true, circuit_effect::success, "absent-there"};
            if (honours) return {act::again, true, circuit_effect::success, ""};
            if (can_track) return {act::ask, true, circuit_effect::success, ""};
            return {act::park, true, circuit_effect::success, "absent-after-send"};
        case outcome_class::refused:
            return {act::refuse, true, circuit_effect::success, "refused-by-partner"};
        case outcome_class::temporary:
            return {repeat, true, circuit_effect::failure, ""};
        case outcome_class::ambiguous:
            if (idempotent) return {repeat, true, circuit_effect::failure, ""};
            if (honours) return {act::again, true, circuit_effect::failure, ""};
            if (can_track && v == verb::deliver)
                return {act::ask, true, circuit_effect::failure, ""};
            return {act::park, true, circuit_effect::failure, "ambiguous-send"};
        case outcome_class::misconfigured:
            return {act::park, true, circuit_effect::none, "misconfigured-task"};
        case outcome_class::unrecognised:
            if (v == verb::list)
                return {act::again, true, circuit_effect::failure, "unrecognised-answer"};
            return {act::park, true, circuit_effect::failure, "unrecognised-answer"};
        case outcome_class::poison:
            return {act::park, true, circuit_effect::none, "poison"};
        case outcome_class::returned:
            return {repeat, false, circuit_effect::none, ""};
    }
    return {};
}

TEST(decide, every_class_verb_and_kind_of_peer_has_its_verdict) {
    for (auto what : all_classes)
        for (auto v : all_verbs)
            for (bool honours : {false, true})
                for (bool can_track : {false, true}) {
                    const auto got = decided(outcome_of(what), state_of(v, honours, can_track));
                    const auto want = expected(what, v, honours, can_track);
                    const auto where =
                        std::string{name_of(what)} + " of " + std::string{name_of(v)};
                    EXPECT_EQ(got.act, want.act) << where;
                    EXPECT_EQ(got.counts, want.counts) << where;
                    EXPECT_EQ(got.circuit, want.circuit) << where;
                    EXPECT_EQ(got.reason, want.reason) << where;
                }
}

TEST(decide, whatever_needs_a_person_has_a_reason_and_an_advice) {
    for (auto what : all_classes)
        for (auto v : all_verbs)
            for (bool honours : {false, true})
                for (auto later : {duration{0}, duration{11 * 24h}}) {
                    const auto got = decided(outcome_of(what), state_of(v, honours), begun + later);
                    if (got.act != act::park && got.act != act::refuse) continue;
                    EXPECT_FALSE(got.reason.empty()) << name_of(what);
                    EXPECT_FALSE(got.advice.empty()) << name_of(what);
                }
}

TEST(decide, whatever_goes_on_by_itself_does_so_later_and_not_before) {
    for (auto what : all_classes)
        for (auto v : all_verbs) {
            const auto got = decided(outcome_of(what), state_of(v, true, true), begun + 1h);
            if (got.act == act::again || got.act == act::ask) EXPECT_GT(got.at, begun + 1h);
        }
}

TEST(decide, an_asking_that_fails_never_becomes_a_second_send) {
    for (auto what : {outcome_class::temporary, outcome_class::ambiguous, outcome_class::returned})
        EXPECT_EQ(decided(outcome_of(what), state_of(verb::track, true, true)).act, act::ask);
    const auto shut = outcome_of(outcome_class::misconfigured, outcome_scope::channel);
    EXPECT_EQ(decided(shut, state_of(verb::track, true, true)).act, act::ask);
}

// ---- waiting -----------------------------------------------------------------------------------

TEST(decide, temporary_failure_waits_longer_each_time) {
    time_point before = begun;
    for (std::uint32_t spent = 1; spent < 11; ++spent) {
        auto s = state_of(verb::deliver);
        s.attempts = spent;
        const auto next = decided(outcome_of(outcome_class::temporary), s);
        EXPECT_GT(next.at, before);
        EXPECT_EQ(next.at, begun + back_off({}, spent));
        before = next.at;
    }
}

TEST(decide, jitter_spreads_a_delay_both_ways_and_never_further_than_set) {
    auto s = state_of(verb::deliver);
    s.attempts = 5;  // 80 s
    const auto failed = outcome_of(outcome_class::temporary);
    EXPECT_EQ(decided(failed, s, begun, 1).at, begun + 96s);
    EXPECT_EQ(decided(failed, s, begun, -1).at, begun + 64s);
    EXPECT_EQ(decided(failed, s, begun, 0.5).at, begun + 88s);
    EXPECT_EQ(decided(failed, s, begun, 100).at, begun + 96s);
}

TEST(decide, end_of_horizon_parks_the_delivery) {
    auto s = state_of(verb::deliver);
    s.attempts = 300;
    const auto failed = outcome_of(outcome_class::temporary);
    const auto end = begun + retry_settings{}.horizon;
    EXPECT_EQ(decided(failed, s, end - 1ms).act, act::again);
    const auto over = decided(failed, s, end);
    EXPECT_EQ(over.act, act::park);
    EXPECT_EQ(over.reason, "horizon-passed");
}

TEST(decide, the_last_attempt_is_at_the_end_of_the_horizon_and_not_after) {
    auto s = state_of(verb::deliver);
    s.attempts = 300;
    const auto end = begun + retry_settings{}.horizon;
    EXPECT_EQ(decided(outcome_of(outcome_class::temporary), s, end - 10min, 1).at, end);
    auto asked = outcome_of(outcome_class::temporary);
    asked.retry_after = 1000h;
    EXPECT_EQ(decided(asked, s, end - 10min).at, end);
}

TEST(decide, a_horizon_begins_with_the_first_attempt_also_when_that_is_now) {
    auto s = state_of(verb::deliver);
    s.first_attempt = {};
    EXPECT_EQ(decided(outcome_of(outcome_class::temporary), s).act, act::again);
}

TEST(decide, partner_retry_after_wins_over_backoff) {
    auto s = state_of(verb::deliver);
    auto asked = outcome_of(outcome_class::temporary);
    s.attempts = 12;  // an hour by itself
    asked.retry_after = 90s;
    EXPECT_EQ(decided(asked, s).at, begun + 90s);
    s.attempts = 1;  // five seconds by itself
    asked.retry_after = 2h;
    EXPECT_EQ(decided(asked, s).at, begun + 2h);
}

TEST(decide, a_partner_is_never_called_before_the_time_it_named) {
    auto asked = outcome_of(outcome_class::temporary);
    asked.retry_after = 90s;
    for (double jitter : {-1.0, -0.3, 0.0, 0.7, 1.0})
        EXPECT_GE(decided(asked, state_of(verb::deliver), begun, jitter).at, begun + 90s);
}

TEST(decide, retry_after_zero_does_not_make_a_hot_loop) {
    auto asked = outcome_of(outcome_class::temporary);
    asked.retry_after = 0s;
    EXPECT_GE(decided(asked, state_of(verb::deliver)).at, begun + 5s);
}

TEST(decide, a_task_handed_back_is_due_again_after_ten_seconds_uncounted) {
    const auto got = decided(outcome_of(outcome_class::returned), state_of(verb::deliver));
    EXPECT_EQ(got.act, act::again);
    EXPECT_EQ(got.at, begun + 10s);
    EXPECT_FALSE(got.counts);
}

// ---- handed back again and again ---------------------------------------------------------------

attempt_state handed_back(std::uint32_t times, verb v = verb::deliver) {
    auto s = state_of(v);
    s.returns = times;
    return s;
}

TEST(decide, handed_back_in_a_row_waits_longer_each_time_up_to_a_minute) {
    const auto back = outcome_of(outcome_class::returned);
    const std::pair<std::uint32_t, duration> table[] = {
        {0, 10s},  {1, 10s},  {2, 20s},          {3, 40s},
        {4, 1min}, {5, 1min}, {1'000'000, 1min}, {std::numeric_limits<std::uint32_t>::max(), 1min}};
    for (const auto& [times, delay] : table)
        EXPECT_EQ(decided(back, handed_back(times)).at, begun + delay) << times;
    auto named = back;
    named.retry_after = 5min;
    EXPECT_EQ(decided(named, handed_back(1)).at, begun + 5min) << "the worker knows better";
}

TEST(decide, handed_back_for_ever_never_parks_and_counts_no_attempt) {
    for (auto v : all_verbs)
        for (std::uint32_t times : {0u, 1u, 5u, 6u, 7u, 1'000'000u})
            for (auto later : {duration{0}, duration{300h}}) {
                const auto got = decided(outcome_of(outcome_class::returned), handed_back(times, v),
                                         begun + later);
                EXPECT_EQ(got.act, v == verb::track ? act::ask : act::again);
                EXPECT_FALSE(got.counts);
                EXPECT_EQ(got.circuit, circuit_effect::none);
                EXPECT_EQ(got.reason.empty(), times < 6) << times;
                EXPECT_EQ(got.advice.empty(), times < 6) << times;
            }
}

TEST(decide, handed_back_six_times_in_a_row_alerts_once_and_then_each_day) {
    const auto back = outcome_of(outcome_class::returned);
    for (std::uint32_t times = 0; times < 20; ++times)
        EXPECT_EQ(decided(back, handed_back(times)).alerts, times >= 6) << times;
    auto s = handed_back(7);
    s.returns_told = begun;
    EXPECT_FALSE(decided(back, s, begun + 1min).alerts);
    EXPECT_FALSE(decided(back, s, begun + 24h - 1ms).alerts);
    EXPECT_TRUE(decided(back, s, begun + 24h).alerts);
    EXPECT_TRUE(decided(back, s, begun - 1min).alerts) << "told by a clock that stood wrong";
    s.back.alert_after = 8;
    EXPECT_FALSE(decided(back, s, begun + 48h).alerts);
}

TEST(decide, nothing_else_alerts_by_itself) {
    for (auto what : all_classes)
        for (auto v : all_verbs) {
            auto s = state_of(v);
            s.returns = what == outcome_class::returned ? 1 : 0;
            const bool stops_imports = v == verb::list && what == outcome_class::unrecognised;
            EXPECT_EQ(decided(outcome_of(what), s).alerts, stops_imports) << name_of(what);
        }
}

// ---- ambiguity ---------------------------------------------------------------------------------

TEST(decide, ambiguous_goes_again_at_once_where_a_repeat_is_recognised) {
    auto s = state_of(verb::deliver, true, true);
    s.attempts = 12;
    const auto got = decided(outcome_of(outcome_class::ambiguous), s);
    EXPECT_EQ(got.act, act::again);
    EXPECT_EQ(got.at, begun + 5s) << "not the hour that twelve attempts would give";
}

TEST(decide, ambiguous_again_and_again_backs_off) {
    auto s = state_of(verb::deliver);
    s.attempts = 6;
    s.ambiguous_since = begun - 1min;
    EXPECT_EQ(decided(outcome_of(outcome_class::ambiguous), s).at, begun + back_off({}, 6));
}

TEST(decide, ambiguous_asks_first_where_a_repeat_is_not_recognised) {
    const auto got =
        decided(outcome_of(outcome_class::ambiguous), state_of(verb::deliver, false, true));
    EXPECT_EQ(got.act, act::ask);
    EXPECT_EQ(got.at, begun + 5s);
}

TEST(decide, an_answer_of_ours_is_never_asked_about) {
    EXPECT_EQ(
        decided(outcome_of(outcome_class::ambiguous), state_of(verb::respond, false, true)).act,
        act::park);
}

TEST(decide, absent_is_asked_again_until_the_settle_time_is_over) {
    auto s = state_of(verb::track, false, true);
    s.attempts = 9;  // 1280 s by itself
    s.ambiguous_since = begun - 1h;
    s.absent_since = begun;
    const auto early = decided(outcome_of(outcome_class::absent), s, begun + 9min);
    EXPECT_EQ(early.act, act::ask);
    EXPECT_EQ(early.at, begun + 10min) << "the last asking is when it has settled";
    const auto settled = decided(outcome_of(outcome_class::absent), s, begun + 10min);
    EXPECT_EQ(settled.act, act::park);
    EXPECT_EQ(settled.reason, "absent-after-send");
}

TEST(decide, what_a_fetch_brought_for_another_says_so_and_the_channel_is_well) {
    auto s = state_of(verb::fetch);
    s.misfit = misfit::not_for_us;
    auto v = decided(outcome_of(outcome_class::unrecognised), s);
    EXPECT_EQ(v.act, act::park);
    EXPECT_EQ(v.reason, "not-for-us");
    EXPECT_EQ(v.circuit, circuit_effect::success);
    EXPECT_NE(v.advice.find("`code`"), std::string::npos);
    s.misfit = misfit::from_another;
    v = decided(outcome_of(outcome_class::unrecognised), s);
    EXPECT_EQ(v.reason, "from-another");
    EXPECT_EQ(v.circuit, circuit_effect::success);
}

TEST(decide, a_fetch_that_finds_nothing_is_made_again_until_the_settle_time_is_over) {
    auto s = state_of(verb::fetch);
    EXPECT_EQ(decided(outcome_of(outcome_class::absent), s).at, begun + 5s);
    s.attempts = 9;
    s.absent_since = begun;  // as the ledger keeps it
    const auto last = decided(outcome_of(outcome_class::absent), s, begun + 9min);
    EXPECT_EQ(last.act, act::again);
    EXPECT_EQ(last.at, begun + 10min);
    EXPECT_EQ(decided(outcome_of(outcome_class::absent), s, begun + 10min).reason, "absent-there");
}

TEST(decide, absent_without_an_ambiguous_send_settles_too_where_a_repeat_would_be_one_too_many) {
    auto s = state_of(verb::track, false, true);
    const auto first = decided(outcome_of(outcome_class::absent), s);
    EXPECT_EQ(first.act, act::ask);
    EXPECT_LE(first.at, begun + retry_settings{}.settle);
    s.absent_since = begun;  // as the ledger keeps it
    EXPECT_EQ(decided(outcome_of(outcome_class::absent), s, begun + 10min).act, act::park);
    s.send_again_when_absent = true;
    EXPECT_EQ(decided(outcome_of(outcome_class::absent), s, begun + 9min).act, act::ask);
    EXPECT_EQ(decided(outcome_of(outcome_class::absent), s, begun + 10min).act, act::again);
}

TEST(decide, what_is_in_their_custody_is_asked_for_ever_more_rarely_and_never_parks) {
    auto s = state_of(verb::deliver, false, true);
    s.track_after = 1min;
    const std::pair<std::uint32_t, duration> waits[] = {{0, 1min},  {1, 2min}, {2, 4min},
                                                        {5, 32min}, {6, 1h},   {1000, 1h}};
    for (const auto& [asked, wait] : waits) {
        s.asked = asked;
        const auto v = decided(outcome_of(outcome_class::sent), s, begun + 24h * 365);
        EXPECT_EQ(v.act, act::ask) << asked;
        EXPECT_EQ(v.at, begun + 24h * 365 + wait) << asked;
        EXPECT_FALSE(v.counts) << "no attempt is burnt by asking";
        s.verb = verb::track;
    }
}

TEST(decide, what_is_overdue_is_asked_for_ever_more_rarely_until_it_is_once_a_day) {
    auto s = state_of(verb::track, false, true);
    s.track_after = 1min;
    s.overdue = true;
    const std::pair<std::uint32_t, duration> waits[] = {
        {6, 64min}, {8, 256min}, {11, 24h}, {1000, 24h}};
    for (const auto& [asked, wait] : waits) {
        s.asked = asked;
        EXPECT_EQ(decided(outcome_of(outcome_class::sent), s).at, begun + wait) << asked;
    }
}

TEST(decide, custody_is_the_end_where_nobody_can_be_asked_or_shall_be) {
    auto s = state_of(verb::deliver, true, true);
    EXPECT_EQ(decided(outcome_of(outcome_class::sent), s).act, act::finish);
    s = state_of(verb::deliver);
    s.track_after = 1min;
    EXPECT_EQ(decided(outcome_of(outcome_class::sent), s).act, act::finish);
}

TEST(decide, a_list_goes_on_past_the_horizon_and_a_fetch_does_not) {
    const auto late = begun + 24h * 11;
    auto s = state_of(verb::list);
    EXPECT_EQ(decided(outcome_of(outcome_class::temporary), s, late).act, act::again);
    s.verb = verb::fetch;
    EXPECT_EQ(decided(outcome_of(outcome_class::temporary), s, late).act, act::park);
}

TEST(decide, absent_after_the_settle_time_is_sent_again_where_a_repeat_is_recognised) {
    auto s = state_of(verb::track, true, true);
    s.ambiguous_since = begun;
    EXPECT_EQ(decided(outcome_of(outcome_class::absent), s, begun + 1h).act, act::ask)
        << "what came before the first absent settles nothing";
    s.absent_since = begun + 1h;
    EXPECT_EQ(decided(outcome_of(outcome_class::absent), s, begun + 1h + 9min).act, act::ask);
    EXPECT_EQ(decided(outcome_of(outcome_class::absent), s, begun + 1h + 10min).act, act::again);
}

// ---- the rest ----------------------------------------------------------------------------------

TEST(decide, misconfigured_channel_opens_the_circuit_and_burns_no_attempt) {
    const auto shut = outcome_of(outcome_class::misconfigured, outcome_scope::channel);
    for (auto later : {duration{0}, duration{300h}}) {
        const auto got = decided(shut, state_of(verb::deliver), begun + later);
        EXPECT_EQ(got.act, act::again) << "a wrong certificate for ten days parks nobody's message";
        EXPECT_EQ(got.circuit, circuit_effect::open);
        EXPECT_FALSE(got.counts);
    }
}

TEST(decide, a_question_answered_with_a_fault_says_nothing_about_the_channel) {
    auto fault = outcome_of(outcome_class::temporary);
    for (auto v : all_verbs) {
        const bool question = v != verb::deliver && v != verb::respond;
        for (int status : {200, 400, 500}) {
            fault.exchange.status = status;
            EXPECT_EQ(decided(fault, state_of(v)).circuit,
                      question ? circuit_effect::none : circuit_effect::failure)
                << name_of(v) << " " << status;
        }
        for (int status : {0, 408, 429, 502, 503, 504}) {
            fault.exchange.status = status;
            EXPECT_EQ(decided(fault, state_of(v)).circuit, circuit_effect::failure)
                << name_of(v) << " " << status;
        }
    }
}

TEST(decide, a_duplicate_with_our_bytes_counts_as_delivered_and_with_others_parks) {
    crypto::sha256 content, translation, other;
    content.bytes.fill(1);
    translation.bytes.fill(2);
    other.bytes.fill(3);
    auto s = state_of(verb::deliver);
    s.ours = {content, translation};
    auto said = outcome_of(outcome_class::duplicate);
    EXPECT_EQ(decided(said, s).act, act::finish) << "they named no digest";
    said.peer_digest = translation;
    EXPECT_EQ(decided(said, s).act, act::finish);
    said.peer_digest = other;
    EXPECT_EQ(decided(said, s).act, act::park);
    EXPECT_EQ(decided(said, s).reason, "digest-differs");
}

TEST(decide, what_was_proven_by_another_attempt_is_finished_but_its_circuit_still_learns) {
    for (auto what : all_classes)
        for (auto v : all_verbs) {
            auto s = state_of(v, false, true);
            s.proven_elsewhere = true;
            const auto got = decided(outcome_of(what), s, begun + 300h);
            EXPECT_EQ(got.act, act::finish) << name_of(what);
            EXPECT_EQ(got.circuit, expected(what, v, false, true).circuit) << name_of(what);
        }
}

// ---- back_off ----------------------------------------------------------------------------------

TEST(back_off, is_exact_for_the_default_settings) {
    const std::pair<std::uint32_t, duration> table[] = {
        {0, 0s},    {1, 5s},         {2, 10s},
        {3, 20s},   {4, 40s},        {5, 80s},
        {6, 160s},  {7, 320s},       {8, 640s},
        {9, 1280s}, {10, 2560s},     {11, 1h},
        {12, 1h},   {64, 1h},        {65, 1h},
        {1025, 1h}, {1'000'000, 1h}, {std::numeric_limits<std::uint32_t>::max(), 1h}};
    for (const auto& [spent, delay] : table) EXPECT_EQ(back_off({}, spent), delay) << spent;
}

TEST(back_off, does_not_round_its_factor) {
    retry_settings gentle;
    gentle.first = 1000ms;
    gentle.factor = 1.25;
    const duration table[] = {1000ms, 1250ms, 1563ms, 1953ms, 2441ms, 3052ms, 3815ms, 4768ms};
    std::uint32_t spent = 0;
    for (auto delay : table) EXPECT_EQ(back_off(gentle, ++spent), delay) << spent;
}

TEST(back_off, never_falls_and_never_passes_the_longest) {
    for (double factor : {1.0, 1.0000001, 1.1, 1.5, 2.0, 3.7, 1e9})
        for (auto first : {1ms, 777ms, 3'600'000ms}) {
            retry_settings p;
            p.factor = factor;
            p.first = first;
            duration before{0};
            for (std::uint32_t spent = 1; spent < 3000; ++spent) {
                const auto delay = back_off(p, spent);
                ASSERT_GE(delay, before) << factor << " " << spent;
                ASSERT_LE(delay, p.longest);
                ASSERT_GE(delay, first);
                before = delay;
            }
        }
}

TEST(back_off, settings_that_make_no_sense_still_give_a_delay) {
    retry_settings p;
    p.factor = 0.5;
    EXPECT_EQ(back_off(p, 9), p.first) << "a factor below one does not shrink";
    p.factor = std::numeric_limits<double>::quiet_NaN();
    EXPECT_EQ(back_off(p, 9), p.first);
    p.factor = std::numeric_limits<double>::infinity();
    EXPECT_EQ(back_off(p, 9), p.longest);
    p.first = 0ms;
    EXPECT_EQ(back_off(p, 9), 0ms);
}

}  // namespace
}  // namespace ecert::hub
