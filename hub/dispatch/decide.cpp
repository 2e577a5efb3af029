#include "hub/dispatch/decide.hpp"

#include <algorithm>
#include <cmath>

namespace ecert::hub {
namespace {

using queue::outcome_class;
using queue::verb;

// Repeating these changes nothing at the partner: an unanswered one is simply asked again.
bool harmless_to_repeat(verb v) { return v != verb::deliver && v != verb::respond; }

struct question {
    const queue::outcome& o;
    const attempt_state& s;
    const retry_settings& policy;
    time_point now;
    double jitter;
};

duration spread(const question& q, duration delay) {
    const double by = std::clamp(q.policy.jitter, 0.0, 1.0) * std::clamp(q.jitter, -1.0, 1.0);
    return duration{std::llround(static_cast<double>(delay.count()) * (1.0 + by))};
}

// Never before the time they named; never at once either, whatever they named.
duration as_they_asked(const question& q, duration asked) {
    const auto upwards = static_cast<double>(q.policy.first.count()) *
                         std::clamp(q.policy.jitter, 0.0, 1.0) *
                         std::abs(std::clamp(q.jitter, -1.0, 1.0));
    return std::max(asked, q.policy.first) + duration{std::llround(upwards)};
}

duration delay_after(const question& q) {
    if (q.o.retry_after) return as_they_asked(q, *q.o.retry_after);
    return spread(q, back_off(q.policy, std::max(q.s.attempts, 1u)));
}

verdict finish(circuit_effect circuit) { return {.act = act::finish, .circuit = circuit}; }

verdict park(circuit_effect circuit, std::string reason, std::string advice) {
    return {.act = act::park,
            .circuit = circuit,
            .reason = std::move(reason),
            .advice = std::move(advice)};
}

// An asking that failed is asked again: it must never turn into a second send.
act repeated(verb v) { return v == verb::track ? act::ask : act::again; }

// `what` after `delay`, the last time exactly at the end of the horizon, and not after it. A list
// is asked for as long as its channel is pulled: nothing of ours waits for it.
verdict within_horizon(const question& q, act what, duration delay, circuit_effect circuit) {
    if (q.s.verb == verb::list) return {.act = what, .at = q.now + delay, .circuit = circuit};
    const time_point begun = q.s.first_attempt == time_point{} ? q.now : q.s.first_attempt;
    const time_point end = begun + q.policy.horizon;
    if (q.now >= end)
        return park(
            circuit, "horizon-passed",
            "The partner could not be reached for the whole horizon. Ask them when they are back, "
            "then retry; a retry starts a new horizon.");
    return {.act = what, .at = std::min(q.now + delay, end), .circuit = circuit};
}

verdict after_duplicate(const question& q) {
    const bool differs =
        q.o.peer_digest && !q.s.ours.empty() &&
        std::find(q.s.ours.begin(), q.s.ours.end(), *q.o.peer_digest) == q.s.ours.end();
    if (!differs) return finish(circuit_effect::success);
    return park(
        circuit_effect::success, "digest-differs",
        "The partner holds other bytes under this number, type and status. Compare the digests "
        "with them before anything is sent again.");
}

// Bytes went out and nothing came back. The first time it is sent again at once, later with
// back-off.
verdict after_ambiguous(const question& q) {
    if (harmless_to_repeat(q.s.verb))
        return within_horizon(q, repeated(q.s.verb), delay_after(q), circuit_effect::failure);
    const bool first_time = !q.s.ambiguous_since || *q.s.ambiguous_since >= q.now;
    const duration delay =
        first_time && !q.o.retry_after ? spread(q, q.policy.first) : delay_after(q);
    if (q.s.honours_message_id)
        return within_horizon(q, act::again, delay, circuit_effect::failure);
    if (q.s.can_track && q.s.verb == verb::deliver)
        return within_horizon(q, act::ask, delay, circuit_effect::failure);
    return park(
        circuit_effect::failure, "ambiguous-send",
        "The message went out but no answer came, and this partner does not recognise a repeat. "
        "Ask them whether they have it: if not, retry; if so, cancel with a note.");
}

// A question that they answer with a fault: they live, and it is this one's matter. What is down,
// or has too much to do, says nothing, or says so with another status. A send counts all the same:
// who answers every send with a fault is better left alone for a while.
bool is_one_question_that_failed(const question& q) {
    const auto status = q.o.exchange.status;
    return harmless_to_repeat(q.s.verb) && (status == 200 || status == 400 || status == 500);
}

verdict after_temporary(const question& q) {
    const auto circuit =
        is_one_question_that_failed(q) ? circuit_effect::none : circuit_effect::failure;
    return within_horizon(q, repeated(q.s.verb), delay_after(q), circuit);
}

// They took custody. Where that is not yet the receiver, and they can be asked, they are: at first
// soon, then ever more rarely, for as long as it takes; a receipt that is overdue alerts, and is
// asked for once a day in the end.
verdict after_sent(const question& q) {
    const bool asks = q.s.verb == verb::deliver || q.s.verb == verb::track;
    if (!asks || !q.s.can_track || q.s.track_after <= duration{0})
        return finish(circuit_effect::success);
    const retry_settings pace{
        .first = q.s.track_after,
        .factor = 2,
        .longest = std::max(q.s.overdue ? asked_at_most_daily : q.policy.longest, q.s.track_after)};
    return {.act = act::ask,
            .at = q.now + spread(q, back_off(pace, q.s.asked + 1)),
            .counts = false,
            .circuit = circuit_effect::success};
}

// They do not have it: believed when they have said nothing else for the settle time, because a
// send may still be on its way, or what they took not yet where they look.
verdict after_absent(const question& q) {
    const time_point believed = q.s.absent_since.value_or(q.now) + q.policy.settle;
    if (q.s.verb == verb::fetch && q.now < believed)  // listed, and not yet where they fetch from
        return {.act = act::again,
                .at = std::min(q.now + delay_after(q), believed),
                .circuit = circuit_effect::success};
    if (q.s.verb != verb::track && q.s.verb != verb::deliver)
        return park(
            circuit_effect::success, "absent-there",
            "The partner no longer has what this work refers to. Look at the exchange, and cancel "
            "if nothing is missing: what they list an hour later is fetched again.");
    if (q.s.ambiguous_since || q.s.absent_since || (q.s.can_track && !q.s.honours_message_id)) {
        if (q.now < believed)
            return {.act = act::ask,
                    .at = std::min(q.now + delay_after(q), believed),
                    .circuit = circuit_effect::success};
    }
    if (q.s.honours_message_id || q.s.send_again_when_absent)
        return within_horizon(q, act::again, spread(q, q.policy.first), circuit_effect::success);
    return park(
        circuit_effect::success, "absent-after-send",
        "The partner says it does not have the message, and would not recognise a repeat. Agree "
        "with them that it never arrived, then retry.");
}

verdict after_misconfigured(const question& q) {
    if (q.o.scope == queue::outcome_scope::task)
        return park(
            circuit_effect::none, "misconfigured-task",
            "Something of ours does not fit this one message. Read the partner's words, mend "
            "the profile, then retry.");
    // Nobody's message is at fault: the circuit keeps the channel shut, and no horizon runs out
    // over it.
    return {.act = repeated(q.s.verb),
            .at = q.now + delay_after(q),
            .counts = false,
            .circuit = circuit_effect::open,
            .reason = "misconfigured-channel",
            .advice =
                "Credentials, certificate or clock of the channel: mend it; sending resumes by "
                "itself."};
}

verdict after_returned(const question& q) {
    const auto& terms = q.s.back;
    const retry_settings pace{.first = terms.first, .factor = 2, .longest = terms.longest};
    const duration delay = spread(q, back_off(pace, std::max(q.s.returns, 1u)));
    verdict v{.act = repeated(q.s.verb),
              .at = q.now + std::max(delay, q.o.retry_after.value_or(duration{0})),
              .counts = false};
    if (q.s.returns < terms.alert_after) return v;
    v.reason = "handed-back";
    v.advice =
        "The workers hand it back unspent each time. Mend what they say (profiles, content out of "
        "their reach, a clock); it goes on by itself then.";
    const auto told = q.s.returns_told;
    v.alerts = !told || *told > q.now || q.now - *told >= terms.alert_again;
    return v;
}

// A page of theirs instead of an answer: like an outage, nothing of ours waits for a person over
// it.
verdict after_unrecognised_list(const question& q) {
    auto v = within_horizon(q, act::again, delay_after(q), circuit_effect::failure);
    v.reason = "unrecognised-answer";
    v.advice =
        "No rule of the dialect matches their answer; it is kept with the attempt. The list is "
        "asked for again by itself: add a rule with a fixture if it stays so.";
    v.alerts = true;
    return v;
}

// The certificate is there, and the channel works.
verdict after_misfit(misfit which) {
    if (which == misfit::not_for_us)
        return park(
            circuit_effect::success, "not-for-us",
            "They handed out what is not for us as the channel is configured: set `code` in its "
            "file in channels/ to what they call us, and `address` in partners/ to what they "
            "call the sender; then retry.");
    return park(
        circuit_effect::success, "from-another",
        "They handed out another country's certificate than they listed under this number. Ask "
        "them; then retry or cancel.");
}

verdict after(const question& q) {
    switch (q.o.what) {
        case outcome_class::sent:
            return after_sent(q);
        case outcome_class::delivered:
        case outcome_class::done:
            return finish(circuit_effect::success);
        case outcome_class::duplicate:
            return after_duplicate(q);
        case outcome_class::absent:
            return after_absent(q);
        case outcome_class::refused:
            return {.act = act::refuse,
                    .circuit = circuit_effect::success,
                    .reason = "refused-by-partner",
                    .advice = harmless_to_repeat(q.s.verb)
                                  ? "Their system will not answer this call: read their words, and "
                                    "retry when it is mended on either side."
                                  : "Their system will not take it as it is: read their words, "
                                    "correct and issue a replacement, or retry when they have "
                                    "changed their rules."};
        case outcome_class::temporary:
            return after_temporary(q);
        case outcome_class::ambiguous:
            return after_ambiguous(q);
        case outcome_class::misconfigured:
            return after_misconfigured(q);
        case outcome_class::unrecognised:
            if (q.s.verb == verb::list) return after_unrecognised_list(q);
            if (q.s.misfit != misfit::none) return after_misfit(q.s.misfit);
            return park(
                circuit_effect::failure, "unrecognised-answer",
                "No rule of the dialect matches their answer; it is kept with the attempt. Add "
                "a rule with a fixture, then retry.");
        case outcome_class::poison:
            return park(
                circuit_effect::none, "poison",
                "Workers die of this task. Keep its bytes for a report; do not retry before the "
                "cause is mended.");
        case outcome_class::returned:
            return after_returned(q);
    }
    return park(circuit_effect::none, "unknown-outcome",
                "Report this: the outcome has no meaning.");
}

}  // namespace

duration back_off(const retry_settings& policy, std::uint32_t spent) {
    if (spent == 0 || policy.first <= duration{0}) return duration{0};
    const double factor = policy.factor > 1.0 ? policy.factor : 1.0;
    const double delay = static_cast<double>(policy.first.count()) * std::pow(factor, spent - 1.0);
    if (!(delay < static_cast<double>(policy.longest.count()))) return policy.longest;
    return duration{std::llround(delay)};
}

verdict decide(const queue::outcome& o, const attempt_state& s, const retry_settings& policy,
               time_point now, double jitter) {
    const verdict v = after({o, s, policy, now, jitter});
    if (!s.proven_elsewhere || v.act == act::finish) return v;
    // Whatever this attempt met, they have it: nothing is left to do, but the channel's health is
    // news.
    return {
        .act = act::finish, .counts = v.counts, .circuit = v.circuit, .reason = "proven-elsewhere"};
}

}  // namespace ecert::hub
