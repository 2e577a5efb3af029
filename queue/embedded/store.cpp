#include "queue/embedded/store.hpp"

#include <algorithm>

namespace ecert::queue::embedded {
namespace {

class lent final : public lot {
  public:
    lent(std::shared_ptr<store> from, subscription_ptr by, message what)
        : from_{std::move(from)}, by_{std::move(by)}, what_{std::move(what)} {}
    ~lent() override { settle(true); }
    const std::string& body() const override { return what_.body; }
    bool redelivered() const override { return what_.deliveries > 1; }
    unsigned deliveries() const override { return what_.deliveries; }
    void ack() override { settle(false); }
    void give_back() override { settle(true); }

  private:
    // The body stays readable after an ack: only what goes back to the queue leaves this hand.
    void settle(bool back) {
        if (!from_) return;
        auto from = std::move(from_);
        from_.reset();
        from->settled(by_, std::move(what_), back);
    }
    std::shared_ptr<store> from_;
    subscription_ptr by_;
    message what_;
};

}  // namespace

publication store::put(const std::string& queue, std::string body) {
    const auto found = queues_.find(queue);
    if (found == queues_.end()) return publication::returned;
    one_queue& to = found->second;
    // Every outcome settles a task: refused for the bytes of tasks that wait, neither would go.
    const bool heavy = queue != outcome_queue && bytes_ + body.size() > limits_.bytes;
    const bool full = heavy || to.ready.size() + to.unsettled >= limits_.messages;
    if (closed_ || full) return publication::refused;
    bytes_ += body.size();
    to.ready.push_back({to.next_place++, std::move(body), 0, to.life});
    hand_out(to);
    return publication::confirmed;
}

std::unique_ptr<lot> store::lend(one_queue& from, const subscription_ptr& to) {
    ++from.ready.front().deliveries;
    auto given = std::make_unique<lent>(shared_from_this(), to, std::move(from.ready.front()));
    from.ready.pop_front();
    ++from.unsettled;
    ++to->unsettled;
    return given;
}

std::unique_ptr<lot> store::take(const subscription_ptr& by) {
    one_queue& from = queues_[by->queue];
    if (over(by) || by->unsettled >= by->prefetch || from.ready.empty()) return nullptr;
    return lend(from, by);
}

void store::join(const subscription_ptr& by) { ++queues_[by->queue].consumers; }

void store::settled(const subscription_ptr& by, message&& what, bool back) {
    one_queue& to = queues_[by->queue];
    --to.unsettled;
    --by->unsettled;
    if (back && !closed_ && what.life == to.life) {
        const auto at =
            std::lower_bound(to.ready.begin(), to.ready.end(), what.place,
                             [](const message& m, std::uint64_t place) { return m.place < place; });
        to.ready.insert(at, std::move(what));
    } else {
        bytes_ -= what.body.size();
    }
    hand_out(to);
}

void store::hand_out(one_queue& from) {
    for (auto at = from.waiting.begin(); at != from.waiting.end() && !from.ready.empty();) {
        waiter& w = **at;
        if (w.by->closed || w.by->unsettled >= w.by->prefetch) {
            ++at;
            continue;
        }
        at = from.waiting.erase(at);
        w.got = lend(from, w.by);
        w.until.cancel();
    }
}

void store::wait(waiter& w) { queues_[w.by->queue].waiting.push_back(&w); }

void store::leave(waiter& w) { queues_[w.by->queue].waiting.remove(&w); }

void store::close(const subscription_ptr& which) {
    if (!which->closed) --queues_[which->queue].consumers;
    which->closed = true;
    for (auto* w : queues_[which->queue].waiting)
        if (w->by == which) w->until.cancel();
}

void store::close_all() {
    closed_ = true;
    for (auto& [name, queue] : queues_) {
        for (const auto& m : queue.ready) bytes_ -= m.body.size();
        queue.ready.clear();
        for (auto* w : queue.waiting) w->until.cancel();
    }
}

std::vector<queue_figures> store::figures() const {
    std::vector<queue_figures> all;
    for (const auto& [name, queue] : queues_)
        all.push_back({.name = name,
                       .ready = queue.ready.size(),
                       .unsettled = queue.unsettled,
                       .consumers = queue.consumers});
    return all;
}

rebuilding store::rebuild(const std::string& queue) {
    one_queue& anew = queues_[queue];
    const auto before = anew.ready.size();
    for (const auto& m : anew.ready) bytes_ -= m.body.size();
    anew.ready.clear();
    ++anew.life;
    return {.done = true, .before = before};
}

}  // namespace ecert::queue::embedded
