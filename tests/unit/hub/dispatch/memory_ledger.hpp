// The working verbs of a ledger, in memory: enough to watch dispatch at work for ten days in
// milliseconds. Every other verb fails.
#pragma once

#include "hub/ledger/ledger.hpp"

#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace ecert::hub {

struct piece_in_memory {
    std::int64_t id = 0;
    std::string partner, channel;
    time_point due{};
    std::uint32_t attempt = 0;  // the last one given out
    std::uint32_t spent = 0;    // counted
    std::optional<time_point> lease;
    time_point first{};
    std::optional<time_point> ambiguous_since;
    std::uint32_t returns = 0;
    bool asking = false, suspect = false, ended = false;
    hub::verdict last;
};

class verbs_not_used : public ledger {
  public:
    template <class T>
    static awaitable<result<T>> no() {
        co_return failure{failure_kind::internal, "dispatch must not use this verb"};
    }
    awaitable<result<accept_result>> accept(accept_request, receipt_writer) override {
        return no<accept_result>();
    }
    awaitable<result<void>> pull(std::vector<pulled_channel>, time_point) override {
        co_return result<void>{};  // each snapshot says that nothing is
    }
    awaitable<result<applied>> fetched(queue::outcome, fetched_arrival, work_policy, time_point,
                                       double) override {
        return no<applied>();
    }
    awaitable<result<arrived>> arrive(arrival) override { return no<arrived>(); }
    awaitable<result<acknowledged>> acknowledge(acknowledgement) override {
        return no<acknowledged>();
    }
    awaitable<result<inbound_view>> answer(uuid, std::string, queue::answer, time_point,
                                           std::string) override {
        return no<inbound_view>();
    }
    awaitable<result<state>> retry(uuid, std::string, std::string, time_point) override {
        return no<state>();
    }
    awaitable<result<state>> hold(uuid, std::string, std::string, time_point) override {
        return no<state>();
    }
    awaitable<result<state>> release(uuid, std::string, std::string, time_point) override {
        return no<state>();
    }
    awaitable<result<state>> cancel(uuid, std::string, std::string, time_point) override {
        return no<state>();
    }
    awaitable<result<certificate_view>> certificate(uuid, std::string) override {
        return no<certificate_view>();
    }
    awaitable<result<std::vector<event_view>>> events(uuid, std::string) override {
        return no<std::vector<event_view>>();
    }
    awaitable<result<page<certificate_view>>> list(list_query) override {
        return no<page<certificate_view>>();
    }
    awaitable<result<page<custody_view>>> custody(list_query) override {
        return no<page<custody_view>>();
    }
    awaitable<result<custody_view>> custody_of(uuid) override { return no<custody_view>(); }
    awaitable<result<page<inbound_view>>> inbox(list_query, bool) override {
        return no<page<inbound_view>>();
    }
    awaitable<result<inbound_view>> inbound(uuid, std::string, bool) override {
        return no<inbound_view>();
    }
    awaitable<result<std::vector<work_count>>> counts() override {
        return no<std::vector<work_count>>();
    }
    awaitable<result<std::vector<certificate_view>>> offered(std::vector<std::string>,
                                                             unsigned) override {
        return no<std::vector<certificate_view>>();
    }
    awaitable<result<certificate_view>> report(partner_report) override {
        return no<certificate_view>();
    }
    awaitable<result<inbound_view>> receive(uuid, std::string, reception, std::string, time_point,
                                            std::string) override {
        return no<inbound_view>();
    }
    awaitable<result<certificate_view>> delivery_to(uuid, std::vector<std::string>) override {
        return no<certificate_view>();
    }
    awaitable<result<inbound_view>> arrival_from(uuid, std::vector<std::string>) override {
        return no<inbound_view>();
    }
    awaitable<result<inbound_view>> arrival_numbered(std::string, std::string,
                                                     std::vector<std::string>) override {
        return no<inbound_view>();
    }
    awaitable<result<std::vector<certificate_view>>> under_way(std::string, unsigned) override {
        return no<std::vector<certificate_view>>();
    }
    awaitable<result<std::vector<inbound_view>>> arrivals_since(std::vector<std::string>,
                                                                time_point, unsigned) override {
        return no<std::vector<inbound_view>>();
    }
    awaitable<result<std::vector<inbound_view>>> to_receive(std::string, unsigned,
                                                            std::string) override {
        return no<std::vector<inbound_view>>();
    }
    awaitable<result<inbound_view>> arrival_like(std::string, queue::envelope) override {
        return no<inbound_view>();
    }
    awaitable<result<crypto::source_ptr>> content(crypto::sha256) override {
        return no<crypto::source_ptr>();
    }
    awaitable<result<audit_result>> audit() override { return no<audit_result>(); }
    awaitable<result<void>> note_act(std::string, std::string, std::string, time_point) override {
        co_return failure{failure_kind::internal, "dispatch must not use this verb"};
    }
    awaitable<result<bool>> remember_signature(crypto::sha256, time_point, time_point) override {
        return no<bool>();
    }
    awaitable<void> close() override { co_return; }
};

class memory_ledger final : public verbs_not_used {
  public:
    std::int64_t add(const std::string& partner, time_point due, bool suspect = false) {
        piece_in_memory p;
        p.id = ++last_id_;
        p.partner = partner;
        p.due = due;
        p.suspect = suspect;
        pieces[p.id] = p;
        return p.id;
    }
    bool leased(std::int64_t work, std::uint32_t attempt) const {
        const auto found = pieces.find(work);
        return found != pieces.end() && found->second.lease && found->second.attempt == attempt;
    }

    awaitable<result<std::vector<due_partner>>> due(time_point now) override {
        ++due_calls;
        std::map<std::string, due_partner> all;
        for (const auto& [id, p] : pieces) {
            if (p.ended || p.lease || p.due > now) continue;
            auto& of = all[p.partner];
            if (of.ready++ == 0 || p.due < of.due) of.due = p.due;
            of.partner = p.partner;
        }
        std::vector<due_partner> rows;
        for (auto& [name, row] : all) rows.push_back(row);
        co_return rows;
    }

    awaitable<result<std::vector<queue::task>>> take_due(std::string partner, unsigned most,
                                                         lease_terms terms) override {
        ++takes;
        std::vector<piece_in_memory*> ready;
        for (auto& [id, p] : pieces)
            if (p.partner == partner && !p.ended && !p.lease && p.due <= terms.now)
                ready.push_back(&p);
        std::stable_sort(ready.begin(), ready.end(),
                         [](auto* a, auto* b) { return a->due < b->due; });
        if (ready.size() > most) ready.resize(most);
        std::vector<queue::task> tasks;
        for (auto* p : ready) tasks.push_back(lease(*p, terms));
        co_return tasks;
    }

    awaitable<result<applied>> apply(queue::outcome o, work_policy by, time_point now,
                                     double jitter) override {
        if (broken) co_return failure{failure_kind::unavailable, "the disk is full"};
        if (o.work == throws) throw std::runtime_error("no such column");
        if (o.work == never) co_return failure{failure_kind::internal, "never"};
        applied done;
        const auto found = pieces.find(o.work);
        if (found == pieces.end() || found->second.attempt < o.attempt) co_return done;
        auto& p = found->second;
        done.known = true;
        if (!leased(o.work, o.attempt))
            co_return done;  // an older attempt: recorded, nothing follows
        done.verdict = conclude(p, o, by, now, jitter);
        done.ended = p.ended;
        ++outcomes;
        co_return done;
    }

    awaitable<result<void>> unpublished(std::int64_t work, std::uint32_t attempt, time_point now,
                                        duration after) override {
        if (!leased(work, attempt)) co_return result<void>{};
        auto& p = pieces[work];
        p.lease.reset();
        --p.spent;
        p.due = now + after;
        co_return result<void>{};
    }

    awaitable<result<void>> alone(std::int64_t work, std::uint32_t attempt, bool is) override {
        if (leased(work, attempt)) pieces[work].suspect = is;
        co_return result<void>{};
    }

    awaitable<result<unsigned>> end_leases(time_point now,
                                           std::function<work_policy(const std::string&)> policy,
                                           unsigned most) override {
        unsigned ended = 0;
        for (auto& [id, p] : pieces) {
            if (!p.lease || *p.lease > now || ended == most) continue;
            queue::outcome none;
            none.work = id;
            none.attempt = p.attempt;
            none.what = queue::outcome_class::ambiguous;
            conclude(p, none, policy(p.partner), now, 0);
            ++ended;
        }
        co_return ended;
    }

    awaitable<result<std::vector<std::string>>> overdue(
        time_point, std::function<work_policy(const std::string&)>) override {
        ++overdue_calls;
        co_return std::vector<std::string>{};
    }

    awaitable<result<std::optional<time_point>>> next_due() override {
        std::optional<time_point> next;
        for (const auto& [id, p] : pieces) {
            if (p.ended) continue;
            const time_point at = p.lease ? *p.lease : p.due;
            if (!next || at < *next) next = at;
        }
        co_return next;
    }

    awaitable<result<std::vector<open_lease>>> leased(time_point now) override {
        if (leases_unknown) co_return failure{failure_kind::unavailable, "the disk is full"};
        std::vector<open_lease> open;
        for (const auto& [id, p] : pieces)
            if (p.lease && *p.lease > now)
                open.push_back({id, p.attempt, p.partner, p.channel, *p.lease, p.suspect});
        co_return open;
    }

    awaitable<result<void>> put(crypto::source_ptr content) override {
        if (broken) co_return failure{failure_kind::unavailable, "the disk is full"};
        if (keeping_throws) throw std::runtime_error("out of memory");
        kept.push_back(crypto::read_all(*content, 1 << 20));
        co_return result<void>{};
    }

    std::map<std::int64_t, piece_in_memory> pieces;
    std::vector<std::string> kept;
    bool broken = false, leases_unknown = false, keeping_throws = false;
    std::int64_t never = -1;   // the outcome of this piece is refused for good
    std::int64_t throws = -1;  // applying the outcome of this piece breaks off
    unsigned due_calls = 0, takes = 0, overdue_calls = 0, outcomes = 0;

  private:
    static queue::task lease(piece_in_memory& p, const lease_terms& terms) {
        ++p.attempt;
        ++p.spent;
        if (p.first == time_point{}) p.first = terms.now;
        p.lease =
            terms.now + terms.limits.start_by + terms.limits.attempt_limit + terms.limits.skew;
        queue::task t;
        t.verb = p.asking ? queue::verb::track : queue::verb::deliver;
        t.work = p.id;
        t.attempt = p.attempt;
        t.partner = p.partner;
        t.start_by = terms.now + terms.limits.start_by;
        t.suspect = p.suspect;
        return t;
    }

    static verdict conclude(piece_in_memory& p, const queue::outcome& o, const work_policy& by,
                            time_point now, double jitter) {
        attempt_state s;
        s.verb = p.asking ? queue::verb::track : queue::verb::deliver;
        s.attempts = p.spent;
        s.first_attempt = p.first;
        s.ambiguous_since = p.ambiguous_since;
        s.can_track = by.can_track;
        s.honours_message_id = by.honours_message_id;
        p.returns = o.what == queue::outcome_class::returned ? p.returns + 1 : 0;
        s.returns = p.returns;
        s.back = by.returned;
        const auto v = decide(o, s, by.retry, now, jitter);
        p.last = v;
        p.lease.reset();
        p.suspect = false;
        p.asking = v.act == act::ask;
        p.ended = v.act != act::ask && v.act != act::again;
        p.due = v.at;
        if (!v.counts) --p.spent;
        if (o.what == queue::outcome_class::ambiguous && !p.ambiguous_since)
            p.ambiguous_since = now;
        return v;
    }

    std::int64_t last_id_ = 0;
};

}  // namespace ecert::hub
