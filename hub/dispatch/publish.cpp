#include "hub/dispatch/publish.hpp"

#include "hub/dispatch/dispatch_log.hpp"
#include "hub/dispatch/together.hpp"
#include "queue/lease.hpp"

#include <algorithm>
#include <utility>

namespace ecert::hub {
namespace {

constexpr duration publish_deadline = 5s;
constexpr duration publish_patience = 2 * publish_deadline;
constexpr duration suspect_delay = 1s;
constexpr duration found_nothing_rest = 1s;
constexpr duration doubt_rest = 5s, longest_doubt_rest = 60s;

// Holds the places of a take, and the partner's turn, whatever happens to the coroutine.
class booking {
  public:
    booking(desk_ptr d, const std::string& partner, const std::string& channel, unsigned places)
        : desk_{std::move(d)},
          queue_{desk_->outlets[partner]},
          held_{desk_->reserved[channel]},
          places_{places} {
        queue_.busy = true;
        held_ += places_;
    }
    ~booking() {
        free_places();
        queue_.busy = false;
        desk_->wake.ring();
    }
    booking(const booking&) = delete;
    booking& operator=(const booking&) = delete;
    void free_places() { held_ -= std::exchange(places_, 0u); }

  private:
    desk_ptr desk_;
    outlet& queue_;
    unsigned& held_;
    unsigned places_;
};

// `by` is as it was planned, whatever is loaded meanwhile.
awaitable<std::vector<queue::task>> take(desk_ptr d, std::string partner, unsigned most,
                                         const plan& by) {
    const auto& told = d->planned()->from()->configuration->node.limits;
    const lease_terms terms{d->parts.settings, d->parts.time.now(), by.policy.dialect,
                            told.certificate_bytes, by.partner->channel};
    auto taken = co_await d->parts.ledger.take_due(partner, most, terms);
    if (taken) co_return std::move(taken).value();
    dispatch_log::ledger_failed("take_due", taken.error().text);
    co_return std::vector<queue::task>{};
}

void depart(desk& d, queue::task& t, const plan& by) {
    t.channel = by.partner->channel;
    t.profile = by.profile;
    t.dialect = by.policy.dialect;
    d.flights.depart({t.work, t.attempt, t.partner, t.channel,
                      queue::lease_end(t, d.parts.settings), t.suspect});
    d.lane(t.channel).sent(1, d.parts.time.steady());
}

// The task never reached a queue: its lease ends, and no attempt is counted.
awaitable<void> hand_back(desk_ptr d, queue::task t, duration after, std::string why) {
    dispatch_log::handed_back(t, why);
    auto done = co_await d->parts.ledger.unpublished(t.work, t.attempt, d->parts.time.now(), after);
    if (!done) {
        dispatch_log::ledger_failed("unpublished", done.error().text);
        co_return;  // the lease decides
    }
    d->flights.land(t.work, t.attempt);
    d->probe_lost(t.channel, t.work);
    d->landed.ring();
}

awaitable<queue::publication> send(desk_ptr d, queue::task& t) {
    auto& over = d->parts.queue;
    auto& of = d->outlets[t.partner];
    try {
        if (!of.declared) over.declare(queue::work_queue(t.partner));
        of.declared = true;
        if (d->parts.token) t.token = d->parts.token(t);
        auto message = d->parts.codec.encode(t);
        if (!message) {
            dispatch_log::job_failed(message.error().text);
            co_return queue::publication::refused;
        }
        d->reached("before-publish");
        const auto how = co_await over.publish(queue::work_queue(t.partner), std::move(*message),
                                               publish_deadline);
        d->reached("after-publish");
        co_return how;
    } catch (const std::exception& e) {
        dispatch_log::job_failed(e.what());
        co_return queue::publication::unconfirmed;  // it may be there
    }
}

awaitable<void> publish_one(desk_ptr d, queue::task t) {
    const auto begun = d->parts.time.steady();
    const auto how = co_await send(d, t);
    auto& of = d->outlets[t.partner];
    if (how == queue::publication::confirmed) {
        of.doubtful = false;
        if (std::exchange(of.stalled, false)) dispatch_log::outlet_flows(t.partner);
        dispatch_log::published(t);
        const auto took = std::chrono::duration<double>(d->parts.time.steady() - begun);
        d->parts.figures.stage("publish", took.count());
        co_return;
    }
    dispatch_log::not_published(t, how);
    if (!std::exchange(of.stalled, true)) {
        dispatch_log::outlet_stalled(t.partner, how);
        d->parts.figures.alert("queue_stalled");
    }
    const bool unknown = how == queue::publication::unconfirmed;  // only its lease tells then
    const auto first = unknown ? doubt_rest : d->parts.settings.returned_delay;
    d->rest(of, first, std::max(first, longest_doubt_rest));
    of.doubtful = true;
    if (unknown) co_return;
    of.declared = false;
    co_await hand_back(d, std::move(t), d->parts.settings.returned_delay, "no place in the queue");
}

}  // namespace

awaitable<void> publish_due(desk_ptr d, std::string partner, unsigned most) {
    const plans_ptr planned = d->planned();
    const plan* by = planned->of(partner);
    if (!by) co_return;
    booking held{d, partner, by->partner->channel, most};
    const auto back = d->flights.suspects_back();
    auto tasks = co_await take(d, partner, most, *by);
    held.free_places();
    auto& of = d->outlets[partner];
    if (tasks.empty()) {
        d->rest(of, found_nothing_rest, found_nothing_rest);
        of.found_nothing = back;
    } else if (std::exchange(of.found_nothing, std::nullopt)) {
        of.rest_until = {};
    }
    std::vector<awaitable<void>> jobs;
    for (auto& t : tasks) {
        const bool second_suspect = t.suspect && d->flights.suspect_out();
        depart(*d, t, *by);
        if (second_suspect)
            jobs.push_back(hand_back(d, std::move(t), suspect_delay, "another suspect is out"));
        else
            jobs.push_back(publish_one(d, std::move(t)));
    }
    co_await together(d->on, std::move(jobs), publish_patience);
}

awaitable<void> publish_probe(desk_ptr d, std::string channel, std::vector<std::string> partners) {
    const plans_ptr planned = d->planned();
    std::optional<queue::task> chosen, last_resort;
    std::vector<queue::task> spare;
    for (const auto& partner : partners) {
        if (chosen) break;
        const plan* by = planned->of(partner);
        if (!by) continue;
        booking held{d, partner, channel, 1};
        for (auto& t : co_await take(d, partner, 2, *by)) {
            depart(*d, t, *by);
            auto& place = t.work == d->lane(channel).circuit().opener() ? last_resort : chosen;
            if (place)
                spare.push_back(std::move(t));
            else
                place = std::move(t);
        }
    }
    if (!chosen) std::swap(chosen, last_resort);
    if (last_resort) spare.push_back(std::move(*last_resort));
    if (chosen) d->lane(channel).circuit().probe_sent(chosen->work);
    for (auto& t : spare)
        co_await hand_back(d, std::move(t), duration{0}, "another task is the probe");
    if (!chosen) co_return;
    booking held{d, chosen->partner, channel, 0};
    co_await publish_one(d, std::move(*chosen));
}

}  // namespace ecert::hub
