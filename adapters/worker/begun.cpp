#include "adapters/worker/begun.hpp"

namespace ecert::worker {

struct begun::memory {
    std::size_t most = 0;
    std::set<key> under_way;
    std::map<key, time_point> ended;               // until when each is remembered
    std::set<std::pair<time_point, key>> by_time;  // the same

    void forget_first() {
        ended.erase(by_time.begin()->second);
        by_time.erase(by_time.begin());
    }
    void forget_before(time_point now) {
        while (!by_time.empty() && by_time.begin()->first < now) forget_first();
    }
    void remember(const key& which, time_point until) {
        if (!ended.emplace(which, until).second) return;
        by_time.emplace(until, which);
        if (ended.size() > most) forget_first();
    }
};

begun::begun(std::size_t most) : memory_{std::make_shared<memory>()} { memory_->most = most; }

begun::claim begun::take(const queue::task& what, time_point now) {
    memory_->forget_before(now);
    const key which{what.id, what.attempt, what.start_by};
    if (memory_->ended.contains(which) || !memory_->under_way.insert(which).second) return {};
    return {memory_, which, what.start_by};
}

begun::claim::claim(std::shared_ptr<memory> of, key which, time_point until)
    : of_{std::move(of)}, which_{which}, until_{until} {}

begun::claim::~claim() {
    if (of_) of_->under_way.erase(which_);
}

void begun::claim::settle() {
    if (!of_) return;
    of_->remember(which_, until_);
    of_->under_way.erase(which_);
    of_.reset();
}

}  // namespace ecert::worker
