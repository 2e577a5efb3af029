// What a broker tells us without being asked. Inside queue/amqp only.
#pragma once

#include <cstdint>
#include <string>
#include <variant>

namespace ecert::queue::amqp {

using channel_number = std::uint16_t;

struct delivery {
    channel_number channel = 0;
    std::uint64_t tag = 0;
    bool redelivered = false;
    unsigned deliveries = 1;  // this one included
    std::string body;
};
struct came_back {  // a mandatory message that no queue took; its confirm follows
    std::uint64_t id = 0;
};
struct confirm {
    std::uint64_t tag = 0;
    bool multiple = false;  // all up to the tag
    bool taken = false;     // else refused
};
struct consumer_cancelled {  // its queue is gone
    channel_number channel = 0;
};
struct channel_closed {
    channel_number channel = 0;
    std::string why;
};
struct blocked {
    std::string why;
};
struct unblocked {};

using event = std::variant<delivery, came_back, confirm, consumer_cancelled, channel_closed,
                           blocked, unblocked>;

}  // namespace ecert::queue::amqp
