#include "hub/ledger/sqlite/conclude.hpp"
#include "hub/ledger/sqlite/pull.hpp"
#include "hub/ledger/sqlite/pulled.hpp"
#include "hub/ledger/sqlite/verbs.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace ecert::hub::sqlite {
namespace {

// The verb of the attempt that this outcome is of, when it is one of this piece of work at all.
std::optional<queue::verb> verb_of_attempt(transaction& t, const piece& p,
                                           const queue::outcome& o) {
    if (o.partner != p.work.partner) return std::nullopt;
    const uuid subject = id_of(t, p);
    for (queue::verb verb : {p.work.verb, queue::verb::track})
        if (o.id == queue::task_id(subject, queue::name_of(verb))) return verb;
    return std::nullopt;
}

// A fetch is done when what it brought was received with it: nothing is lost over an outcome that
// says less.
bool brought_nothing(transaction& t, const piece& p, const queue::outcome& o) {
    return p.work.verb == queue::verb::fetch && o.what == queue::outcome_class::done &&
           !load_pulled(t.db, *p.work.pulled)->confirm;
}

// Looked for by its header alone, another link of the same number may be found: what they call by
// the number of another delivery is not this one.
bool found_another(transaction& t, const piece& p, const queue::outcome& o, queue::verb verb) {
    static const std::string anothers = sql(
        "SELECT 1 FROM attempt a JOIN work w ON w.id = a.work WHERE a.", where::attempt_referenced,
        " AND a.reference = ? AND w.partner = ? AND w.delivery <> ? LIMIT 1");
    if (verb != queue::verb::track || !p.delivery || !p.delivery->reference.empty() ||
        o.reference.empty())
        return false;
    return t.db.prepare(anothers, o.reference, p.work.partner, p.delivery->id).step();
}

// Nothing happened: every few minutes, for ever.
bool is_routine(const piece& p, const queue::outcome& o) {
    return p.work.verb == queue::verb::list && o.what == queue::outcome_class::done;
}

void note_outcome(transaction& t, const piece& p, const queue::outcome& o, const cause& why) {
    boost::json::object detail{{"attempt", o.attempt}, {"class", queue::name_of(o.what)}};
    if (!o.text.empty()) detail["text"] = o.text;
    if (!o.warning.empty()) detail["warning"] = o.warning;
    if (!o.reference.empty()) detail["reference"] = o.reference;
    if (o.scope == queue::outcome_scope::channel) detail["scope"] = "channel";
    note(t, p, why, "outcome", detail);
}

void keep_evidence(transaction& t, const queue::outcome& o, time_point now) {
    const auto& x = o.exchange;
    t.db.run(
        "INSERT INTO attempt(work, attempt, at, class, reference, text, request_head, "
        "request_tail, request_digest, request_size, http_status, reply, reply_digest, tls_peer, "
        "started, ended) VALUES(?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)",
        o.work, o.attempt, now, queue::name_of(o.what), o.reference, o.text, x.request_head,
        x.request_tail, x.request_digest, x.request_size, x.status, blob{x.reply}, x.reply_digest,
        x.tls_peer, x.started, x.ended);
}

// A queue may bring an outcome twice: a hub that died before it acknowledged, a worker that heard
// no confirm, somebody who puts it there again.
bool told_before(transaction& t, const queue::outcome& o) {
    const auto& x = o.exchange;
    return t.db
        .prepare(
            "SELECT 1 FROM attempt WHERE work = ? AND attempt = ? AND class = ? AND text = ? AND "
            "reference = ? AND request_digest = ? AND reply_digest = ? AND started = ? AND "
            "ended = ? LIMIT 1",
            o.work, o.attempt, queue::name_of(o.what), o.text, o.reference, x.request_digest,
            x.reply_digest, x.started, x.ended)
        .step();
}

// The first translation stays: retries send it, never another.
void keep_translation(transaction& t, piece& p, const queue::outcome& o, const cause& why) {
    if (!p.delivery || !o.translation) return;
    const auto& made = *o.translation;
    if (p.delivery->translation) {
        if (*p.delivery->translation != made.digest)
            alert(t, p, why, "translations-differ",
                  fmt::format("attempt {} of certificate {} was translated to other bytes than "
                              "the first transmission; the first is kept",
                              o.attempt, p.delivery->envelope.number));
        return;
    }
    if (made.bytes && crypto::sha256_of(*made.bytes) == made.digest)
        keep(t, made.digest, *made.bytes);
    if (!has_content(t.db, made.digest)) {
        alert(t, p, why, "translation-missing",
              fmt::format("attempt {} of certificate {} names translation {}, which was never "
                          "brought to the hub",
                          o.attempt, p.delivery->envelope.number, made.digest.hex()));
        return;
    }
    p.delivery->translation = made.digest;
    p.delivery->translation_size = made.size;
    note(t, p, why, "translated", {{"digest", made.digest.hex()}});
}

applied unknown(transaction& t, const queue::outcome& o, time_point now) {
    piece nothing;
    nothing.work.partner = o.partner;
    alert(t, nothing, {now, "worker:" + o.partner, o.traceparent}, "unknown-outcome",
          fmt::format("an outcome of {} ({}, task {}, attempt {}) belongs to no work of this "
                      "ledger: it was restored, or another hub's queue is read",
                      o.partner, queue::name_of(o.what), queue::to_string(o.id), o.attempt));
    return {.alerts = std::move(nothing.alerts)};
}

// They have it, or hold it in custody: what waits to be sent again is not sent.
void settle_waiting_work(piece& p, const queue::outcome& o, const work_policy& by, time_point now) {
    const bool held = p.delivery && p.delivery->life.side == side::held;
    const bool waits = p.work.status == work_status::due || held;
    if (!p.delivery || !waits || p.work.status == work_status::leased ||
        o.what != queue::outcome_class::sent || p.delivery->life.progress < progress::sent)
        return;
    if (!by.can_track || by.track_after <= duration{0}) {
        p.work.status = work_status::done;
    } else if (!p.work.ask) {
        p.work.ask = true;
        p.work.due = now + by.track_after;
    }
}

// A list is never done.
void list_again(work_row& w, const queue::outcome& o, const work_policy& by, bool more,
                time_point now) {
    w.status = work_status::due;
    w.page = o.listing ? o.listing->next : std::string{};
    const bool soon = more || !w.page.empty();
    w.due = now + (soon ? std::min(by.retry.first, by.pull_every) : by.pull_every);
}

}  // namespace

result<applied> apply(transaction& t, const queue::outcome& o, const work_policy& by,
                      time_point now, double jitter) {
    auto p = load_piece(t.db, o.work);
    if (!p) return unknown(t, o, now);
    const auto verb = verb_of_attempt(t, *p, o);
    if (!verb) return unknown(t, o, now);
    if (brought_nothing(t, *p, o)) {
        auto as_it_counts = o;
        as_it_counts.what = queue::outcome_class::unrecognised;
        as_it_counts.text = "the fetch brought nothing";
        return apply(t, as_it_counts, by, now, jitter);
    }
    if (found_another(t, *p, o, *verb)) {
        auto as_it_counts = o;
        as_it_counts.what = queue::outcome_class::absent;
        as_it_counts.text = "they know an earlier delivery alone, number " + o.reference;
        as_it_counts.reference.clear();
        return apply(t, as_it_counts, by, now, jitter);
    }

    const cause why{now, "worker:" + o.partner, o.traceparent};
    applied done{.known = o.attempt <= p->work.attempt};
    done.delivery = id_of(t, *p);
    done.before = done.after = state_of(p->life());
    const bool ended_before = p->life().ended;
    const bool open = p->work.status == work_status::leased && o.attempt == p->work.attempt;
    done.repeat = !open && told_before(t, o);
    const auto taken = take_listing(t, *p, o, by, now);
    if (!is_routine(*p, o) || taken.fetches > 0) {
        keep_evidence(t, o, now);
        note_outcome(t, *p, o, why);
    }
    if (done.repeat) return done;
    keep_translation(t, *p, o, why);
    if (open) {
        done.verdict = conclude(t, *p, {o, *verb, by, now, jitter}, why);
    } else {
        prove(t, *p, o, *verb, why);
        settle_waiting_work(*p, o, by, now);
    }
    if (open && is_routine(*p, o)) list_again(p->work, o, by, taken.more, now);
    save(t, *p, now);
    done.after = state_of(p->life());
    done.ended = p->life().ended && !ended_before;
    done.alerts = std::move(p->alerts);
    return done;
}

}  // namespace ecert::hub::sqlite
