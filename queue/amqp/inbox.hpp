// What was delivered to one consumer, and who waits for it; the lots that are out. Inside
// queue/amqp only. Thread rule: the executor.
#pragma once

#include "queue/amqp/settlements.hpp"
#include "queue/transport.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/steady_timer.hpp>

#include <deque>
#include <list>
#include <memory>
#include <string>

namespace ecert::queue::amqp {

class inbox : public std::enable_shared_from_this<inbox> {
  public:
    inbox(boost::asio::any_io_executor on, std::shared_ptr<settlements> back)
        : on_{std::move(on)}, back_{std::move(back)} {}

    awaitable<std::unique_ptr<lot>> next(duration deadline);
    void arrive(std::uint64_t life, delivery what);
    // That life of the channel is over: the broker will hand out again what was not taken.
    void lose(std::uint64_t life);
    void close();
    std::uint64_t unsettled() const { return ready_.size() + out_; }

    void settled() { --out_; }  // by a lot

  private:
    struct message {
        std::uint64_t life;
        delivery what;
    };
    struct waiter {
        boost::asio::steady_timer until;
        std::unique_ptr<lot> got;
    };
    class place_in_line;
    std::unique_ptr<lot> lend();

    boost::asio::any_io_executor on_;
    std::shared_ptr<settlements> back_;
    std::deque<message> ready_;
    std::list<waiter*> waiting_;
    std::uint64_t out_ = 0;
    bool closed_ = false;
};

}  // namespace ecert::queue::amqp
