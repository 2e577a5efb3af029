// The circuit of a channel: a peer that fails again and again is left alone, then tried with one
// task, then ramped up. Pure.
//
//   closed --failures in a row, or misconfigured--> open --time over, one task--> probing
//   --success--> ramp --successes--> closed probing --failure--> open, for twice as long; ramp
//   --failure--> open.
//
// What opened it at once (misconfigured) may be the fault of that one task after all: the probe is
// another one where there is another. Results of tasks other than the probe that come in while it
// is open or probing are old news and change nothing. Times are of the steady clock.
#pragma once

#include "config/clock.hpp"
#include "config/settings.hpp"

#include <cstdint>
#include <string>

namespace ecert::hub {

class circuit {
  public:
    enum class phase { closed, open, probing, ramp };

    void configure(const circuit_settings& settings, unsigned window);

    // How many more may be sent now, `in_flight` being out already.
    unsigned room(unsigned in_flight, steady_point now) const;
    // True when the next task sent is a probe: one alone, preferably not opener().
    bool wants_probe(steady_point now) const;
    std::int64_t opener() const { return opener_; }
    void probe_sent(std::int64_t work);
    // The probe came back unspent, or its lease ended without an outcome: proves nothing; another
    // one may go.
    void probe_lost(std::int64_t work);

    void success(std::int64_t work, steady_point now);
    void failure(std::int64_t work, steady_point now);
    void open_at_once(std::int64_t work, steady_point now);  // misconfigured

    phase now_in() const { return phase_; }
    bool shut() const { return phase_ == phase::open || phase_ == phase::probing; }
    steady_point until() const { return until_; }  // open: when a probe may go
    unsigned allowed() const { return ramp_; }     // ramp: in flight at most

  private:
    void open(std::int64_t work, steady_point now);

    circuit_settings settings_;
    unsigned window_ = 64;
    phase phase_ = phase::closed;
    unsigned failures_ = 0;  // in a row, while closed
    duration open_for_{0};   // of the last opening
    steady_point until_{};
    std::int64_t opener_ = 0, probe_ = 0;
    unsigned ramp_ = 0;
};

// "closed", "open", "probing", "ramp"
std::string_view name_of(circuit::phase p);

}  // namespace ecert::hub
