// The life of a delivery, as pure functions: what an event does to it, and what it is called. Every
// (state, event) pair is tested, in both orders.
//
// Progress only rises. A side (refused, parked, held, cancelled) may be entered from any progress
// below delivered; a later proof of delivery lifts refused, parked and held, and is recorded beside
// cancelled with an alert (as is custody taken after it). hold and cancel with a lease open wait
// for its outcome. One final event a delivery: `ends` is true exactly once in any order of events.
#pragma once

#include <string_view>

namespace ecert::hub {

enum class progress { none, sent, delivered, answered };
enum class side { none, refused, parked, held, cancelled };
enum class answer_kind { none, accepted, rejected };
enum class state {
    waiting,
    queued,
    sent,
    delivered,
    acknowledged,
    rejected,
    offered,
    refused,
    parked,
    held,
    cancelled
};
enum class completes_at { delivered, acknowledged };
enum class wish { none, hold, cancel };  // asked for while a lease was open

std::string_view name_of(state s);

struct life {
    hub::progress progress = hub::progress::none;
    hub::side side = hub::side::none;
    bool leased = false;   // an attempt is out
    bool offered = false;  // a pull partner may fetch it
    answer_kind answer = answer_kind::none;
    hub::wish wish = hub::wish::none;
    completes_at completes = completes_at::acknowledged;
    bool ended = false;  // its final event was written
    bool operator==(const life&) const = default;
};

enum class life_event {
    leased,       // an attempt was committed, before its publish
    lease_over,   // the attempt's outcome came (after its proof, before its refusal), it was handed
                  // back, or its lease ended
    proven_sent,  // they took custody
    proven_delivered,   // their system has it
    answered_accepted,  // their authority said yes
    answered_rejected,  // their authority said no
    refused,            // their system will never take it as it is
    parked,             // it cannot go on without a person
    hold_asked,
    release_asked,
    retry_asked,   // reopens refused and parked
    cancel_asked,  // also: superseded, withdrawn before it was taken
    offered
};
constexpr int life_event_count = 13;

enum class move {
    applied,        // `after` differs or the event is recorded as such
    recorded_only,  // true, but changes nothing
    deferred,       // waits for the open lease's outcome
    impossible      // an operator's act that makes no sense here: refused with a text
};

struct moved {
    life after;
    move how = move::applied;
    bool ends = false;    // write the final event now
    bool alerts = false;  // proof of delivery after cancelled; a second, different answer
};
moved apply_event(const life& before, life_event e);

// waiting | queued | sent | delivered | acknowledged | rejected | offered | refused | parked | held
// | cancelled
state state_of(const life& l);

// Nothing more will be done for it by the node itself (chains go on after it).
bool is_resolved(const life& l);  // delivered or beyond, or cancelled

}  // namespace ecert::hub
