#include "adapters/worker/turns.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <algorithm>
#include <utility>

namespace ecert::worker {
namespace {

constexpr auto quietly = boost::asio::as_tuple(boost::asio::use_awaitable);
constexpr duration no_end = std::chrono::hours{24};

}  // namespace

void turns::open(const std::string& lane) {
    closed_.erase(lane);
    running_.try_emplace(lane, 0);
}

bool turns::may_start(const waiter& w) const {
    if (alone_working_) return false;
    if (w.alone) return working_ == 0;
    if (w.returns) return true;
    const auto at = running_.find(w.lane);
    const auto own = at == running_.end() ? 0u : at->second;
    if (own >= w.window || all_running_ >= total_) return false;
    if (own == 0) return true;
    const auto idle = static_cast<unsigned>(std::count_if(
        running_.begin(), running_.end(), [](const auto& lane) { return lane.second == 0; }));
    return total_ - all_running_ > std::min(idle, total_ / 2);
}

void turns::start(waiter& w) {
    ++working_;
    alone_working_ = w.alone;
    w.granted = true;
    if (w.returns) return;
    ++all_running_;
    ++running_[w.lane];
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

void turns::end_work(bool alone) {
    --working_;
    if (alone) alone_working_ = false;
}

void turns::end_running(const std::string& lane) {
    --all_running_;
    const auto at = running_.find(lane);
    if (at == running_.end()) return;
    if (at->second > 0) --at->second;
    if (at->second == 0 && closed_.contains(lane)) running_.erase(at);
}

void turns::give(place& at) {
    at.over = true;
    at.patience.cancel();
    at.stepped.cancel();
    if (!at.away) end_work(at.alone);
    end_running(at.lane);
    grant();
}

void turns::close(const std::string& lane) {
    closed_.insert(lane);
    if (const auto at = running_.find(lane); at != running_.end() && at->second == 0)
        running_.erase(at);
    for (auto* w : waiting_)
        if (w->lane == lane && !w->returns) w->wake.cancel();
}

turns::waiter::~waiter() {
    of.waiting_.remove(this);
    if (!granted) return;
    of.end_work(alone);
    if (!returns) of.end_running(lane);
    of.grant();
}

// Until it is granted, or its timer ends it.
awaitable<void> turns::granted(waiter& w) {
    waiting_.push_back(&w);
    grant();
    if (!w.granted) co_await w.wake.async_wait(quietly);
}

awaitable<turns::slot> turns::take(std::string lane, unsigned window, bool alone, duration wait,
                                   tell_alone tell) {
    waiter w{*this, lane, std::max(window, 1u), alone, false, boost::asio::steady_timer{on_, wait}};
    co_await granted(w);
    if (!std::exchange(w.granted, false)) {
        waiting_.remove(&w);
        grant();
        co_return slot{};
    }
    boost::asio::steady_timer patience{on_}, stepped{on_};
    co_return slot{std::make_shared<place>(*this, std::move(lane), alone, std::move(tell),
                                           std::move(patience), std::move(stepped))};
}

void turns::leave(const place_ptr& at) {
    if (at->over || at->away || at->leaving) return;
    if (!at->alone) {
        at->away = true;
        end_work(false);
        return grant();
    }
    at->leaving = true;
    at->patience.expires_after(patience_);
    at->patience.async_wait([still = std::weak_ptr{at}](boost::system::error_code cut_short) {
        const auto it = still.lock();
        if (cut_short || !it || it->over || !it->leaving) return;
        it->stepping = true;
        boost::asio::co_spawn(it->of.on_, it->of.step_aside(it), boost::asio::detached);
    });
}

// Nobody else works before it is known that this one is no longer alone.
awaitable<void> turns::step_aside(place_ptr at) {
    bool told = true;
    try {
        if (at->tell) co_await at->tell(false);
    } catch (const std::exception&) {
        told = false;  // then it stays alone: what cannot be told would be counted wrongly
    }
    at->stepping = at->leaving = false;
    at->stepped.cancel();
    if (at->over || !told) co_return;
    at->away = true;
    end_work(true);
    grant();
}

awaitable<void> turns::come_back(place_ptr at) {
    if (at->stepping) {
        at->stepped.expires_after(no_end);
        co_await at->stepped.async_wait(quietly);
    }
    if (std::exchange(at->leaving, false)) at->patience.cancel();
    if (at->over || !at->away) co_return;
    waiter w{*this, at->lane, 1, at->alone, true, boost::asio::steady_timer{on_, no_end}};
    co_await granted(w);
    if (at->over || !w.granted) co_return;
    w.granted = at->away = false;
    if (at->alone && at->tell) co_await at->tell(true);
}

}  // namespace ecert::worker
