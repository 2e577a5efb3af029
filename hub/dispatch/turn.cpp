#include "hub/dispatch/turn.hpp"

#include "hub/dispatch/dispatch_log.hpp"
#include "hub/dispatch/publish.hpp"
#include "hub/dispatch/together.hpp"

#include <algorithm>

namespace ecert::hub {
namespace {

constexpr unsigned lease_batch = 256;
constexpr duration lease_watch = 30s;  // leases of another epoch or hub are looked for so often
constexpr duration overdue_watch = 60s;
constexpr duration look_ahead = 10min;
constexpr duration soon = 1s;
// A queue that takes longer publishes beside the next turns.
constexpr duration turn_patience = 100ms;
constexpr duration noticeable_jump = 1s;

}  // namespace

awaitable<time_point> turn::take() {
    desk_->adopt_snapshot();
    watch_clock();
    co_await end_leases();
    if (!co_await know_who_is_out()) co_return desk_->parts.time.now() + soon;
    co_await alert_overdue();
    co_await say_what_is_pulled();
    const auto now = desk_->parts.time.now();
    if (desk_->stopping) co_return now + overdue_watch;
    auto due = co_await desk_->parts.ledger.due(now);
    if (!due) {
        dispatch_log::ledger_failed("due", due.error().text);
        co_return now + soon;
    }
    if (!desk_->queue_is_there()) {
        desk_->due_without_queue = sum_of(*due);
        co_return now + soon;
    }
    co_await together(desk_->on, jobs_for(*due), turn_patience);
    co_return co_await come_again();
}

// Attempts that outlived the process before count in the windows like our own: once, before
// anything is published. False: the ledger cannot say now.
awaitable<bool> turn::know_who_is_out() {
    if (knows_who_is_out_) co_return true;
    auto open = co_await desk_->parts.ledger.leased(desk_->parts.time.now());
    if (!open) {
        dispatch_log::ledger_failed("leased", open.error().text);
        co_return false;
    }
    for (auto& l : *open) {
        const plan* of = desk_->planned()->of(l.partner);
        const auto& channel = of ? of->partner->channel : l.channel;
        desk_->flights.depart({l.work, l.attempt, l.partner, channel, l.ends, l.suspect});
    }
    if (!open->empty()) dispatch_log::leases_inherited(open->size());
    co_return knows_who_is_out_ = true;
}

awaitable<void> turn::end_leases() {
    const auto now = desk_->now();
    const auto lost = desk_->flights.lost(now.wall);
    for (const auto& f : lost) {
        dispatch_log::flight_lost(f.work, f.attempt, f.partner);
        desk_->probe_lost(f.channel, f.work);
    }
    const bool time_to_look = !leases_seen_ || now.steady - *leases_seen_ >= lease_watch;
    if (lost.empty() && !time_to_look) co_return;
    leases_seen_ = now.steady;
    const auto policy = [planned = desk_->planned()](const std::string& partner) {
        return planned->policy(partner);
    };
    for (;;) {
        auto ended = co_await desk_->parts.ledger.end_leases(now.wall, policy, lease_batch);
        if (!ended) {
            dispatch_log::ledger_failed("end_leases", ended.error().text);
            co_return;
        }
        if (*ended > 0) dispatch_log::leases_ended(*ended);
        if (*ended < lease_batch) co_return;
    }
}

awaitable<void> turn::alert_overdue() {
    const auto now = desk_->now();
    if (overdue_seen_ && now.steady - *overdue_seen_ < overdue_watch) co_return;
    overdue_seen_ = now.steady;
    const auto policy = [planned = desk_->planned()](const std::string& partner) {
        return planned->policy(partner);
    };
    auto texts = co_await desk_->parts.ledger.overdue(now.wall, policy);
    if (!texts) dispatch_log::ledger_failed("overdue", texts.error().text);
}

// Once a snapshot: the ledger keeps one list a channel, due again by itself.
awaitable<void> turn::say_what_is_pulled() {
    const auto planned = desk_->planned();
    if (pulls_told_ == planned || !planned->from()) co_return;
    auto told = co_await desk_->parts.ledger.pull(planned->pulled(), desk_->parts.time.now());
    if (told)
        pulls_told_ = planned;
    else
        dispatch_log::ledger_failed("pull", told.error().text);
}

void turn::watch_clock() {
    const auto now = desk_->now();
    const auto offset =
        now.wall.time_since_epoch() - std::chrono::floor<duration>(now.steady.time_since_epoch());
    const auto by = clock_offset_ ? offset - *clock_offset_ : duration{0};
    clock_offset_ = offset;
    if (by < noticeable_jump && by > -noticeable_jump) return;
    if (by < duration{0}) desk_->flights.bring_forward(-by);
    dispatch_log::clock_jumped(by);
    desk_->parts.figures.alert("clock_jumped");
}

// Null: this partner cannot be served now.
std::optional<claim> turn::claim_of(const due_partner& due) {
    const plan* of = desk_->planned()->of(due.partner);
    if (!of) {
        if (desk_->unknown.insert(due.partner).second) {
            dispatch_log::partner_unknown(due.partner, due.ready);
            desk_->parts.figures.alert("partner_unknown");
        }
        return std::nullopt;
    }
    const auto& queue = desk_->outlets[due.partner];
    if (queue.busy || desk_->rests(queue)) return std::nullopt;
    const std::uint64_t ready = queue.doubtful ? std::min<std::uint64_t>(due.ready, 1) : due.ready;
    return claim{due.partner, ready, desk_->flights.of(due.partner), of->partner->priority};
}

std::vector<awaitable<void>> turn::jobs_for(const std::vector<due_partner>& due) {
    std::map<std::string, std::vector<claim>> by_channel;
    for (const auto& d : due)
        if (auto one = claim_of(d))
            by_channel[desk_->planned()->of(d.partner)->partner->channel].push_back(
                std::move(*one));
    std::vector<awaitable<void>> jobs;
    for (auto& [channel, claims] : by_channel) jobs_of_channel(channel, std::move(claims), jobs);
    return jobs;
}

void turn::jobs_of_channel(const std::string& channel, std::vector<claim> claims,
                           std::vector<awaitable<void>>& into) {
    const auto open = desk_->look(channel);
    if (open.room == 0) return;
    auto& lane = desk_->lane(channel);
    if (!open.probe) {
        for (auto& g : lane.share(open.room, std::move(claims)))
            into.push_back(publish_due(desk_, std::move(g.partner), g.count));
        return;
    }
    std::vector<std::string> partners;
    for (auto& c : claims) c.ready = 1;
    for (auto& g : lane.share(static_cast<unsigned>(claims.size()), claims))
        partners.push_back(std::move(g.partner));
    into.push_back(publish_probe(desk_, channel, std::move(partners)));
}

// Null: an outcome or the end of a publish will wake us.
std::optional<time_point> turn::when_possible(const due_partner& due) {
    const auto now = desk_->now();
    const plan* of = desk_->planned()->of(due.partner);
    if (!of) return std::nullopt;
    const auto& queue = desk_->outlets[due.partner];
    if (queue.busy) return std::nullopt;
    if (desk_->rests(queue))
        return now.wall + std::chrono::ceil<duration>(queue.rest_until - now.steady);
    const auto open = desk_->look(of->partner->channel);
    if (open.room > 0) return now.wall + soon;
    if (!open.again) return std::nullopt;
    return now.wall + std::max(*open.again, duration{1});
}

awaitable<time_point> turn::come_again() {
    const auto now = desk_->parts.time.now();
    time_point at = now + look_ahead;
    if (const auto end = desk_->flights.next_end()) at = std::min(at, *end);
    auto next = co_await desk_->parts.ledger.next_due();
    if (!next) co_return now + soon;
    if (!next->has_value()) co_return at;
    if (**next > now) co_return std::min(at, **next);
    // Something due cannot go now. It must not hide what of others becomes due meanwhile.
    auto ahead = co_await desk_->parts.ledger.due(now + look_ahead);
    if (!ahead) co_return now + soon;
    for (const auto& d : *ahead) {
        if (d.due > now)
            at = std::min(at, d.due);
        else if (const auto possible = when_possible(d))
            at = std::min(at, *possible);
    }
    co_return at;
}

}  // namespace ecert::hub
