// What the queue writes to the log: one function an event, the operator's page.
#pragma once

#include "queue/amqp/status.hpp"

#include <string>

namespace ecert::queue::amqp::queue_log {

void connected(side of, const std::string& broker);
void lost(side of, const std::string& broker, const std::string& why);
void blocked(const std::string& broker, const std::string& why);  // publishing waits for the broker
void unblocked(const std::string& broker);
void queue_differs(const std::string& queue, const std::string& why);  // it is not used
void queue_refused(const std::string& queue, const std::string& why);  // tried again
void queue_rebuilt(const std::string& queue, const std::string& why);
void consumer_cancelled(const std::string& queue);  // the queue was deleted; declared again
void confirm_overdue(const std::string& broker);

}  // namespace ecert::queue::amqp::queue_log
