// What follows from an outcome: pure. Time, jitter and policy are parameters; nothing is read
// inside.
#pragma once

#include "config/clock.hpp"
#include "config/settings.hpp"
#include "queue/outcome.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace ecert::hub {

// What follows when workers hand a task back unspent, again and again: it waits longer each time
// and somebody is told, but it never parks by itself.
struct return_terms {
    duration first{10'000};
    duration longest{60'000};
    std::uint32_t alert_after = 6;  // in a row
    duration alert_again{24 * 3'600'000};
};

// What they took and never confirm is asked for so often at last.
constexpr duration asked_at_most_daily = 24h;
// A fetch brought what is not for us as the channel is configured, or comes from another than was
// listed.
enum class misfit { none, not_for_us, from_another };

struct attempt_state {
    queue::verb verb = queue::verb::deliver;  // of the attempt the outcome belongs to: track while
                                              // asking about a deliver
    std::uint32_t attempts = 0;               // spent so far, this one included
    time_point first_attempt{};  // of this horizon (an operator's retry starts a new one)
    std::optional<time_point> ambiguous_since;  // unsettled since
    std::optional<time_point> absent_since;     // they say since then that they do not have it
    bool can_track = false;                     // the dialect has `track`
    bool honours_message_id = true;             // the peer stores a repeat once
    bool send_again_when_absent = false;        // else what they do not have parks
    duration track_after{0};                    // 0: what is in their custody is not asked for
    std::uint32_t asked = 0;                    // in custody: askings that found it there still
    bool overdue = false;                       // in custody for longer than their receipt may take
    bool proven_elsewhere = false;              // delivery already proven by another attempt
    std::vector<crypto::sha256>
        ours;  // digests of what we may have sent (content, kept translation); empty: not compared
    std::uint32_t returns = 0;               // handed back in a row, this time included
    std::optional<time_point> returns_told;  // the last alert about that
    return_terms back;
    hub::misfit misfit{};
};

enum class act {
    finish,  // nothing more to do for this piece of work
    again,   // the work's own verb at `at`: after a track, what was asked about is sent again
    ask,     // track at `at`, then decide again (also: an asking that failed is repeated)
    refuse,  // a person must look: their system said never
    park     // a person must look: we cannot go on
};

enum class circuit_effect { none, success, failure, open };

struct verdict {
    hub::act act = hub::act::finish;
    time_point at{};
    bool counts = true;  // as a spent attempt
    circuit_effect circuit = circuit_effect::none;
    std::string reason;  // stable id: "horizon-passed", "unrecognised-answer", "digest-differs" ...
    std::string advice;  // what a person can do about it
    bool alerts = false;  // it goes on, but somebody must be told
};

// jitter: uniform in [-1, 1].
verdict decide(const queue::outcome& o, const attempt_state& s, const retry_settings& policy,
               time_point now, double jitter);

// The delay before attempt `spent`+1, without jitter: first * factor^(spent-1), at most longest;
// nothing before the first. Exact for every count: no rounding of the factor, no overflow.
duration back_off(const retry_settings& policy, std::uint32_t spent);

}  // namespace ecert::hub
