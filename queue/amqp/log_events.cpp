#include "queue/amqp/log_events.hpp"

#include "config/log.hpp"

namespace ecert::queue::amqp::queue_log {
namespace {

using sv = std::string_view;
using log::level;

sv name_of(side of) { return of == side::publishing ? "publishing" : "consuming"; }

}  // namespace

void connected(side of, const std::string& broker) {
    log::write(level::info, "queue_connected", {{"for", name_of(of)}, {"broker", sv{broker}}});
}

void lost(side of, const std::string& broker, const std::string& why) {
    log::write(level::warn, "queue_lost",
               {{"for", name_of(of)}, {"broker", sv{broker}}, {"text", sv{why}}});
}

void blocked(const std::string& broker, const std::string& why) {
    log::write(level::warn, "queue_blocked", {{"broker", sv{broker}}, {"text", sv{why}}});
}

void unblocked(const std::string& broker) {
    log::write(level::info, "queue_unblocked", {{"broker", sv{broker}}});
}

void queue_differs(const std::string& queue, const std::string& why) {
    log::write(level::error, "queue_differs", {{"queue", sv{queue}}, {"text", sv{why}}});
}

void queue_refused(const std::string& queue, const std::string& why) {
    log::write(level::warn, "queue_refused", {{"queue", sv{queue}}, {"text", sv{why}}});
}

void queue_rebuilt(const std::string& queue, const std::string& why) {
    log::write(level::warn, "queue_rebuilt",
               {{"queue", sv{queue}}, {"text", sv{"deleted and declared anew"}}, {"why", sv{why}}});
}

void consumer_cancelled(const std::string& queue) {
    log::write(level::warn, "queue_consumer_cancelled", {{"queue", sv{queue}}});
}

void confirm_overdue(const std::string& broker) {
    log::write(level::warn, "queue_confirm_overdue", {{"broker", sv{broker}}});
}

}  // namespace ecert::queue::amqp::queue_log
