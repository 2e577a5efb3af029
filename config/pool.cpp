#include "config/pool.hpp"

#include <boost/asio/post.hpp>

#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <latch>
#include <memory>

namespace ecert {
namespace {

constexpr int niceness = 10;

}  // namespace

// Niceness belongs to a thread on Linux. Each task waits for all others, so that every thread runs
// exactly one of them.
pool::pool(unsigned threads)
    : threads_{std::make_shared<boost::asio::thread_pool>(std::max(1u, threads))} {
    const auto count = std::max(1u, threads);
    auto all = std::make_shared<std::latch>(count + 1);
    for (unsigned i = 0; i < count; ++i) {
        boost::asio::post(*threads_, [all] {
            setpriority(PRIO_PROCESS, static_cast<id_t>(gettid()), niceness);
            all->arrive_and_wait();
        });
    }
    all->arrive_and_wait();
}

// What has not begun is dropped; join() first lets it end.
pool::~pool() {
    threads_->stop();
    threads_->join();
}

void pool::join() { threads_->join(); }

}  // namespace ecert
