// A thread's reply to a coroutine that waits for it with a deadline. Inside queue/amqp only.
// Thread rule: made and awaited on the executor; give() from any thread, the first one counts.
#pragma once

#include "config/clock.hpp"
#include "config/pool.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <memory>
#include <optional>

namespace ecert::queue::amqp {

template <class T>
class answer : public std::enable_shared_from_this<answer<T>> {
  public:
    answer(boost::asio::any_io_executor on, duration deadline) : on_{on}, until_{on, deadline} {}

    void give(T what) {
        boost::asio::post(on_, [self = this->shared_from_this(), what = std::move(what)]() mutable {
            if (self->given_) return;
            self->given_ = std::move(what);
            self->until_.cancel();
        });
    }

    // Once. Empty: the deadline has passed.
    awaitable<std::optional<T>> wait() {
        auto self = this->shared_from_this();
        if (!given_) co_await until_.async_wait(boost::asio::as_tuple(boost::asio::use_awaitable));
        co_return std::move(self->given_);
    }

  private:
    boost::asio::any_io_executor on_;
    boost::asio::steady_timer until_;
    std::optional<T> given_;
};

}  // namespace ecert::queue::amqp
