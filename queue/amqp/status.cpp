#include "queue/amqp/status.hpp"

namespace ecert::queue::amqp {

void status::well(side of) {
    const std::scoped_lock hold{lock_};
    sides_[of].trouble.clear();
}

void status::ill(side of, std::string why) {
    const std::scoped_lock hold{lock_};
    auto& is = sides_[of];
    if (is.trouble.empty()) is.since = machine_clock().now();
    is.trouble = std::move(why);
}

void status::queue_ill(const std::string& queue, std::string why) {
    const std::scoped_lock hold{lock_};
    queues_[queue] = std::move(why);
}

void status::queue_well(const std::string& queue) {
    const std::scoped_lock hold{lock_};
    queues_.erase(queue);
}

std::string status::trouble_of(const std::string& queue) const {
    const std::scoped_lock hold{lock_};
    const auto at = queues_.find(queue);
    return at == queues_.end() ? std::string{} : at->second;
}

transport_state status::read() const {
    const std::scoped_lock hold{lock_};
    transport_state is;
    const auto& publishing = sides_.at(side::publishing);
    const auto& consuming = sides_.at(side::consuming);
    is.publishing = publishing.trouble.empty();
    is.consuming = consuming.trouble.empty();
    for (const auto* one : {&publishing, &consuming})
        if (!one->trouble.empty())
            is.since = std::min(one->since, is.since.value_or(one->since));
    const auto add = [&](const std::string& text) {
        if (!text.empty()) is.trouble += (is.trouble.empty() ? "" : "; ") + text;
    };
    add(publishing.trouble);
    if (consuming.trouble != publishing.trouble) add(consuming.trouble);
    for (const auto& [queue, why] : queues_) add(why);
    return is;
}

}  // namespace ecert::queue::amqp
