// What dispatch writes to the log, one function an event. Operators and tests rely on the names and
// fields. Delivery (or respond) id, partner, attempt and trace id are in every line that is about
// an attempt; content never is.
#pragma once

#include "config/clock.hpp"
#include "hub/dispatch/circuit.hpp"
#include "hub/ledger/ledger.hpp"
#include "queue/outcome.hpp"
#include "queue/task.hpp"
#include "queue/transport.hpp"

#include <string>
#include <string_view>

namespace ecert::hub::dispatch_log {

void published(const queue::task& t);                              // debug task_published
void not_published(const queue::task& t, queue::publication how);  // debug task_not_published
// Nothing can be published at all, or can again: once each.
void queue_lost(std::string_view trouble);  // warn  queue_lost
void queue_back();                          // info  queue_back
// The queue of a partner takes nothing, or takes again: once each.
void outlet_stalled(std::string_view partner, queue::publication how);  // warn  queue_stalled
void outlet_flows(std::string_view partner);                            // info  queue_flows
void handed_back(const queue::task& t, std::string_view why);           // info  task_handed_back
void outcome_applied(const queue::outcome& o, const applied& what);     // info  outcome_applied
void outcome_unmatched(const queue::outcome& o);                        // warn  outcome_unmatched
void outcome_repeated(const queue::outcome& o);                         // warn  outcome_repeated
void outcome_unreadable(const failure& why, const crypto::sha256& digest,
                        std::size_t size);                  // error outcome_unreadable
void outcome_broke(std::string_view text, unsigned tries);  // error outcome_broke
void leases_ended(unsigned count);                          // warn  leases_ended
void leases_inherited(std::size_t count);                   // info  leases_inherited
void flight_lost(std::int64_t work, std::uint32_t attempt,
                 std::string_view partner);  // warn attempt_lost
void circuit_changed(std::string_view channel, circuit::phase before, circuit::phase now,
                     std::string_view why);  // warn  circuit_changed (info when it closes)
void partner_unknown(std::string_view partner, std::uint64_t waiting);  // error partner_unknown
void ledger_failed(std::string_view verb, std::string_view text);       // error ledger_failed
void clock_jumped(duration by);                                         // warn  clock_jumped
void job_failed(std::string_view text);                                 // error dispatch_job_failed
void drained(bool whole);                                               // info  dispatch_stopped

}  // namespace ecert::hub::dispatch_log
