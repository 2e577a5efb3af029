// How the room of a channel is shared out among its partners: higher priority first, else the one
// with the fewest in flight, by turns. Where several partners use a channel, none may fill more
// than three quarters of its window: a backlog of one never makes another wait for it. Pure but for
// the memory of whose turn it was.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace ecert::hub {

struct claim {
    std::string partner;
    std::uint64_t ready = 0;  // due, at least
    unsigned in_flight = 0;
    int priority = 0;
};

struct grant {
    std::string partner;
    unsigned count = 0;
};

class window {
  public:
    void configure(unsigned size,
                   bool shared);  // shared: several partners are configured on the channel
    unsigned size() const { return size_; }
    unsigned most_for_one() const;
    // Shares at most `room`. Grants of nothing are left out.
    std::vector<grant> share(unsigned room, std::vector<claim> claims);

  private:
    unsigned size_ = 64;
    bool shared_ = false;
    std::string last_;  // who got the last place
};

}  // namespace ecert::hub
