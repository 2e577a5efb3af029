// One connection to one broker: the only user of rabbitmq-c. Inside queue/amqp only.
//
// Guarantee: no call waits longer than its deadline (connect_timeout for calls, 20 s for a removal;
// twice the heartbeat for a send that the network does not take). connection_lost: this object is
// of no more use. channel_refused: that channel is closed, the connection lives. Thread rule: one
// thread, the one that made it.
#pragma once

#include "config/settings.hpp"
#include "crypto/handle.hpp"
#include "queue/amqp/event.hpp"
#include "queue/amqp/topology.hpp"

#include <amqp.h>

#include <map>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>

namespace ecert::queue::amqp {

struct connection_lost : std::runtime_error {
    explicit connection_lost(const std::string& text, int reply_code = 0)
        : std::runtime_error{text}, code{reply_code} {}
    int code;  // the broker's, where it closed the connection
};
struct channel_refused : std::runtime_error {
    channel_refused(int reply_code, const std::string& text)
        : std::runtime_error{text}, code{reply_code} {}
    int code;
};
constexpr int access_refused = 403, no_such_queue = 404, other_arguments = 406;

class connection {
  public:
    // Connects and logs in.
    connection(const std::string& broker, const amqp_settings& with, const std::string& name);

    void open(channel_number channel);
    void close(channel_number channel);
    void confirms(channel_number channel);  // from now on publishes on it are confirmed
    void declare(channel_number channel, const std::string& queue, const arguments& with);
    struct looked_at {
        std::uint64_t ready = 0, consumers = 0;
    };
    looked_at look_at(channel_number channel, const std::string& queue);  // it must exist
    void remove(channel_number channel, const std::string& queue);  // none there: nothing to do
    void prefetch(channel_number channel, unsigned count);
    void consume(channel_number channel, const std::string& queue);
    void
    goodbye() noexcept;  // what was sent has been read when it returns, where that is to be had

    // Sent, not answered.
    void cancel(channel_number channel);
    void publish(channel_number channel, const std::string& queue, std::uint64_t id,
                 std::string_view body);
    void ack(channel_number channel, std::uint64_t tag);
    void give_back(channel_number channel, std::uint64_t tag);

    // The next event that is there; never waits. Sees to heartbeats.
    std::optional<event> next();
    // Until the socket or `wake` is readable, for so long at most. Only after next() gave nothing.
    void wait(int wake, duration most);

  private:
    struct partial {  // content whose frames are still coming
        std::optional<delivery> to_us;
        std::uint64_t id = 0;
        std::uint64_t size = 0;
        bool headed = false;
    };
    void dial(const std::string& broker, const amqp_settings& with);
    void secure(amqp_socket_t* socket, const amqp_settings& with);
    void log_in(const amqp_settings& with, const std::string& name);
    void require(int status, const char* what);
    void require_reply(const amqp_rpc_reply_t& reply, channel_number channel, const char* what);
    std::optional<event> read(const amqp_frame_t& frame);
    std::optional<event> read_method(const amqp_frame_t& frame);
    std::optional<event> read_content(const amqp_frame_t& frame);
    [[noreturn]] void closed_by_broker(const amqp_method_t& method);

    crypto::handle<amqp_connection_state_t_, amqp_destroy_connection> state_;
    std::map<channel_number, partial> partial_;
};

}  // namespace ecert::queue::amqp
