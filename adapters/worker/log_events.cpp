#include "adapters/worker/log_events.hpp"

#include "config/log.hpp"

namespace ecert::worker {

void attempt_ended(const queue::outcome& o) {
    log::write(log::level::info, "attempt_ended",
               {{"task", queue::to_string(o.id)},
                {"attempt", static_cast<std::int64_t>(o.attempt)},
                {"partner", o.partner},
                {"channel", o.channel},
                {"class", queue::name_of(o.what)},
                {"text", o.text},
                {"trace", o.traceparent}});
}

void task_returned(const queue::task& t, std::string_view why) {
    log::write(log::level::warn, "task_returned",
               {{"task", queue::to_string(t.id)},
                {"attempt", static_cast<std::int64_t>(t.attempt)},
                {"partner", t.partner},
                {"why", why}});
}

void task_repeated(const queue::task& t) {
    log::write(log::level::warn, "task_repeated",
               {{"task", queue::to_string(t.id)},
                {"attempt", static_cast<std::int64_t>(t.attempt)},
                {"partner", t.partner}});
}

void task_unreadable(std::string_view queue, std::string_view why) {
    log::write(log::level::error, "task_unreadable", {{"queue", queue}, {"why", why}});
}

void outcome_not_taken(const queue::outcome& o, std::string_view why) {
    log::write(log::level::error, "outcome_not_taken",
               {{"task", queue::to_string(o.id)},
                {"attempt", static_cast<std::int64_t>(o.attempt)},
                {"partner", o.partner},
                {"class", queue::name_of(o.what)},
                {"why", why}});
}

void attempt_broke(std::string_view queue, std::string_view why) {
    log::write(log::level::error, "attempt_broke", {{"queue", queue}, {"why", why}});
}

}  // namespace ecert::worker
