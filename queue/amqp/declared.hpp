// Declares a queue, read back by the broker's own comparison, on a channel of its own (a refusal
// closes the channel). Inside queue/amqp only.
#pragma once

#include "queue/amqp/connection.hpp"
#include "queue/amqp/status.hpp"

#include <string>

namespace ecert::queue::amqp {

// True: it is there, as it must be. False: status and log say why not. Who may not declare (a
// worker's user) uses the queue that is there.
bool declare(connection& over, channel_number scratch, const std::string& queue,
             const amqp_settings& by, status& is);

// Deletes it and declares it anew: what was in it is lost, and published again from the ledger.
// `why`: for the log.
bool rebuild(connection& over, channel_number scratch, const std::string& queue,
             const amqp_settings& by, status& is, const char* why);

constexpr const char* no_longer_usable = "the broker could no longer use it";

}  // namespace ecert::queue::amqp
