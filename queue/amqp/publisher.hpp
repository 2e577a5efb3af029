// The thread that publishes. Inside queue/amqp only.
#pragma once

#include "queue/amqp/brokers.hpp"
#include "queue/amqp/connection.hpp"
#include "queue/amqp/outbox.hpp"
#include "queue/amqp/status.hpp"
#include "queue/amqp/window.hpp"

#include <functional>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <thread>

namespace ecert::queue::amqp {

class publisher {
  public:
    publisher(const amqp_settings& by, std::string name, status& is,
              std::function<void(const char*)> reached);
    ~publisher();  // stops and joins

    outbox& box() { return box_; }
    void stop() { box_.stop(); }

  private:
    struct trouble {
        steady_point since;
        bool again = false;  // since it was looked at
    };
    void run();
    void serve();
    bool send_some();
    bool read_some();
    void see(const event& e);
    void carry_out(const declaring& what);
    void carry_out(const asking& what);
    void carry_out(const rebuilding_asked& what);
    connection::looked_at look(const std::string& queue);
    bool send(const publishing_ptr& what);
    void leave(bool politely);
    void pause(duration time);
    void watch_confirms();
    void settle(const confirm& said);
    void mend_refusing();
    void mend_silent();
    void rebuild_if_empty(const std::string& queue);

    const amqp_settings& by_;
    const std::string name_;
    status& is_;
    const std::function<void(const char*)> reached_;
    outbox box_;
    window window_;
    brokers brokers_;
    std::unique_ptr<connection> over_;
    std::set<std::string> declared_;  // asked for, at every broker we come to
    std::set<std::string> unfit_;     // there with other arguments: nothing is published to them
    std::map<std::string, trouble> refusing_;  // queues that took nothing since
    std::map<std::string, trouble> silent_;    // queues that owed a confirm for too long, since
    std::vector<draining> drains_;             // wait until the window is empty
    bool blocked_ = false;
    std::thread thread_;  // last: everything it uses is there
};

}  // namespace ecert::queue::amqp
