#include "hub/ledger/sqlite/conclude.hpp"

#include "hub/ledger/sqlite/pending_acknowledgements.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace ecert::hub::sqlite {
namespace {

using queue::outcome_class;

std::vector<crypto::sha256> ours(const piece& p, const queue::outcome& o) {
    std::vector<crypto::sha256> sent;
    if (!p.delivery) return sent;
    sent.push_back(p.delivery->digest);
    if (p.delivery->translation) sent.push_back(*p.delivery->translation);
    if (o.translation) sent.push_back(o.translation->digest);
    return sent;
}

bool is_proof_of_delivery(outcome_class c) {
    return c == outcome_class::delivered || c == outcome_class::duplicate;
}

attempt_state state_for_decision(const piece& p, const attempt_over& over, bool proven_before) {
    return {.verb = over.verb,
            .attempts = p.work.spent + 1,
            .first_attempt = p.work.first_attempt.value_or(over.now),
            .ambiguous_since = p.work.ambiguous_since,
            .absent_since = p.work.absent_since,
            .can_track = over.by.can_track,
            .honours_message_id = over.by.honours_message_id,
            .send_again_when_absent = over.by.send_again_when_absent,
            .track_after = over.by.track_after,
            .asked = p.work.asked,
            .overdue = p.delivery && p.delivery->overdue,
            .proven_elsewhere = proven_before,
            .ours = ours(p, over.o),
            .returns = p.work.returns,
            .returns_told = p.work.returns_told,
            .back = over.by.returned,
            .misfit = over.by.misfit};
}

// It needs a person: nothing more happens by itself.
void stop(transaction& t, piece& p, const verdict& v, const queue::outcome& o, const cause& why) {
    const bool refused = v.act == act::refuse;
    const boost::json::object detail{{"reason", v.reason}, {"text", o.text}, {"advice", v.advice}};
    const auto stopped = refused ? life_event::refused : life_event::parked;
    p.work.status = work_status::stopped;
    if (tell(t, p, stopped, why, detail).how != move::applied)
        return;  // delivered after all, or cancelled while it was out
    p.work.reason = v.reason;
    p.work.advice = v.advice;
    alert(t, p, why, refused ? "refused" : "parked",
          fmt::format("{} is {} ({}): {}", subject_of(t, p), refused ? "refused" : "parked",
                      v.reason, o.text));
}

void begin_horizon(work_row& w) {
    w.spent = 0;
    w.first_attempt.reset();
    w.ambiguous_since.reset();
    w.absent_since.reset();
}

void finish(piece& p) {
    p.work.status = work_status::done;
    p.work.ask = false;
    p.work.asked = 0;
    begin_horizon(p.work);
    p.work.reason.clear();
    p.work.advice.clear();
}

void go_on(piece& p, const verdict& v, const attempt_over& over) {
    work_row& w = p.work;
    w.status = work_status::due;
    w.due = v.at;
    w.ask = v.act == act::ask;
    const bool in_custody = over.o.what == outcome_class::sent;
    if (in_custody) begin_horizon(w);
    w.asked += in_custody;
    const bool unsettled = over.o.what == outcome_class::ambiguous;
    if (unsettled && !w.ambiguous_since) w.ambiguous_since = over.now;
    const bool sends_anew = over.verb == queue::verb::track && !w.ask;
    if (sends_anew) {
        w.ambiguous_since.reset();
        w.absent_since.reset();
        w.asked = 0;
    }
    if (p.life().side != side::none) return;  // held meanwhile: a person's reason stands
    w.reason = v.reason.empty() ? std::string{queue::name_of(over.o.what)} : v.reason;
    if (w.returns > 0)
        w.reason = fmt::format(
            "handed back {}: {}",
            w.returns == 1 ? "once" : fmt::format("{} times in a row", w.returns), over.o.text);
    w.advice = v.advice;
}

// Asked, and it is still only in their custody: asked again a day later, or when the next deadline
// has passed.
void watch_again(delivery_row& d, const verdict& v, const attempt_over& over) {
    const bool in_custody = d.life.side == side::none && d.life.progress == progress::sent;
    if (v.act != act::finish || !in_custody || !d.overdue) return;
    d.watch = watch::receipt;
    d.watch_since =
        over.now + std::max(asked_at_most_daily - over.by.receipt_deadline, duration{0});
}

void act_on(transaction& t, piece& p, const verdict& v, const attempt_over& over,
            const cause& why) {
    p.work.spent += v.counts;
    if (p.work.spent == 0) p.work.first_attempt.reset();  // the horizon has not begun
    switch (v.act) {
        case act::finish:
            finish(p);
            break;
        case act::again:
        case act::ask:
            go_on(p, v, over);
            break;
        case act::refuse:
        case act::park:
            stop(t, p, v, over.o, why);
            break;
    }
}

bool is_done(outcome_class c) {
    return is_proof_of_delivery(c) || c == outcome_class::sent || c == outcome_class::done;
}

// They have it, and something is wrong with it for them: no reason to send it again, and one to
// look.
// How their system took it, for whoever asks later.
void tell_of_warning(transaction& t, piece& p, const queue::outcome& o, const cause& why) {
    p.delivery->received = o.warning.empty() ? reception::plain : reception::warned;
    p.delivery->received_text = o.warning;
    if (o.warning.empty()) return;
    note(t, p, why, "warned", {{"text", o.warning}});
    alert(t, p, why, "delivered-with-warning",
          fmt::format("{} is in their system, and they say: {}", subject_of(t, p), o.warning));
}

// They have what we owed them, whichever attempt brought it.
void prove_done(transaction& t, piece& p, const queue::outcome& o, const cause& why) {
    if (!is_done(o.what) || p.work.verb == queue::verb::list) return;
    if (tell(t, p, life_event::proven_delivered, why, {{"attempt", o.attempt}}).how !=
        move::applied)
        return;
    if (p.work.verb == queue::verb::respond)
        t.db.run("UPDATE inbound SET answer_delivered = 1 WHERE id = ?", *p.work.inbound);
}

// Workers died with this task in hand, perhaps of another that they held with it. It was this one
// if they do so again when it is alone; meanwhile nobody knows whether it was sent.
bool becomes_suspect(const piece& p, const queue::outcome& o) {
    return o.what == outcome_class::poison && !p.work.suspect;
}

void count_returns(work_row& w, const queue::outcome& o) {
    const bool back = o.what == outcome_class::returned;
    w.returns = back ? w.returns + 1 : 0;
    if (!back) w.returns_told.reset();
}

// Whatever else they answer, or that they answer nothing, begins the settling anew.
void keep_absence(work_row& w, outcome_class what, time_point now) {
    if (what == outcome_class::returned) return;  // nobody was asked
    if (what != outcome_class::absent)
        w.absent_since.reset();
    else if (!w.absent_since)
        w.absent_since = now;
}

void tell_of_returns(transaction& t, piece& p, const attempt_over& over, const cause& why) {
    p.work.returns_told = over.now;
    alert(
        t, p, why, "handed-back",
        fmt::format("{} was handed back by the workers {} times in a row ({}): it goes on trying, "
                    "but nothing is sent",
                    subject_of(t, p), p.work.returns, over.o.text));
}

void tell_of_list(transaction& t, piece& p, const attempt_over& over, const cause& why) {
    alert(t, p, why, "list-not-understood",
          fmt::format("{} was answered by what no rule of the dialect matches ({}): nothing is "
                      "pulled until it is understood again; it goes on asking",
                      subject_of(t, p), over.o.text));
}

}  // namespace

bool says_nothing_new(const piece& p, const queue::outcome& o, queue::verb verb) {
    return p.delivery && verb == queue::verb::track && o.what == outcome_class::sent &&
           p.life().progress >= progress::sent && o.warning.empty() &&
           (o.reference.empty() || o.reference == p.delivery->reference);
}

bool names_other_bytes(const piece& p, const queue::outcome& o) {
    if (!p.delivery || !o.peer_digest || !is_proof_of_delivery(o.what)) return false;
    const auto sent = ours(p, o);
    return std::find(sent.begin(), sent.end(), *o.peer_digest) == sent.end();
}

void prove(transaction& t, piece& p, const queue::outcome& o, queue::verb verb, const cause& why) {
    if (!p.delivery) return prove_done(t, p, o, why);
    if (verb != queue::verb::deliver && verb != queue::verb::track) return;
    if (says_nothing_new(p, o, verb)) return;
    const bool they_have_it = o.what == outcome_class::sent || is_proof_of_delivery(o.what);
    if (they_have_it && !o.reference.empty()) p.delivery->reference = o.reference;
    boost::json::object detail{{"attempt", o.attempt}};
    if (!o.reference.empty()) detail["reference"] = o.reference;
    if (names_other_bytes(p, o)) {
        alert(t, p, why, "digest-differs",
              fmt::format("{} holds other bytes under certificate {} than we sent", p.work.partner,
                          p.delivery->envelope.number));
    } else if (o.what == outcome_class::sent) {
        tell(t, p, life_event::proven_sent, why, detail);
    } else if (is_proof_of_delivery(o.what)) {
        if (o.what == outcome_class::duplicate) detail["they_had_it"] = true;
        const bool news =
            tell(t, p, life_event::proven_delivered, why, detail).how == move::applied;
        if (news) tell_of_warning(t, p, o, why);
    }
    match_pending(t, p, why);
}

verdict conclude(transaction& t, piece& p, const attempt_over& over, const cause& why) {
    const bool proven_before = p.life().progress >= progress::delivered;
    count_returns(p.work, over.o);
    prove(t, p, over.o, over.verb, why);
    queue::outcome as_decided = over.o;
    if (names_other_bytes(p, over.o)) as_decided.what = outcome_class::duplicate;
    const bool suspect = becomes_suspect(p, over.o);
    if (suspect) as_decided.what = outcome_class::ambiguous;
    verdict v = decide(as_decided, state_for_decision(p, over, proven_before), over.by.retry,
                       over.now, over.jitter);
    if (suspect) v.circuit = circuit_effect::none;
    if (over.o.what != outcome_class::returned) {
        p.work.last_answer = over.o.text;
        p.work.transmitted = true;
    }
    p.work.lease = {};
    p.work.suspect = suspect;
    p.work.crashes = 0;
    p.work.status = work_status::due;
    tell(t, p, life_event::lease_over, why);
    keep_absence(p.work, as_decided.what, over.now);
    const bool news = p.work.reason != v.reason;
    act_on(t, p, v, {as_decided, over.verb, over.by, over.now, over.jitter}, why);
    if (v.alerts && p.life().side == side::none) {
        if (over.o.what == outcome_class::returned)
            tell_of_returns(t, p, over, why);
        else if (news)
            tell_of_list(t, p, over, why);
    }
    if (p.delivery) watch_again(*p.delivery, v, over);
    return v;
}

}  // namespace ecert::hub::sqlite
