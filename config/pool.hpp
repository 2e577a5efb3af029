// The pool for work that takes processor time or may block: signing, XML, file reads. Its threads
// run at nice 10, so that the I/O loop never waits for them. No blocking call is made anywhere
// else.
//
// Thread rule: on_pool may be awaited from any executor and resumes on the caller's own. Never race
// it against a timer with ||: the loser is waited for. Work that may be long checks a stop flag of
// its own.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/thread_pool.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <memory>
#include <type_traits>
#include <utility>

namespace ecert {

template <class T>
using awaitable = boost::asio::awaitable<T>;

class pool {
  public:
    explicit pool(unsigned threads);
    ~pool();
    pool(const pool&) = delete;
    pool& operator=(const pool&) = delete;
    boost::asio::thread_pool& executor_context() { return *threads_; }
    // For what may outlive the pool.
    std::weak_ptr<boost::asio::thread_pool> while_it_lasts() const { return threads_; }
    void join();

  private:
    std::shared_ptr<boost::asio::thread_pool> threads_;
};

namespace detail {
template <class F>
awaitable<std::invoke_result_t<F&>> as_coroutine(F work) {
    co_return work();
}
}  // namespace detail

// Runs work() on the pool; its result or exception arrives here. Who is cancelled meanwhile learns
// of it when the work has ended. (Asio 1.81 would hand the cancellation to the pool, where it may
// come after the end and touch what is gone: it gets no slot.)
template <class F>
awaitable<std::invoke_result_t<F&>> on_pool(pool& p, F work) {
    auto coroutine = detail::as_coroutine(std::move(work));
    co_return co_await boost::asio::co_spawn(
        p.executor_context(), std::move(coroutine),
        boost::asio::bind_cancellation_slot(boost::asio::cancellation_slot{},
                                            boost::asio::use_awaitable));
}

// The same object; wherever its last owner lets it go, it ends on the pool, or at once when the
// pool has ended: closing a file of 100 MB that has no name any more takes 5 to 10 ms.
template <class T>
std::shared_ptr<T> let_go_on(pool& p, std::shared_ptr<T> what) {
    auto* same = what.get();
    auto end = [on = p.while_it_lasts(), held = std::move(what)](T*) mutable {
        if (const auto threads = on.lock())
            boost::asio::post(*threads, [gone = std::move(held)] {});
    };
    return {same, std::move(end)};
}

}  // namespace ecert
