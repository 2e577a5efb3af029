#include "adapters/worker/lane.hpp"

#include "adapters/worker/log_events.hpp"
#include "queue/lease.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <algorithm>

namespace ecert::worker {

namespace asio = boost::asio;

namespace {

constexpr duration look_again{30'000}, longest_rest{30'000};

std::string_view said(queue::publication p) {
    switch (p) {
        case queue::publication::confirmed:
            return "confirmed";
        case queue::publication::returned:
            return "there is no queue for outcomes";
        case queue::publication::refused:
            return "the queue of outcomes is full";
        case queue::publication::unconfirmed:
            return "the queue did not answer in time";
    }
    return "";
}

}  // namespace

lane::lane(std::string partner, attempt_parts by, queue::transport& over,
           std::shared_ptr<turns> order, std::shared_ptr<begun> known)
    : partner_{std::move(partner)},
      queue_{queue::work_queue(partner_)},
      by_{std::move(by)},
      over_{over},
      order_{std::move(order)},
      known_{std::move(known)} {
    over_.declare(queue_);
    from_ = over_.consume(queue_, std::min(window(), by_.settings->concurrency));
    order_->open(partner_);
}

unsigned lane::window() const {
    const auto profiles = by_.profiles.current();
    const auto channel = profiles ? profiles->channel_of(partner_) : nullptr;
    return channel ? std::max(channel->profile.window, 1u) : 1u;
}

void lane::start() {
    asio::co_spawn(
        by_.on, [self = shared_from_this()] { return self->run(); }, asio::detached);
}

void lane::close() {
    closed_ = true;
    from_->close();
    order_->close(partner_);
}

void lane::abandon() {
    for (auto at = attempts_.begin(); at != attempts_.end();)
        (at++)->emit(asio::cancellation_type::terminal);
}

awaitable<void> lane::pause(duration time) {
    asio::steady_timer timer{by_.on, time};
    co_await timer.async_wait(asio::as_tuple(asio::use_awaitable));
}

void lane::reached(const char* point) const {
    if (by_.settings->reached) by_.settings->reached(point);
}

awaitable<void> lane::run() {
    while (!closed_) {
        std::string broke;
        try {
            co_await take_one();
            continue;
        } catch (const std::exception& e) {
            broke = e.what();
        }
        attempt_broke(queue_, broke);
        co_await pause(by_.settings->publish_pause);
    }
}

tell_alone lane::tell_of(const result<queue::task>& task) const {
    if (!task || !by_.settings->alone) return {};
    return [told = by_.settings, work = task->work, attempt = task->attempt](bool is) {
        return told->alone(work, attempt, is);
    };
}

// A task that comes again may be what killed its last worker: it runs alone, like a suspect.
awaitable<void> lane::take_one() {
    auto lot = co_await from_->next(look_again);
    if (!lot) co_return;
    auto task = by_.settings->codec.decode_task(lot->body(), partner_);
    auto claim = task ? known_->take(*task, by_.with.time.now()) : begun::claim{};
    if (task && !claim) {
        task_repeated(*task);
        lot->ack();
        co_return;
    }
    const bool alone = lot->redelivered() || (task && task->suspect);
    auto turn = co_await order_->take(partner_, window(), alone, by_.settings->limits.start_by,
                                      alone ? tell_of(task) : tell_alone{});
    if (closed_) co_return;
    taken one{std::move(lot), std::move(task), std::move(claim), std::move(turn)};
    auto work = [self = shared_from_this(), one = std::move(one)]() mutable {
        return self->carry_out(std::move(one));
    };
    const auto at = attempts_.emplace(attempts_.end());
    auto ended = [self = shared_from_this(), at](std::exception_ptr) { self->attempts_.erase(at); };
    asio::co_spawn(by_.on, std::move(work),
                   asio::bind_cancellation_slot(at->slot(), std::move(ended)));
}

// `returned` for what is no task of ours to read, as far as it says whose it is.
std::optional<queue::outcome> lane::unread(const taken& one) const {
    const auto& why = one.task.error();
    task_unreadable(queue_, why.text);
    if (why.kind == failure_kind::untrusted || why.kind == failure_kind::not_found) return {};
    auto known = returned_unread(one.lot->body(), why.text, by_.with.time.now());
    if (known && one.lot->redelivered()) before_us(*known);
    return known;
}

awaitable<bool> lane::publish(const queue::outcome& o) {
    auto answer = queue::publication::unconfirmed;
    const auto message = by_.settings->codec.encode(o);
    if (!message) {
        outcome_not_taken(o, message.error().text);
        co_return false;
    }
    for (unsigned tries = 0; tries < by_.settings->publish_tries; ++tries) {
        if (tries > 0) co_await pause(by_.settings->publish_pause);
        answer =
            co_await over_.publish(queue::outcome_queue, *message, by_.settings->publish_deadline);
        if (answer == queue::publication::confirmed) co_return true;
    }
    outcome_not_taken(o, said(answer));
    co_return false;
}

awaitable<bool> lane::publish_until(const queue::outcome& o, time_point end) {
    auto rest = by_.settings->publish_pause;
    while (!co_await publish(o)) {
        if (by_.with.time.now() >= end) co_return false;
        co_await pause(rest);
        rest = std::min(2 * rest, longest_rest);
    }
    co_return true;
}

// Others work while this one waits for its partner, or for the queue to take its outcome.
awaitable<queue::outcome> lane::attempt_in_turn(taken& one) {
    auto by = by_;
    by.with.waiting_for_peer = [order = order_, at = one.turn.at()](bool waits) -> awaitable<void> {
        if (waits)
            order->leave(at);
        else
            co_await order->come_back(at);
    };
    const message from{one.lot->redelivered(),
                       [lot = one.lot, off = one.off,
                        within = by_.settings->publish_deadline]() -> awaitable<bool> {
                           co_return * off = co_await lot->ack_surely(within);
                       }};
    auto done = co_await attempt(std::move(by), std::move(*one.task), from);
    order_->leave(one.turn.at());
    co_return done;
}

// True: whoever decides knows of it, or nobody ever could.
awaitable<bool> lane::work_and_publish(taken& one) {
    queue::outcome done;
    const auto lease_ends =
        one.task ? queue::lease_end(*one.task, by_.settings->limits) : time_point{};
    if (!one.task) {
        auto known = unread(one);
        if (!known) co_return true;
        done = std::move(*known);
    } else if (!one.turn) {
        done = handed_back(by_, *one.task, one.lot->redelivered(),
                           "no turn came before it had to begin");
    } else {
        done = co_await attempt_in_turn(one);
    }
    reached("before-outcome");
    const bool confirmed = co_await (*one.off ? publish_until(done, lease_ends) : publish(done));
    if (confirmed) reached("after-outcome");
    co_return confirmed || *one.off;
}

awaitable<void> lane::carry_out(taken one) {
    std::string broke;
    bool settled = false;
    try {
        settled = co_await work_and_publish(one);
    } catch (const std::exception& e) {
        broke = e.what();
    }
    if (!broke.empty()) attempt_broke(queue_, broke);
    if (settled) {
        one.claim.settle();
        one.lot->ack();
        reached("after-ack");
        co_return;
    }
    one.claim = {};  // a broker that lost it brings it again by itself
    co_await pause(by_.settings->publish_pause);
    one.lot->give_back();
}

}  // namespace ecert::worker
