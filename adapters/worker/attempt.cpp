#include "adapters/worker/attempt.hpp"

#include "adapters/worker/log_events.hpp"
#include "queue/lease.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace ecert::worker {
namespace {

namespace asio = boost::asio;

constexpr const char* doubt =
    "the queue did not say that the task is off it: nothing was sent, and it comes again";

// Why a task cannot be carried out with what this worker has; empty: it can.
std::string unfit(const queue::task& what, const engine::snapshot* now_in_force) {
    if (!now_in_force) return "no profiles are loaded";
    const auto* partner = now_in_force->partner(what.partner);
    const auto channel = now_in_force->channel_of(what.partner);
    if (!partner || !channel) return "the partner is unknown here";
    if (channel->profile.name != what.channel) return "the partner's channel is another here";
    if (channel->dialect->digest != what.dialect)
        return "the dialect is another here than the task was planned with";
    if (engine::profile_digest(channel->profile, *partner) != what.profile)
        return "the profile is another here than the task was planned with";
    return {};
}

// Sent twice it would be two certificates, or two answers.
bool must_not_repeat(const queue::task& what, const engine::snapshot& in) {
    const bool tells = what.verb == queue::verb::deliver || what.verb == queue::verb::respond;
    return tells && !engine::knows_repeats(*in.channel_of(what.partner));
}

// By a worker that had it before. What must not be repeated was off its queue by then.
bool may_have_been_sent(const queue::task& what, const engine::snapshot* in) {
    const bool tells = what.verb == queue::verb::deliver || what.verb == queue::verb::respond;
    return tells && !(unfit(what, in).empty() && must_not_repeat(what, *in));
}

// The content a reference names: the bytes with it, else from the hub. Never other bytes than it
// names.
awaitable<result<crypto::source_ptr>> bring(attempt_parts by, const queue::task& what,
                                            const std::optional<queue::content_ref>& ref) {
    if (!ref) co_return crypto::source_ptr{};
    crypto::source_ptr content;
    if (ref->bytes) {
        content = crypto::from_memory(*ref->bytes);
    } else {
        const auto& waiting = by.with.waiting_for_peer;
        if (waiting) co_await waiting(true);
        auto fetched = co_await by.content.fetch(what, *ref);
        if (waiting) co_await waiting(false);
        if (!fetched) co_return fetched.error();
        content = *fetched;
    }
    if (!content || content->size() != ref->size || content->digest() != ref->digest)
        co_return failure{failure_kind::unavailable,
                          "the content that came is not the one the task names"};
    co_return content;
}

// The call, in a coroutine of its own that may outlive our patience.
struct running {
    explicit running(asio::any_io_executor on) : done{on} {}
    asio::steady_timer done;
    asio::cancellation_signal stop;
    engine::snapshot_ptr snapshot;
    std::optional<queue::outcome> outcome;
    crypto::source_ptr new_translation, fetched;
    std::string not_kept;   // what could not be brought to the hub, and why
    bool in_doubt = false;  // whether it is off its queue: nothing was sent
};

awaitable<std::string> bring_to_hub(attempt_parts by, const queue::task& what,
                                    crypto::source_ptr made, std::string_view called) {
    std::string failed;
    for (unsigned tries = 0; tries < by.settings->publish_tries; ++tries) {
        auto stored = co_await by.content.store(what, made);
        if (stored) co_return std::string{};
        failed = stored.error().text;
        asio::steady_timer pause{by.on, by.settings->publish_pause};
        co_await pause.async_wait(asio::as_tuple(asio::use_awaitable));
    }
    co_return std::string{called} + " could not be stored: " + failed;
}

// The last moment before the partner may have got anything: here the call is broken off.
std::function<awaitable<void>(bool)> kept_before_sent(attempt_parts by, std::shared_ptr<running> in,
                                                      queue::task what, message from) {
    return [by, in, what, from](bool waits) -> awaitable<void> {
        if (by.with.waiting_for_peer) co_await by.with.waiting_for_peer(waits);
        if (!waits) co_return;
        const auto made = in->new_translation;
        if (made && made->size() > queue::inline_limit)
            in->not_kept = co_await bring_to_hub(by, what, made, "the new translation");
        if (!in->not_kept.empty()) throw std::runtime_error(in->not_kept);
        if (!must_not_repeat(what, *in->snapshot)) co_return;
        in->in_doubt = true;
        in->in_doubt = !co_await from.take_off();
        if (in->in_doubt) throw std::runtime_error(doubt);
    };
}

awaitable<queue::outcome> call(std::shared_ptr<running> in, engine::tools with, queue::task what,
                               crypto::source_ptr content, crypto::source_ptr kept) {
    const auto over = in->snapshot->channel_of(what.partner);
    const auto* to = in->snapshot->partner(what.partner);
    co_return co_await engine::call(with, over, *to, std::move(what), std::move(content),
                                    std::move(kept), &in->new_translation, &in->fetched);
}

// The hard limit of an attempt: whatever the call does, an outcome is there in time, because the
// lease counts on it.
awaitable<queue::outcome> call_in_time(attempt_parts by, std::shared_ptr<running> in,
                                       queue::task what, message from, crypto::source_ptr content,
                                       crypto::source_ptr kept) {
    auto with = by.with;
    with.attempt_limit = by.settings->limits.attempt_limit - by.settings->limits.attempt_limit / 20;
    with.attempt_limit_per_mib = by.settings->limits.attempt_limit_per_mib;
    with.waiting_for_peer = kept_before_sent(by, in, what, std::move(from));
    const auto started = by.with.time.now();
    in->done.expires_after(queue::attempt_limit(queue::carried(what), by.settings->limits));
    auto ended = [in](std::exception_ptr broke, queue::outcome o) {
        if (!broke) in->outcome = std::move(o);
        in->done.cancel();
    };
    auto work = call(in, with, what, std::move(content), std::move(kept));
    asio::co_spawn(by.on, std::move(work),
                   asio::bind_cancellation_slot(in->stop.slot(), std::move(ended)));
    co_await in->done.async_wait(asio::as_tuple(asio::use_awaitable));
    if (auto& ended_in_time = in->outcome) co_return std::move(*ended_in_time);
    in->stop.emit(asio::cancellation_type::terminal);
    auto o = returned(what,
                      "the attempt did not end within its limit: whether they have it is not known",
                      by.with.time.now());
    o.what = queue::outcome_class::ambiguous;
    o.exchange.started = started;
    co_return o;
}

void tell_of_others(queue::outcome& unspent, const queue::task& what, const attempt_parts& by,
                    bool came_again) {
    if (came_again && may_have_been_sent(what, by.profiles.current().get())) before_us(unspent);
}

void reached(const worker_settings& settings, const char* point) {
    if (settings.reached) settings.reached(point);
}

}  // namespace

queue::outcome handed_back(const attempt_parts& by, const queue::task& what, bool came_again,
                           std::string why) {
    task_returned(what, why);
    auto o = returned(what, std::move(why), by.with.time.now());
    tell_of_others(o, what, by, came_again);
    return o;
}

awaitable<queue::outcome> attempt(attempt_parts by, queue::task what, message from) {
    const auto now = by.with.time.now();
    const auto give = [&](std::string why) {
        return handed_back(by, what, from.came_again, std::move(why));
    };
    if (now > what.start_by) co_return give("taken later than it had to begin");
    auto in = std::make_shared<running>(by.on);
    in->snapshot = by.profiles.current();
    if (auto why = unfit(what, in->snapshot.get()); !why.empty()) co_return give(std::move(why));
    auto content = co_await bring(by, what, what.content);
    if (!content) co_return give("the content is out of reach: " + content.error().text);
    auto kept = co_await bring(by, what, what.translation);
    if (!kept) co_return give("the translation is out of reach: " + kept.error().text);
    if (by.with.time.now() > what.start_by)
        co_return give("its content came later than it had to begin");
    reached(*by.settings, "before-send");
    auto outcome = co_await call_in_time(by, in, what, from, *content, *kept);
    if (in->in_doubt) throw std::runtime_error(doubt);
    reached(*by.settings, "after-send");
    if (outcome.fetched && in->fetched && in->fetched->size() > queue::inline_limit)
        in->not_kept = co_await bring_to_hub(by, what, in->fetched, "what was fetched");
    if (!in->not_kept.empty()) co_return give(in->not_kept);
    if (outcome.what == queue::outcome_class::returned)
        tell_of_others(outcome, what, by, from.came_again);
    attempt_ended(outcome);
    co_return outcome;
}

}  // namespace ecert::worker
