#include "hub/dispatch/desk.hpp"

#include "hub/dispatch/dispatch_log.hpp"

#include <algorithm>
#include <utility>

namespace ecert::hub {
namespace {

constexpr duration worth_telling = 3s;  // a start, a reconnect: no news

}  // namespace

desk::desk(boost::asio::any_io_executor executor, dispatch_parts given)
    : on{executor}, parts{std::move(given)}, wake{executor}, landed{executor} {
    adopt_snapshot();
}

void desk::reached(const char* point) const {
    if (parts.reached) parts.reached(point);
}

void desk::adopt_snapshot() {
    auto current = parts.profiles.current();
    if (plans_ && plans_->from() == current) return;
    plans_ = std::make_shared<const plans>(std::move(current), parts.settings);
    unknown.clear();
    if (!plans_->from()) return;
    for (const auto& [name, channel] : plans_->from()->channels)
        lanes_[name].configure(channel->profile, plans_->partners_on(name), parts.time.steady());
    // Before there is work for it: workers may not declare, and look for their queue from the
    // start.
    for (const auto& partner : plans_->partners())
        if (!std::exchange(outlets[partner].declared, true))
            parts.queue.declare(queue::work_queue(partner));
}

unsigned desk::taken(const std::string& channel) const {
    const auto held = reserved.find(channel);
    return flights.on(channel) + (held == reserved.end() ? 0 : held->second);
}

opening desk::look(const std::string& channel) { return lane(channel).look(taken(channel), now()); }

void desk::circuit_effect_of(const std::string& channel, std::int64_t work, circuit_effect effect,
                             const std::string& why) {
    auto& l = lane(channel);
    const auto before = l.circuit().now_in();
    const auto at = parts.time.steady();
    switch (effect) {
        case circuit_effect::none:
            l.circuit().probe_lost(work);
            break;
        case circuit_effect::success:
            l.circuit().success(work, at);
            break;
        case circuit_effect::failure:
            l.circuit().failure(work, at);
            break;
        case circuit_effect::open:
            l.circuit().open_at_once(work, at);
            break;
    }
    const bool bad = effect == circuit_effect::failure || effect == circuit_effect::open;
    if (bad) l.last_failure = why;
    if (effect == circuit_effect::open) parts.figures.alert("channel_misconfigured");
    if (l.circuit().now_in() == before) return;
    dispatch_log::circuit_changed(channel, before, l.circuit().now_in(), bad ? why : "");
    parts.figures.circuit(channel, l.circuit().shut() ? 1 : 0);
}

void desk::probe_lost(const std::string& channel, std::int64_t work) {
    circuit_effect_of(channel, work, circuit_effect::none, "");
}

bool desk::queue_is_there() {
    const auto is = parts.queue.state();
    if (is.publishing) {
        if (std::exchange(queue_lost_, false)) dispatch_log::queue_back();
        return true;
    }
    const bool lasts = !is.since || parts.time.now() - *is.since >= worth_telling;
    if (lasts && !std::exchange(queue_lost_, true)) {
        dispatch_log::queue_lost(is.trouble);
        parts.figures.alert("queue_lost");
    }
    return false;
}

void desk::rest(outlet& o, duration first, duration longest) {
    if (parts.time.steady() < o.rest_until) return;
    o.rest = o.doubtful ? std::min(std::max(o.rest * 2, first), longest) : first;
    o.rest_until = parts.time.steady() + o.rest;
}

bool desk::rests(const outlet& o) const {
    const bool another_look = o.found_nothing && *o.found_nothing != flights.suspects_back();
    return parts.time.steady() < o.rest_until && !another_look;
}

}  // namespace ecert::hub
