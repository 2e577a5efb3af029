// The thread that consumes: one connection, a channel for each consumer. Inside queue/amqp only.
#pragma once

#include "queue/amqp/brokers.hpp"
#include "queue/amqp/connection.hpp"
#include "queue/amqp/inbox.hpp"
#include "queue/amqp/settlements.hpp"
#include "queue/amqp/status.hpp"

#include <boost/asio/any_io_executor.hpp>

#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <thread>

namespace ecert::queue::amqp {

class subscriber {
  public:
    subscriber(boost::asio::any_io_executor on, const amqp_settings& by, std::string name,
               status& is);
    ~subscriber();  // stops and joins

    const std::shared_ptr<settlements>& back() { return back_; }
    void stop() { back_->stop(); }

  private:
    struct feed {  // of one consumer
        std::shared_ptr<inbox> to;
        std::string queue;
        unsigned prefetch = 1;
        channel_number channel = 0;   // 0: it has none now
        std::uint64_t life = 0;       // of that channel
        std::set<std::uint64_t> out;  // delivered on it and not settled
        bool closing = false;
        unsigned refusals = 0;                 // in a row
        steady_point again{};                  // when to try
        steady_point renew{};                  // when to consume anew, if nothing comes
        std::optional<steady_point> broken{};  // since when consuming cost us the connection
    };
    void run();
    void serve();
    bool read_some();
    void see(event&& e);
    bool carry_out_all();
    void carry_out(notice&& what);
    void settle(const settlement& what);
    bool hand_in(const settlement& what);  // true: the broker has it
    bool read_by_broker(feed& f);
    void flush(const flushing& what);
    void open_due();
    bool open(feed& f);
    bool usable(const feed& f);
    void renew_idle();
    void consume_anew(feed& f);
    void consume_anew(const std::string& queue);
    void drop(feed& f);
    void forget_channel(feed& f);  // and the feed, when its consumer was closed
    void close_when_settled(const inbox* which);
    void leave(bool politely);
    void pause(duration time);
    feed* on_channel(channel_number channel);

    boost::asio::any_io_executor on_;
    const amqp_settings& by_;
    const std::string name_;
    status& is_;
    std::shared_ptr<settlements> back_ = std::make_shared<settlements>();
    std::deque<notice> taken_;  // from back_, and not carried out yet
    brokers brokers_;
    std::unique_ptr<connection> over_;
    std::map<const inbox*, feed> feeds_;
    std::map<channel_number, const inbox*> by_channel_;
    channel_number last_channel_ = 1;
    std::uint64_t last_life_ = 0;
    std::thread thread_;  // last: everything it uses is there
};

}  // namespace ecert::queue::amqp
