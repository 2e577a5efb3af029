// The attempts that are out: what the windows count. An attempt leaves by its outcome, by coming
// back, or, when its outcome was lost, by the end of its lease. Pure.
#pragma once

#include "config/clock.hpp"

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

namespace ecert::hub {

struct flight {
    std::int64_t work = 0;
    std::uint32_t attempt = 0;
    std::string partner, channel;
    time_point lease_end{};
    bool suspect = false;
};

class flights {
  public:
    void depart(flight f);
    // The attempt's flight, which ends; nullopt: it is not (or no longer) out.
    std::optional<flight> land(std::int64_t work, std::uint32_t attempt);
    std::vector<flight> lost(time_point now);  // whose lease has ended: they end here
    std::optional<time_point> next_end() const;
    // A flight becomes a suspect's, or is one no longer.
    void suspect(std::int64_t work, std::uint32_t attempt, bool is);
    // The wall clock went back by so much: nobody waits that much longer for a lost outcome.
    void bring_forward(duration by);

    bool empty() const { return out_.empty(); }
    bool suspect_out() const { return suspects_ > 0; }
    // How many suspects are out no longer, ever: whoever found only suspects looks again when it
    // rises.
    std::uint64_t suspects_back() const { return suspects_back_; }
    unsigned on(const std::string& channel) const;
    unsigned of(const std::string& partner) const;

  private:
    void forget(const flight& f);
    void suspect_is_back();

    std::unordered_map<std::int64_t, flight> out_;
    std::set<std::pair<time_point, std::int64_t>> ends_;
    std::map<std::string, unsigned> by_channel_, by_partner_;
    unsigned suspects_ = 0;
    std::uint64_t suspects_back_ = 0;
};

}  // namespace ecert::hub
