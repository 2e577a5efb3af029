#include "adapters/http/budget.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <list>
#include <utility>

namespace ecert::http {

struct budget::state {
    // Lives on the coroutine frame of the one who waits; leaves the queue with it.
    struct waiter {
        waiter(state& in, std::uint64_t bytes) : of{in}, wanted{bytes}, alarm{in.on} {
            of.waiting.push_back(this);
        }
        waiter(const waiter&) = delete;
        ~waiter() { of.waiting.remove(this); }

        state& of;
        std::uint64_t wanted;
        bool granted = false;
        boost::asio::steady_timer alarm;
    };

    state(boost::asio::any_io_executor executor, std::uint64_t bytes)
        : on{std::move(executor)}, total{bytes} {}

    void give(std::uint64_t bytes) {
        used -= bytes;
        while (!waiting.empty() && total - used >= waiting.front()->wanted) {
            auto& next = *waiting.front();
            waiting.pop_front();
            used += next.wanted;
            next.granted = true;
            next.alarm.cancel();
        }
    }

    boost::asio::any_io_executor on;
    std::uint64_t total, used = 0;
    std::list<waiter*> waiting;
};

budget::budget(boost::asio::any_io_executor on, std::uint64_t bytes)
    : state_{std::make_shared<state>(std::move(on), bytes)} {}

budget::share::share(std::shared_ptr<state> from, std::uint64_t bytes)
    : from_{std::move(from)}, bytes_{bytes} {}
budget::share::share(share&& other) noexcept = default;
budget::share& budget::share::operator=(share&& other) noexcept {
    std::swap(from_, other.from_);
    std::swap(bytes_, other.bytes_);
    return *this;
}
budget::share::~share() {
    if (from_) from_->give(bytes_);
}

std::uint64_t budget::used() const { return state_->used; }

awaitable<budget::share> budget::take(std::uint64_t bytes, duration wait) {
    const auto of = state_;
    if (bytes > of->total) co_return share{};
    if (of->waiting.empty() && of->total - of->used >= bytes) {
        of->used += bytes;
        co_return share{of, bytes};
    }
    if (wait <= duration{0}) co_return share{};
    state::waiter me{*of, bytes};
    me.alarm.expires_after(wait);
    co_await me.alarm.async_wait(boost::asio::as_tuple(boost::asio::use_awaitable));
    if (me.granted) co_return share{of, bytes};
    of->waiting.remove(&me);
    of->give(0);  // who stood behind this one may fit
    co_return share{};
}

}  // namespace ecert::http
