// One channel as dispatch sees it: how much may go now, and when more may. Its window, hours, rate
// and circuit together. Pure.
#pragma once

#include "config/settings.hpp"
#include "hub/dispatch/circuit.hpp"
#include "hub/dispatch/hours.hpp"
#include "hub/dispatch/rate.hpp"
#include "hub/dispatch/window.hpp"

#include <optional>
#include <string>
#include <vector>

namespace ecert::hub {

// The wall clock for hours, the steady one for the rest.
struct moment {
    time_point wall{};
    steady_point steady{};
};

struct opening {
    unsigned room = 0;
    bool probe = false;  // the one place is for a probe
    std::optional<duration>
        again;  // room 0: when there may be some by itself; none: only an outcome makes room
};

class lane {
  public:
    void configure(const channel_settings& profile, unsigned partners, steady_point now);

    opening look(unsigned in_flight, moment now) const;
    std::vector<grant> share(unsigned room, std::vector<claim> claims);
    void sent(unsigned count, steady_point now) { rate_.take(count, now); }

    hub::circuit& circuit() { return circuit_; }
    const hub::circuit& circuit() const { return circuit_; }
    bool within_hours(time_point now) const { return hours_.open(now); }
    unsigned window() const { return window_.size(); }

    // "closed", "open until 2026-11-24T23:12:02.123Z", "probing", "ramp 8"
    std::string circuit_text(moment now) const;

    std::string last_failure;  // in the peer's words, or ours

  private:
    hub::circuit circuit_;
    hub::window window_;
    hub::hours hours_;
    hub::rate rate_;
};

}  // namespace ecert::hub
