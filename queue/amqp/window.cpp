#include "queue/amqp/window.hpp"

namespace ecert::queue::amqp {

bool window::room_for(std::size_t size) const {
    return out_.empty() || (out_.size() < messages_ && bytes_ + size <= most_bytes_);
}

std::uint64_t window::add(publishing_ptr what, steady_point now) {
    bytes_ += what->body.size();
    out_.emplace(next_, sent{std::move(what), now});
    return next_++;
}

void window::came_back(std::uint64_t number) {
    const auto found = out_.find(number);
    if (found != out_.end()) found->second.came_back = true;
}

void window::settle(const confirm& said, const std::function<void(const std::string&)>& queue) {
    const auto first = said.multiple ? out_.begin() : out_.lower_bound(said.tag);
    const auto last = out_.upper_bound(said.tag);
    for (auto at = first; at != last;) {
        const auto& [what, sent_at, returned] = at->second;
        bytes_ -= what->body.size();
        what->give(!said.taken ? publication::refused
                   : returned  ? publication::returned
                               : publication::confirmed);
        queue(what->queue);
        at = out_.erase(at);
    }
}

void window::lose() {
    for (const auto& [number, one] : out_) one.what->give(publication::unconfirmed);
    out_.clear();
    bytes_ = 0;
    next_ = 1;
}

std::map<std::string, std::uint64_t> window::by_queue() const {
    std::map<std::string, std::uint64_t> counts;
    for (const auto& [number, one] : out_) ++counts[one.what->queue];
    return counts;
}

std::set<std::string> window::owing(steady_point since_before) const {
    std::set<std::string> queues;
    for (const auto& [number, one] : out_) {  // in the order they were sent
        if (one.at > since_before) break;
        queues.insert(one.what->queue);
    }
    return queues;
}

}  // namespace ecert::queue::amqp
