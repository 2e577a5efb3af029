// What a worker host tells its hub every ten seconds, and what the hub answers: version 1 (wire/).
// A host that says nothing, whose clock differs, or whose profiles are others than the hub plans
// with is seen at once, not when the first certificate waits.
#pragma once

#include "config/clock.hpp"
#include "crypto/digest.hpp"

#include <string>
#include <vector>

namespace ecert::queue {

struct served_partner {
    std::string partner;
    std::string channel;
    crypto::sha256 dialect, profile;  // of what the host has loaded
    bool operator==(const served_partner&) const = default;
};

struct held_key {
    std::string id;
    time_point not_after{};  // of its certificate
    bool operator==(const held_key&) const = default;
};

struct heartbeat {
    std::string adapter;  // the host's name, as the hub's adapters/<name>.toml
    std::string version;
    time_point started{};
    time_point now{};  // by the host's wall clock
    unsigned in_flight = 0;
    std::string queue_trouble;  // what its connection to the queue lacks; empty: nothing
    std::vector<served_partner> partners;
    std::vector<held_key> keys;
    bool stopping = false;  // the last one: it was told to stop, and serves nobody from here on
    bool operator==(const heartbeat&) const = default;
};

struct heartbeat_answer {
    time_point now{};                  // by the hub's wall clock
    std::vector<std::string> differs;  // in words: what the host should look at
    bool operator==(const heartbeat_answer&) const = default;
};

}  // namespace ecert::queue
