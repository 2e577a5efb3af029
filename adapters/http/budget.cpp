#include "adapters/http/budget.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <algorithm>
#include <list>
#include <unordered_map>
#include <utility>

namespace ecert::http {

struct budget::part {
    std::uint64_t total, used = 0;
    std::unordered_map<std::string, std::uint64_t> held;  // by owner

    std::uint64_t free() const { return total - used; }
    std::uint64_t of(const std::string& owner) const {
        const auto found = held.find(owner);
        return found == held.end() ? 0 : found->second;
    }
    void take(const std::string& owner, std::uint64_t bytes) {
        used += bytes;
        if (!owner.empty()) held[owner] += bytes;
    }
    void give(const std::string& owner, std::uint64_t bytes) {
        used -= bytes;
        const auto found = held.find(owner);
        if (found == held.end()) return;
        found->second -= bytes;
        if (found->second == 0) held.erase(found);
    }
};

struct budget::state {
    // Lives on the coroutine frame of the one who waits; leaves the queue with it.
    struct waiter {
        waiter(state& in, std::uint64_t bytes, claimant by)
            : of{in}, wanted{bytes}, who{std::move(by)}, alarm{in.on} {
            of.waiting.push_back(this);
        }
        waiter(const waiter&) = delete;
        ~waiter() {
            of.waiting.remove(this);
            if (granted) of.give(*granted, who.owner, wanted);
        }

        state& of;
        std::uint64_t wanted;
        claimant who;
        part* granted = nullptr;  // and not handed on yet
        boost::asio::steady_timer alarm;
    };

    state(boost::asio::any_io_executor executor, const budget_terms& told)
        : on{std::move(executor)},
          terms{told},
          common{told.bytes - std::min(told.kept_for_small, told.bytes), 0, {}},
          kept{std::min(told.kept_for_small, told.bytes), 0, {}} {}

    bool small(const waiter& w) const { return !w.who.more_of_one && w.wanted <= terms.small; }

    bool within_its_part(const waiter& w) const {
        if (w.who.owner.empty()) return true;
        const auto part = terms.most_of_one * static_cast<double>(common.total);
        const auto most = std::max(static_cast<std::uint64_t>(part), w.who.largest);
        return common.of(w.who.owner) + w.wanted <= most;
    }

    bool kept_has_room(const waiter& w) const {
        if (!small(w) || kept.free() < w.wanted) return false;
        if (w.who.owner.empty()) return true;
        return kept.of(w.who.owner) + w.wanted <= kept.free() - w.wanted;
    }

    // `spoken_for`: what is free belongs to one who came before.
    part* place_for(const waiter& w, bool& spoken_for) {
        if (within_its_part(w)) {
            if (!spoken_for && common.free() >= w.wanted) return &common;
            spoken_for = true;
        }
        return kept_has_room(w) ? &kept : nullptr;
    }

    void serve() {
        bool spoken_for = false;
        for (auto next = waiting.begin(); next != waiting.end();) {
            auto& one = **next;
            auto* from = place_for(one, spoken_for);
            if (!from) {
                ++next;
                continue;
            }
            next = waiting.erase(next);
            from->take(one.who.owner, one.wanted);
            one.granted = from;
            one.alarm.cancel();
        }
    }

    void give(part& to, const std::string& owner, std::uint64_t bytes) {
        to.give(owner, bytes);
        serve();
    }

    boost::asio::any_io_executor on;
    budget_terms terms;
    part common, kept;
    std::list<waiter*> waiting;
};

budget_terms body_terms(const limit_settings& of) {
    return {of.body_budget, of.small_body_budget, 1 * mib, of.body_share_percent / 100};
}

budget::budget(boost::asio::any_io_executor on, std::uint64_t bytes)
    : budget{std::move(on), budget_terms{.bytes = bytes}} {}
budget::budget(boost::asio::any_io_executor on, budget_terms terms)
    : state_{std::make_shared<state>(std::move(on), terms)} {}

budget::share::share(std::shared_ptr<state> of, part* from, std::string owner, std::uint64_t bytes)
    : of_{std::move(of)}, from_{from}, owner_{std::move(owner)}, bytes_{bytes} {}
budget::share::share(share&& other) noexcept = default;
budget::share& budget::share::operator=(share&& other) noexcept {
    std::swap(of_, other.of_);
    std::swap(from_, other.from_);
    std::swap(owner_, other.owner_);
    std::swap(bytes_, other.bytes_);
    return *this;
}
budget::share::~share() {
    if (of_) of_->give(*from_, owner_, bytes_);
}

std::uint64_t budget::used() const { return state_->common.used + state_->kept.used; }

awaitable<budget::share> budget::take(std::uint64_t bytes, duration wait, claimant by) {
    const auto of = state_;
    if (bytes > std::max(of->common.total, of->kept.total)) co_return share{};
    state::waiter me{*of, bytes, std::move(by)};
    of->serve();
    if (!me.granted && wait > duration{0}) {
        me.alarm.expires_after(wait);
        co_await me.alarm.async_wait(boost::asio::as_tuple(boost::asio::use_awaitable));
    }
    if (auto* from = std::exchange(me.granted, nullptr))
        co_return share{of, from, me.who.owner, bytes};
    of->waiting.remove(&me);
    of->serve();  // who stood behind this one may fit
    co_return share{};
}

}  // namespace ecert::http
