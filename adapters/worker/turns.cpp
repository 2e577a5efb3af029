#include "adapters/worker/turns.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <algorithm>

namespace ecert::worker {

void turns::open(const std::string& lane) {
    closed_.erase(lane);
    running_.try_emplace(lane, 0);
}

bool turns::may_start(const waiter& w) const {
    if (alone_running_) return false;
    if (w.alone) return all_running_ == 0;
    const auto at = running_.find(w.lane);
    const auto own = at == running_.end() ? 0u : at->second;
    if (own >= w.window || all_running_ >= total_) return false;
    if (own == 0) return true;
    const auto idle = static_cast<unsigned>(std::count_if(
        running_.begin(), running_.end(), [](const auto& lane) { return lane.second == 0; }));
    return total_ - all_running_ > std::min(idle, total_ / 2);
}

void turns::start(waiter& w) {
    ++all_running_;
    ++running_[w.lane];
    alone_running_ = w.alone;
    w.granted = true;
}

void turns::grant() {
    for (auto at = waiting_.begin(); at != waiting_.end();) {
        auto* w = *at;
        if (!may_start(*w)) {
            if (w->alone) return;
            ++at;
            continue;
        }
        start(*w);
        at = waiting_.erase(at);
        w->wake.cancel();
    }
}

void turns::give(const std::string& lane, bool alone) {
    --all_running_;
    if (const auto at = running_.find(lane); at != running_.end()) {
        if (at->second > 0) --at->second;
        if (at->second == 0 && closed_.contains(lane)) running_.erase(at);
    }
    if (alone) alone_running_ = false;
    grant();
}

void turns::close(const std::string& lane) {
    closed_.insert(lane);
    if (const auto at = running_.find(lane); at != running_.end() && at->second == 0)
        running_.erase(at);
    for (auto* w : waiting_)
        if (w->lane == lane) w->wake.cancel();
}

turns::waiter::~waiter() {
    of.waiting_.remove(this);
    if (granted) of.give(lane, alone);
}

awaitable<turns::slot> turns::take(std::string lane, unsigned window, bool alone, duration wait) {
    waiter w{*this, lane, std::max(window, 1u), alone, boost::asio::steady_timer{on_, wait}};
    waiting_.push_back(&w);
    grant();
    if (!w.granted) co_await w.wake.async_wait(boost::asio::as_tuple(boost::asio::use_awaitable));
    if (!std::exchange(w.granted, false)) {
        waiting_.remove(&w);
        grant();
        co_return slot{};
    }
    co_return slot{this, std::move(lane), alone};
}

}  // namespace ecert::worker
