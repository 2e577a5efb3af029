#include "hub/operators/waiting.hpp"

namespace ecert::hub {

void say_why_it_waits(custody_view& v, const outside& is, time_point now) {
    const bool due = !v.ended && v.next_try && *v.next_try <= now;
    const bool out = v.state == state::queued;
    if (due && !is.queue_trouble.empty()) {
        v.reason = "waits for the queue: " + is.queue_trouble;
        v.who_must_act = "operator: bring the broker back; it goes on by itself then";
    } else if ((due || out) && is.nobody_serves) {
        if (out) v.holder = "queue";
        v.reason = "waits: no worker serves " + v.partner;
        v.who_must_act =
            "operator: start an adapter for " + v.partner + "; it goes on by itself then";
    }
}

}  // namespace ecert::hub
