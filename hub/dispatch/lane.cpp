#include "hub/dispatch/lane.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace ecert::hub {

void lane::configure(const channel_settings& profile, unsigned partners, steady_point now) {
    circuit_.configure(profile.circuit, profile.window);
    window_.configure(profile.window, partners > 1);
    hours_ = hours::parse(profile.hours).value_or(hours{});
    rate_.change(profile.rate, now);
}

opening lane::look(unsigned in_flight, moment now) const {
    if (!hours_.open(now.wall)) return {.again = hours_.next_opening(now.wall) - now.wall};
    const unsigned by_circuit = circuit_.room(in_flight, now.steady);
    if (by_circuit == 0) {
        if (circuit_.now_in() != circuit::phase::open) return {};
        return {.again = std::chrono::ceil<duration>(circuit_.until() - now.steady)};
    }
    if (const unsigned by_rate = rate_.available(now.steady); by_rate > 0) {
        const unsigned free = window_.size() > in_flight ? window_.size() - in_flight : 0;
        return {.room = std::min({free, by_circuit, by_rate}),
                .probe = circuit_.wants_probe(now.steady)};
    }
    return {.again = rate_.wait(now.steady)};
}

std::vector<grant> lane::share(unsigned room, std::vector<claim> claims) {
    return window_.share(room, std::move(claims));
}

std::string lane::circuit_text(moment now) const {
    switch (circuit_.now_in()) {
        case circuit::phase::open: {
            const auto left = std::chrono::ceil<duration>(circuit_.until() - now.steady);
            return fmt::format("open until {}", rfc3339(now.wall + std::max(left, duration{0})));
        }
        case circuit::phase::ramp:
            return fmt::format("ramp {}", circuit_.allowed());
        default:
            return std::string{name_of(circuit_.now_in())};
    }
}

}  // namespace ecert::hub
