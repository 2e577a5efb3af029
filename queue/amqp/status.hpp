// How the queue is, told by the two threads and read by the executor. Thread rule: free.
#pragma once

#include "queue/transport.hpp"

#include <map>
#include <mutex>
#include <string>

namespace ecert::queue::amqp {

enum class side { publishing, consuming };

class status {
  public:
    void well(side of);
    void ill(side of, std::string why);
    void queue_ill(const std::string& queue, std::string why);
    void queue_well(const std::string& queue);
    std::string trouble_of(const std::string& queue) const;
    transport_state read() const;

    // Held by who declares a queue: RabbitMQ 3.10 answers the second of two declares while the new
    // quorum queue still refuses messages.
    std::mutex declaring;

  private:
    mutable std::mutex lock_;
    struct standing {
        std::string trouble = "not connected yet";
        time_point since = machine_clock().now();  // of the trouble
    };
    std::map<side, standing> sides_{{side::publishing, {}}, {side::consuming, {}}};
    std::map<std::string, std::string> queues_;
};

}  // namespace ecert::queue::amqp
