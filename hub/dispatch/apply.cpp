#include "hub/dispatch/apply.hpp"

#include "hub/dispatch/dispatch_log.hpp"
#include "queue/wire/codec.hpp"

#include <boost/asio/steady_timer.hpp>

namespace ecert::hub {
namespace {

constexpr duration ledger_rest = 1s;

awaitable<void> pause(desk_ptr d, duration time) {
    boost::asio::steady_timer timer{d->on, time};
    co_await timer.async_wait(boost::asio::as_tuple(boost::asio::use_awaitable));
}

void tell(desk& d, const queue::outcome& o, const applied& what) {
    d.parts.figures.outcome(o.partner, std::string{queue::name_of(o.what)});
    const auto took = std::chrono::duration<double>(o.exchange.ended - o.exchange.started);
    if (took.count() > 0) d.parts.figures.stage("attempt", took.count());
    if (!what.known) {
        d.parts.figures.alert("outcome_unmatched");
        return dispatch_log::outcome_unmatched(o);
    }
    dispatch_log::outcome_applied(o, what);
}

awaitable<bool> keep_unreadable(desk_ptr d, std::string body, failure why) {
    const auto source = crypto::from_memory(std::move(body));
    auto kept = co_await d->parts.ledger.put(source);
    if (!kept) {
        dispatch_log::ledger_failed("put", kept.error().text);
        co_return false;
    }
    dispatch_log::outcome_unreadable(why, source->digest(), source->size());
    d->parts.figures.alert("outcome_unreadable");
    co_return true;
}

awaitable<bool> applied_or_kept(desk_ptr d, const std::string& body) {
    try {
        auto read = queue::decode_outcome(body);
        if (!read) co_return co_await keep_unreadable(d, body, read.error());
        auto done = co_await apply_outcome(d, std::move(read).value());
        if (done) co_return true;
        dispatch_log::ledger_failed("apply", done.error().text);
        if (done.error().kind == failure_kind::unavailable) co_return false;
        co_return co_await keep_unreadable(d, body, done.error());
    } catch (const std::exception& e) {
        dispatch_log::ledger_failed("apply", e.what());
        co_return false;
    }
}

}  // namespace

awaitable<result<void>> apply_outcome(desk_ptr d, queue::outcome o) {
    if (o.what == queue::outcome_class::returned && !o.retry_after)
        o.retry_after = d->parts.settings.returned_delay;
    d->reached("before-apply");
    auto done =
        co_await d->parts.ledger.apply(o, d->planned()->policy(o.partner), d->parts.time.now(),
                                       d->parts.jitter ? d->parts.jitter() : 0.0);
    if (!done) co_return done.error();
    d->reached("after-apply");
    const auto landed = d->flights.land(o.work, o.attempt);
    const std::string& channel = landed ? landed->channel : o.channel;
    const auto& next = done->verdict;
    if (d->planned()->from() && d->planned()->from()->channels.contains(channel))
        d->circuit_effect_of(channel, o.work, next.circuit,
                             o.text.empty() ? std::string{queue::name_of(o.what)} : o.text);
    tell(*d, o, *done);
    d->landed.ring();
    d->wake.ring();
    co_return result<void>{};
}

awaitable<void> apply_lot(desk_ptr d, std::unique_ptr<queue::lot> taken) {
    ++d->applying;
    const bool done = co_await applied_or_kept(d, taken->body());
    if (done)
        taken->ack();
    else
        co_await pause(d, ledger_rest);
    taken.reset();
    --d->applying;
    d->landed.ring();
}

}  // namespace ecert::hub
