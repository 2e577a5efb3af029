#include "config/line_queue.hpp"

#include <condition_variable>
#include <deque>
#include <mutex>
#include <thread>
#include <utility>

namespace ecert {

struct line_queue::state {
    const reader to;
    const std::uint64_t most;
    std::mutex guard;
    std::condition_variable filled, emptied;
    std::deque<std::string> waiting;
    std::uint64_t bytes = 0;    // waiting and being written
    std::uint64_t untold = 0;   // dropped since the last line that said so
    std::uint64_t dropped = 0;  // in all
    bool writing = false, closing = false;

    state(reader r, std::uint64_t m) : to{std::move(r)}, most{m} {}

    bool idle() const { return waiting.empty() && untold == 0 && !writing; }

    void push(std::string line) {
        bytes += line.size();
        waiting.push_back(std::move(line));
    }

    void tell_dropped() { push(to.dropped(std::exchange(untold, 0))); }

    // The thread: takes all there is, writes it without the lock, and again.
    void run() {
        std::unique_lock lock{guard};
        for (;;) {
            filled.wait(lock, [&] { return !waiting.empty() || untold != 0 || closing; });
            if (waiting.empty() && untold == 0) return;
            if (waiting.empty()) tell_dropped();
            const auto batch = std::exchange(waiting, {});
            writing = true;
            lock.unlock();
            for (const auto& line : batch) write(line);
            to.flush();
            lock.lock();
            writing = false;
            emptied.notify_all();
        }
    }

    void write(const std::string& line) {
        to.write(line);
        const std::lock_guard lock{guard};
        bytes -= line.size();
    }
};

line_queue::line_queue(reader to, std::uint64_t most_bytes)
    : state_{std::make_shared<state>(std::move(to), most_bytes)} {
    std::thread{[shared = state_] { shared->run(); }}.detach();
}

line_queue::~line_queue() {
    const std::lock_guard lock{state_->guard};
    state_->closing = true;
    state_->filled.notify_all();
}

void line_queue::put(std::string line) {
    state& s = *state_;
    const std::lock_guard lock{s.guard};
    if (s.bytes + line.size() > s.most) {
        ++s.untold;
        ++s.dropped;
    } else {
        if (s.untold != 0) s.tell_dropped();
        s.push(std::move(line));
    }
    s.filled.notify_one();
}

std::uint64_t line_queue::dropped() const {
    const std::lock_guard lock{state_->guard};
    return state_->dropped;
}

bool line_queue::drain(duration within) {
    std::unique_lock lock{state_->guard};
    return state_->emptied.wait_for(lock, within, [&] { return state_->idle(); });
}

}  // namespace ecert
