#include "hub/ledger/lifecycle.hpp"

#include <algorithm>
#include <array>

namespace ecert::hub {
namespace {

constexpr std::array<std::string_view, 11> state_names{
    "waiting", "queued",  "sent",   "delivered", "acknowledged", "rejected",
    "offered", "refused", "parked", "held",      "cancelled"};

bool reached(const life& l) { return l.progress >= progress::delivered; }

moved unchanged(const life& l, move how) { return {.after = l, .how = how}; }

// The final event is written once: when what completes the delivery has come, or when it was
// cancelled.
void finish(moved& m) {
    const life& l = m.after;
    const bool complete =
        l.completes == completes_at::delivered ? reached(l) : l.progress == progress::answered;
    if (!l.ended && (complete || l.side == side::cancelled)) {
        m.after.ended = true;
        m.ends = true;
    }
}

// Their system has it: whatever stopped us from our side no longer matters, except that we said it
// was cancelled.
void lift(life& l) {
    if (l.side != side::cancelled) l.side = side::none;
    l.wish = wish::none;
}

moved prove(const life& before, progress proven) {
    if (before.progress >= proven) return unchanged(before, move::recorded_only);
    moved m{.after = before};
    m.after.progress = proven;
    m.alerts = before.side == side::cancelled;
    if (reached(m.after)) lift(m.after);
    finish(m);
    return m;
}

moved answer(const life& before, answer_kind given) {
    if (before.answer != answer_kind::none) {
        moved m = unchanged(before, move::recorded_only);
        m.alerts = before.answer != given;
        return m;
    }
    moved m = prove(before, progress::answered);
    m.after.answer = given;
    return m;
}

moved lease(const life& before) {
    if (before.leased || before.side != side::none || reached(before))
        return unchanged(before, move::impossible);
    moved m{.after = before};
    m.after.leased = true;
    return m;
}

// What was asked for while the attempt was out happens now, unless it arrived after all.
moved end_lease(const life& before) {
    if (!before.leased) return unchanged(before, move::recorded_only);
    moved m{.after = before};
    life& l = m.after;
    l.leased = false;
    l.wish = wish::none;
    if (!reached(l)) {
        if (before.wish == wish::cancel) l.side = side::cancelled;
        if (before.wish == wish::hold && l.side == side::none) l.side = side::held;
    }
    finish(m);
    return m;
}

// refused and parked: the first reason stands until a person reopens it.
moved stop(const life& before, side why) {
    const bool stoppable = before.side == side::none || before.side == side::held;
    if (reached(before) || !stoppable) return unchanged(before, move::recorded_only);
    moved m{.after = before};
    m.after.side = why;
    return m;
}

moved hold(const life& before) {
    if (reached(before) || before.side != side::none || before.wish != wish::none)
        return unchanged(before, move::impossible);
    moved m{.after = before};
    if (before.leased) {
        m.after.wish = wish::hold;
        m.how = move::deferred;
    } else {
        m.after.side = side::held;
    }
    return m;
}

moved release(const life& before) {
    moved m{.after = before};
    if (before.side == side::held) {
        m.after.side = side::none;
    } else if (before.wish == wish::hold) {
        m.after.wish = wish::none;
    } else {
        m.how = move::impossible;
    }
    return m;
}

moved reopen(const life& before) {
    if (before.side != side::refused && before.side != side::parked)
        return unchanged(before, move::impossible);
    moved m{.after = before};
    m.after.side = side::none;
    return m;
}

moved cancel(const life& before) {
    if (reached(before) || before.side == side::cancelled || before.wish == wish::cancel)
        return unchanged(before, move::impossible);
    moved m{.after = before};
    if (before.leased) {
        m.after.wish = wish::cancel;
        m.how = move::deferred;
    } else {
        m.after.side = side::cancelled;
    }
    finish(m);
    return m;
}

moved offer(const life& before) {
    if (before.offered) return unchanged(before, move::recorded_only);
    if (before.leased || before.side != side::none || before.progress != progress::none)
        return unchanged(before, move::impossible);
    moved m{.after = before};
    m.after.offered = true;
    return m;
}

}  // namespace

std::string_view name_of(state s) { return state_names.at(static_cast<std::size_t>(s)); }

moved apply_event(const life& before, life_event e) {
    switch (e) {
        case life_event::leased:
            return lease(before);
        case life_event::lease_over:
            return end_lease(before);
        case life_event::proven_sent:
            return prove(before, progress::sent);
        case life_event::proven_delivered:
            return prove(before, progress::delivered);
        case life_event::answered_accepted:
            return answer(before, answer_kind::accepted);
        case life_event::answered_rejected:
            return answer(before, answer_kind::rejected);
        case life_event::refused:
            return stop(before, side::refused);
        case life_event::parked:
            return stop(before, side::parked);
        case life_event::hold_asked:
            return hold(before);
        case life_event::release_asked:
            return release(before);
        case life_event::retry_asked:
            return reopen(before);
        case life_event::cancel_asked:
            return cancel(before);
        case life_event::offered:
            return offer(before);
    }
    return unchanged(before, move::impossible);
}

state state_of(const life& l) {
    switch (l.side) {
        case side::refused:
            return state::refused;
        case side::parked:
            return state::parked;
        case side::held:
            return state::held;
        case side::cancelled:
            return state::cancelled;
        case side::none:
            break;
    }
    switch (l.progress) {
        case progress::answered:
            return l.answer == answer_kind::rejected ? state::rejected : state::acknowledged;
        case progress::delivered:
            return state::delivered;
        case progress::sent:
            return state::sent;
        case progress::none:
            break;
    }
    if (l.leased) return state::queued;
    return l.offered ? state::offered : state::waiting;
}

bool is_resolved(const life& l) { return reached(l) || l.side == side::cancelled; }

}  // namespace ecert::hub
