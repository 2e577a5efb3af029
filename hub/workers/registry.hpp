// Which worker hosts there are, as their heartbeats tell: who serves which partner, whose clock or
// profiles differ, whose keys end soon, who fell silent. In memory: a hub that starts anew hears
// them all within ten seconds, and says nothing of partners before.
//
// Decides nothing about work: a partner that nobody serves waits, and is told of. Each trouble is
// told once, again after a day, and anew when it had been over.
// Thread rule: one executor.
#pragma once

#include "config/clock.hpp"
#include "queue/heartbeat.hpp"

#include <map>
#include <set>
#include <string>
#include <vector>

namespace ecert::hub {

struct moment_of_hosts {
    time_point wall{};
    steady_point steady{};
};

// What the hub plans this partner's tasks with.
struct planned_profile {
    std::string channel;
    crypto::sha256 dialect, profile;
};
using planned_profiles = std::map<std::string, planned_profile>;  // by partner

struct host_trouble {
    std::string kind;  // clock-skew, other-version, other-profile, not-its-partner, key-ends,
                       // queue, silent, partner-unserved
    std::string host;  // empty for partner-unserved
    std::string partner;
    std::string text;
    bool operator==(const host_trouble&) const = default;
};

struct host_row {
    queue::heartbeat last;
    time_point heard{};
    bool silent = false;
    bool stopped = false;  // it said so itself
    duration skew{0};      // theirs minus ours, as far as a heartbeat shows it
    std::vector<host_trouble> troubles;
};

struct registry_limits {
    duration silence{30'000};
    duration skew{5'000};
    duration key_notice{30LL * 24 * 3600 * 1000};
    duration again{24LL * 3600 * 1000};  // a trouble that lasts is told again
};

class registry {
  public:
    registry(std::string version, steady_point started, registry_limits limits = {});

    // `may_serve`: the partners of the host's file. The answer names what differs.
    queue::heartbeat_answer take(const queue::heartbeat& from,
                                 const std::vector<std::string>& may_serve,
                                 const planned_profiles& planned, moment_of_hosts now);

    bool serves(const std::string& partner, steady_point now) const;
    // It is not served, and whoever serves it has had the time to say so.
    bool nobody_serves(const std::string& partner, steady_point now) const;

    // The troubles to tell now. `waiting`: partners with work that is due or out.
    std::vector<host_trouble> to_tell(const std::vector<std::string>& waiting, moment_of_hosts now);
    // Of those, as they were when last told of: whom nobody serves.
    const std::vector<std::string>& unserved() const { return unserved_; }

    std::vector<host_row> rows(steady_point now) const;

  private:
    struct host {
        queue::heartbeat last;
        time_point heard_wall{};
        steady_point heard{};
        duration skew{0};
        std::set<std::string> fit;  // partners it serves with our profiles
        std::vector<host_trouble> troubles;
    };

    bool silent(const host& of, steady_point now) const;  // and it did not say that it stops
    bool settled(steady_point now) const;  // long enough after the start to miss anybody
    host_trouble silence_of(const host& of) const;

    std::string version_;
    steady_point started_;
    registry_limits limits_;
    std::map<std::string, host> hosts_;
    std::vector<std::string> unserved_;
    std::map<std::string, steady_point> told_;  // what troubles were told, and when
};

}  // namespace ecert::hub
