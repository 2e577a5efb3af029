// A coroutine that waits for another thread: resumed on its own executor, once, with a result.
// While it waits its executor has outstanding work, so a loop does not end under it. If it is never
// resumed, its coroutine is destroyed with it.
//
// The executors of waiting coroutines must outlive the ledger.
#pragma once

#include "config/pool.hpp"
#include "config/result.hpp"

#include <boost/asio/any_completion_handler.hpp>
#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/associated_executor.hpp>
#include <boost/asio/async_result.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/prefer.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <utility>

namespace ecert::hub::sqlite {

template <class T>
class awaiter {
  public:
    template <class Handler>
    explicit awaiter(Handler handler)
        : executor_{boost::asio::prefer(
              boost::asio::any_io_executor{boost::asio::get_associated_executor(handler)},
              boost::asio::execution::outstanding_work.tracked)},
          handler_{std::move(handler)} {}

    void resume(result<T> with) {
        auto then = [handler = std::move(handler_), with = std::move(with)]() mutable {
            std::move(handler)(std::move(with));
        };
        boost::asio::post(std::exchange(executor_, {}), std::move(then));
    }

  private:
    boost::asio::any_io_executor executor_;
    boost::asio::any_completion_handler<void(result<T>)> handler_;
};

// start(awaiter<T>) hands the awaiter to the thread that will resume it.
template <class T, class Start>
awaitable<result<T>> suspended(Start start) {
    auto initiate = [start = std::move(start)](auto handler) mutable {
        start(awaiter<T>{std::move(handler)});
    };
    co_return co_await boost::asio::async_initiate<const boost::asio::use_awaitable_t<>&,
                                                   void(result<T>)>(std::move(initiate),
                                                                    boost::asio::use_awaitable);
}

}  // namespace ecert::hub::sqlite
