#include "hub/dispatch/circuit.hpp"

#include <algorithm>
#include <limits>

namespace ecert::hub {

void circuit::configure(const circuit_settings& settings, unsigned window) {
    settings_ = settings;
    window_ = window;
}

unsigned circuit::room(unsigned in_flight, steady_point now) const {
    switch (phase_) {
        case phase::closed:
            return std::numeric_limits<unsigned>::max();
        case phase::open:
            return now >= until_ ? 1 : 0;
        case phase::probing:
            return 0;
        case phase::ramp:
            return ramp_ > in_flight ? ramp_ - in_flight : 0;
    }
    return 0;
}

bool circuit::wants_probe(steady_point now) const { return phase_ == phase::open && now >= until_; }

void circuit::probe_sent(std::int64_t work) {
    if (phase_ != phase::open) return;
    phase_ = phase::probing;
    probe_ = work;
}

void circuit::probe_lost(std::int64_t work) {
    if (phase_ == phase::probing && work == probe_) phase_ = phase::open;
}

void circuit::success(std::int64_t work, steady_point) {
    switch (phase_) {
        case phase::closed:
            failures_ = 0;
            return;
        case phase::open:
            return;
        case phase::probing:
            if (work != probe_) return;
            phase_ = phase::ramp;
            ramp_ = std::max(1u, settings_.ramp);
            failures_ = 0;
            opener_ = 0;
            break;
        case phase::ramp:
            ramp_ = ramp_ > window_ / 2 ? window_ : ramp_ * 2;
            break;
    }
    if (ramp_ < window_) return;
    phase_ = phase::closed;
    open_for_ = duration{0};
}

void circuit::failure(std::int64_t work, steady_point now) {
    switch (phase_) {
        case phase::closed:
            if (++failures_ >= std::max(1u, settings_.failures)) open(work, now);
            return;
        case phase::open:
            return;
        case phase::probing:
            if (work == probe_) open(work, now);
            return;
        case phase::ramp:
            open(work, now);
            return;
    }
}

void circuit::open_at_once(std::int64_t work, steady_point now) {
    if (phase_ == phase::open || (phase_ == phase::probing && work != probe_)) return;
    open(work, now);
}

// Twice as long for each failed probe; a good probe has shown that the peer is there, so the ramp's
// first failure starts anew.
void circuit::open(std::int64_t work, steady_point now) {
    const bool again = phase_ == phase::probing && open_for_ > duration{0};
    open_for_ = again ? std::min(open_for_ * 2, settings_.longest_open) : settings_.open_for;
    phase_ = phase::open;
    until_ = now + open_for_;
    opener_ = work;
    failures_ = 0;
}

std::string_view name_of(circuit::phase p) {
    switch (p) {
        case circuit::phase::closed:
            return "closed";
        case circuit::phase::open:
            return "open";
        case circuit::phase::probing:
            return "probing";
        case circuit::phase::ramp:
            return "ramp";
    }
    return "?";
}

}  // namespace ecert::hub
