#include "hub/ledger/sqlite/leases.hpp"

#include "hub/ledger/sqlite/conclude.hpp"
#include "hub/ledger/sqlite/verbs.hpp"

namespace ecert::hub::sqlite {
namespace {

std::vector<std::int64_t> leases_over(transaction& t, time_point now, unsigned most) {
    static const std::string over = sql("SELECT id FROM work WHERE ", where::work_leased,
                                        " AND lease <= ? ORDER BY lease LIMIT ?");
    std::vector<std::int64_t> rows;
    auto q = t.db.prepare(over, now, most);
    while (q.step()) rows.push_back(q.integer(0));
    return rows;
}

// One that seems longer than any that was ever given was given before the wall clock went back, and
// begins again now.
void shorten_impossible_leases(transaction& t, time_point now) {
    static const std::string shorten =
        sql("UPDATE work SET lease = ? WHERE ", where::work_leased, " AND lease > ?");
    const time_point latest = now + longest_lease(t);
    t.db.run(shorten, latest, latest);
}

}  // namespace

duration longest_lease(transaction& t) {
    auto q = t.db.prepare("SELECT value FROM meta WHERE key = 'longest_lease'");
    return q.step() ? duration{q.integer(0)} : duration{0};
}

void remember_lease(transaction& t, duration given) {
    t.db.run(
        "INSERT INTO meta(key, value) VALUES('longest_lease', ?1) "
        "ON CONFLICT(key) DO UPDATE SET value = ?1 WHERE value < ?1",
        given.count());
}

void forget_longest_lease(transaction& t) {
    static const std::string held =
        sql("SELECT 1 FROM work WHERE ", where::work_leased, " AND lease > 0 LIMIT 1");
    if (!t.db.prepare(held).step()) t.db.run("DELETE FROM meta WHERE key = 'longest_lease'");
}

result<void> unpublished(transaction& t, std::int64_t work, std::uint32_t attempt, time_point now,
                         duration after) {
    auto p = load_piece(t.db, work);
    if (!p) return failure{failure_kind::not_found, "there is no such piece of work"};
    if (p->work.status != work_status::leased || p->work.attempt != attempt) return {};
    const cause why{now, "hub", {}};
    note(t, *p, why, "unpublished", {{"attempt", attempt}});
    p->work.status = work_status::due;
    p->work.due = now + after;
    p->work.lease = {};
    if (p->work.spent == 0) p->work.first_attempt.reset();
    p->work.reason = "the queue did not take it";
    p->work.advice.clear();
    tell(t, *p, life_event::lease_over, why);
    save(t, *p, now);
    return {};
}

result<unsigned> end_leases(transaction& t, time_point now, const policy_of& policy,
                            unsigned most) {
    shorten_impossible_leases(t, now);
    unsigned ended = 0;
    for (std::int64_t row : leases_over(t, now, most)) {
        auto p = load_piece(t.db, row);
        const bool void_lease = p->work.lease == time_point{};
        queue::outcome nothing_came;
        nothing_came.attempt = p->work.attempt;
        nothing_came.work = row;
        nothing_came.partner = p->work.partner;
        nothing_came.channel = p->work.channel;
        nothing_came.what = queue::outcome_class::ambiguous;
        nothing_came.text = void_lease ? "the hub stopped before the outcome came"
                                       : "no outcome came within the lease";
        const cause why{now, "hub", p->delivery ? p->delivery->traceparent : std::string{}};
        note(t, *p, why, "lease-over", {{"attempt", p->work.attempt}, {"text", nothing_came.text}});
        const auto verb = p->work.ask ? queue::verb::track : p->work.verb;
        const bool suspect = p->work.suspect;
        const auto crashes = p->work.crashes;
        p->work.lost = true;
        conclude(t, *p, {nothing_came, verb, policy(p->work.partner), now, 0.0}, why);
        p->work.suspect = suspect;  // only a real outcome, or a clean stop, clears it
        p->work.crashes = crashes;
        save(t, *p, now);
        ++ended;
    }
    return ended;
}

}  // namespace ecert::hub::sqlite
