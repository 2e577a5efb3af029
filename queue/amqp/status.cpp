#include "queue/amqp/status.hpp"

namespace ecert::queue::amqp {

void status::well(side of) {
    const std::scoped_lock hold{lock_};
    sides_[of].clear();
}

void status::ill(side of, std::string why) {
    const std::scoped_lock hold{lock_};
    sides_[of] = std::move(why);
}

void status::queue_ill(const std::string& queue, std::string why) {
    const std::scoped_lock hold{lock_};
    queues_[queue] = std::move(why);
}

void status::queue_well(const std::string& queue) {
    const std::scoped_lock hold{lock_};
    queues_.erase(queue);
}

transport_state status::read() const {
    const std::scoped_lock hold{lock_};
    transport_state is;
    const auto& publishing = sides_.at(side::publishing);
    const auto& consuming = sides_.at(side::consuming);
    is.publishing = publishing.empty();
    is.consuming = consuming.empty();
    const auto add = [&](const std::string& text) {
        if (!text.empty()) is.trouble += (is.trouble.empty() ? "" : "; ") + text;
    };
    add(publishing);
    if (consuming != publishing) add(consuming);
    for (const auto& [queue, why] : queues_) add(why);
    return is;
}

}  // namespace ecert::queue::amqp
