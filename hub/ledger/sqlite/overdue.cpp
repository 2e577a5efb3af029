#include "hub/ledger/sqlite/chain.hpp"
#include "hub/ledger/sqlite/far_due.hpp"
#include "hub/ledger/sqlite/verbs.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>

namespace ecert::hub::sqlite {
namespace {

constexpr duration blocked_too_long = 15min;
constexpr duration unmatched_too_long = 10min;
constexpr unsigned most_at_once = 200;  // of each kind; the rest with the next call

std::vector<std::int64_t> rows_of(query q) {
    std::vector<std::int64_t> rows;
    while (q.step()) rows.push_back(q.integer(0));
    return rows;
}

// Partners that owe something of this kind, by skipping from one to the next in the index.
std::vector<std::string> partners_watched(transaction& t, watch kind) {
    static const std::string next =
        sql("SELECT partner FROM delivery WHERE ", where::delivery_watched,
            " AND watch = ? AND partner > ? ORDER BY partner LIMIT 1");
    std::vector<std::string> partners;
    std::string last;
    for (;;) {
        auto q = t.db.prepare(next, kind, last);
        if (!q.step()) return partners;
        last = q.text(0);
        partners.push_back(last);
    }
}

std::vector<std::int64_t> late(transaction& t, watch kind, const std::string& partner,
                               time_point before) {
    static const std::string over =
        sql("SELECT id FROM delivery WHERE ", where::delivery_watched,
            " AND watch = ? AND partner = ? AND watch_since <= ? ORDER BY watch_since LIMIT ?");
    return rows_of(t.db.prepare(over, kind, partner, before, most_at_once));
}

// In custody, but never confirmed: asked for where that can be done. `absent` must settle before it
// counts.
void ask_for_it(piece& p, time_point now) {
    if (p.work.status != work_status::done) return;
    p.work.status = work_status::due;
    p.work.due = now;
    p.work.ask = true;
    p.work.ambiguous_since = now;
    p.work.reason = "receipt overdue: asking";
}

void alert_receipt(transaction& t, piece& p, const work_policy& by, time_point now) {
    alert(t, p, {now, "hub", p.delivery->traceparent}, "receipt-overdue",
          fmt::format("{} took certificate {} but has not confirmed it in its system{}",
                      p.work.partner, p.delivery->envelope.number,
                      by.can_track ? "; it is being asked" : ""));
}

void receipts(transaction& t, time_point now, const policy_of& policy,
              std::vector<std::string>& texts) {
    for (const auto& partner : partners_watched(t, watch::receipt)) {
        const work_policy by = policy(partner);
        for (auto row : late(t, watch::receipt, partner, now - by.receipt_deadline)) {
            auto p = load_piece_of_delivery(t.db, row);
            p->delivery->watch = watch::none;
            if (by.can_track) ask_for_it(*p, now);
            if (!p->delivery->overdue) alert_receipt(t, *p, by, now);
            p->delivery->overdue = true;
            save(t, *p, now);
            std::ranges::move(p->alerts, std::back_inserter(texts));
        }
    }
}

// It stays on offer: nobody but they can fetch it.
void fetches(transaction& t, time_point now, const policy_of& policy,
             std::vector<std::string>& texts) {
    for (const auto& partner : partners_watched(t, watch::fetch)) {
        const work_policy by = policy(partner);
        for (auto row : late(t, watch::fetch, partner, now - by.receipt_deadline)) {
            auto p = load_piece_of_delivery(t.db, row);
            p->delivery->watch = watch::none;
            alert(t, *p, {now, "hub", p->delivery->traceparent}, "offer-overdue",
                  fmt::format("{} has not fetched certificate {}, which is still on offer", partner,
                              p->delivery->envelope.number));
            save(t, *p, now);
            std::ranges::move(p->alerts, std::back_inserter(texts));
        }
    }
}

void answers(transaction& t, time_point now, const policy_of& policy,
             std::vector<std::string>& texts) {
    for (const auto& partner : partners_watched(t, watch::answer)) {
        const work_policy by = policy(partner);
        for (auto row : late(t, watch::answer, partner, now - by.acknowledgement_deadline)) {
            auto p = load_piece_of_delivery(t.db, row);
            p->delivery->watch = watch::none;
            alert(t, *p, {now, "hub", p->delivery->traceparent}, "acknowledgement-overdue",
                  fmt::format("the authority of {} has not answered certificate {}", partner,
                              p->delivery->envelope.number));
            save(t, *p, now);
            std::ranges::move(p->alerts, std::back_inserter(texts));
        }
    }
}

// Withdrawals first: what they should no longer believe is more urgent than what they do not know
// yet.
void blocked(transaction& t, time_point now, std::vector<std::string>& texts) {
    static const std::string since = sql("SELECT id FROM work WHERE ", where::work_blocked,
                                         " AND blocked_since <= ? ORDER BY blocked_since LIMIT ?");
    std::vector<piece> late_ones;
    for (auto row : rows_of(t.db.prepare(since, now - blocked_too_long, most_at_once)))
        late_ones.push_back(*load_piece(t.db, row));
    const auto withdrawals = [](const piece& p) {
        return p.delivery->envelope.status == status_withdrawn;
    };
    std::ranges::stable_partition(late_ones, withdrawals);
    for (auto& p : late_ones) {
        p.work.blocked_since.reset();
        alert(t, p, {now, "hub", p.delivery->traceparent}, "chain-blocked",
              fmt::format("{} {} for {} waits for an earlier link of its chain for over 15 minutes",
                          withdrawals(p) ? "the withdrawal of certificate" : "certificate",
                          p.delivery->envelope.number, p.work.partner));
        update(t, p.work);
        std::ranges::move(p.alerts, std::back_inserter(texts));
    }
}

void unmatched(transaction& t, time_point now, std::vector<std::string>& texts) {
    static const std::string old =
        sql("SELECT id FROM acknowledgement WHERE ", where::acknowledgement_unalerted,
            " AND at <= ? ORDER BY at LIMIT ?");
    for (auto row : rows_of(t.db.prepare(old, now - unmatched_too_long, most_at_once))) {
        piece p;
        std::string number;
        {
            auto q = t.db.prepare("SELECT partner, number FROM acknowledgement WHERE id = ?", row);
            q.step();
            q.read(p.work.partner, number);
        }
        alert(t, p, {now, "hub", {}}, "acknowledgement-unmatched",
              fmt::format("{} acknowledged certificate {}, of which we know no delivery to them",
                          p.work.partner, number));
        t.db.run("UPDATE acknowledgement SET alerted = 1 WHERE id = ?", row);
        std::ranges::move(p.alerts, std::back_inserter(texts));
    }
}

}  // namespace

result<std::vector<std::string>> overdue(transaction& t, time_point now, const policy_of& policy) {
    std::vector<std::string> texts;
    blocked(t, now, texts);
    receipts(t, now, policy, texts);
    fetches(t, now, policy, texts);
    answers(t, now, policy, texts);
    unmatched(t, now, texts);
    pull_in_far_due(t, now, policy, texts);
    return texts;
}

}  // namespace ecert::hub::sqlite
