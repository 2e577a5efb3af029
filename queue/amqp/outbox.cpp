#include "queue/amqp/outbox.hpp"

namespace ecert::queue::amqp {
namespace {

constexpr std::size_t most_errands = 100'000;

bool given_up(const errand& e) {
    const auto* p = std::get_if<publishing_ptr>(&e);
    return p && !(*p)->waits();
}

}  // namespace

std::size_t outbox::size_of(const errand& e) {
    const auto* p = std::get_if<publishing_ptr>(&e);
    return p ? (*p)->body.size() : 0;
}

// Deadlines pass roughly in order: while a broker is away the box stays as small as what still
// waits.
void outbox::drop_given_up() {
    while (!waiting_.empty() && given_up(waiting_.front())) {
        bytes_ -= size_of(waiting_.front());
        waiting_.pop_front();
    }
}

bool outbox::put(errand what) {
    const std::scoped_lock hold{lock_};
    drop_given_up();
    const auto size = size_of(what);
    const bool full = size > 0 && bytes_ > 0 && bytes_ + size > most_bytes_;
    if (stopped_ || full || waiting_.size() >= most_errands) return false;
    bytes_ += size;
    waiting_.push_back(std::move(what));
    if (waiting_.size() == 1) bell_.ring();
    return true;
}

std::optional<errand> outbox::take() {
    const std::scoped_lock hold{lock_};
    drop_given_up();
    if (waiting_.empty()) return std::nullopt;
    errand next = std::move(waiting_.front());
    waiting_.pop_front();
    bytes_ -= size_of(next);
    return next;
}

void outbox::take_back(errand what) {
    const std::scoped_lock hold{lock_};
    bytes_ += size_of(what);
    waiting_.push_front(std::move(what));
}

void outbox::stop() {
    stopped_ = true;
    bell_.ring();
}

}  // namespace ecert::queue::amqp
