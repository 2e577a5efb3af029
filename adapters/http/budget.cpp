#include "adapters/http/budget.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <algorithm>

namespace ecert::http {

// Lives on the coroutine frame of the one who waits; leaves the queue with it.
struct budget::waiter {
    waiter(budget& in, std::uint64_t bytes) : of{in}, wanted{bytes}, alarm{in.on_} {
        of.waiting_.push_back(this);
    }
    waiter(const waiter&) = delete;
    ~waiter() { std::erase(of.waiting_, this); }

    budget& of;
    std::uint64_t wanted;
    bool granted = false;
    boost::asio::steady_timer alarm;
};

budget::budget(boost::asio::any_io_executor on, std::uint64_t bytes)
    : on_{std::move(on)}, total_{bytes} {}

budget::share::~share() {
    if (from_) from_->give(bytes_);
}

awaitable<budget::share> budget::take(std::uint64_t bytes, duration wait) {
    if (bytes > total_) co_return share{};
    if (waiting_.empty() && total_ - used_ >= bytes) {
        used_ += bytes;
        co_return share{this, bytes};
    }
    if (wait <= duration{0}) co_return share{};
    waiter me{*this, bytes};
    me.alarm.expires_after(wait);
    co_await me.alarm.async_wait(boost::asio::as_tuple(boost::asio::use_awaitable));
    if (me.granted) co_return share{this, bytes};
    std::erase(waiting_, &me);
    give(0);  // who stood behind this one may fit
    co_return share{};
}

void budget::give(std::uint64_t bytes) {
    used_ -= bytes;
    while (!waiting_.empty() && total_ - used_ >= waiting_.front()->wanted) {
        auto& next = *waiting_.front();
        waiting_.pop_front();
        used_ += next.wanted;
        next.granted = true;
        next.alarm.cancel();
    }
}

}  // namespace ecert::http
