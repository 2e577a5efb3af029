// What the coroutines of dispatch share: who is out, what each channel allows, and how each
// partner's queue behaves. Held by shared_ptr by every coroutine, so that one that outlasts a turn
// never touches what is gone. Thread rule: one executor.
#pragma once

#include "hub/dispatch/bell.hpp"
#include "hub/dispatch/dispatch.hpp"
#include "hub/dispatch/flights.hpp"
#include "hub/dispatch/lane.hpp"
#include "hub/dispatch/plan.hpp"
#include "hub/dispatch/waits.hpp"

#include <boost/asio/any_io_executor.hpp>

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>

namespace ecert::hub {

// A partner's work queue, as experienced.
struct outlet {
    bool declared = false;
    bool busy = false;          // a turn's publishing goes on: the next turn leaves it alone
    bool doubtful = false;      // the last publish was not taken: one at a time until one is
    bool stalled = false;       // the same, as it was told to people
    steady_point rest_until{};  // nothing is sent before
    // What was due could not be taken, when so many suspects had come back: with the next one it
    // may be.
    std::optional<std::uint64_t> found_nothing{};
    duration rest{0};  // of the last rest, doubled while doubtful
};

class desk {
  public:
    desk(boost::asio::any_io_executor executor, dispatch_parts given);

    moment now() const { return {parts.time.now(), parts.time.steady()}; }
    void reached(const char* point) const;

    // Takes over the snapshot in force, if it is another than before.
    void adopt_snapshot();
    const plans_ptr& planned() const { return plans_; }

    hub::lane& lane(const std::string& channel) { return lanes_[channel]; }
    // In flight or granted, over the partners of a channel.
    unsigned taken(const std::string& channel) const;
    opening look(const std::string& channel);

    void circuit_effect_of(const std::string& channel, std::int64_t work, circuit_effect effect,
                           const std::string& why);
    // The attempt proved nothing about the channel.
    void probe_lost(const std::string& channel, std::int64_t work);
    // False: no work is taken, for it could not be published. Told when that lasts, and when it
    // ends.
    bool queue_is_there();
    // Leaves a queue alone for a while; a batch that fails together counts once.
    void rest(outlet& o, duration first, duration longest);
    bool rests(const outlet& o) const;

    boost::asio::any_io_executor on;
    dispatch_parts parts;
    hub::flights flights;
    std::map<std::string, outlet> outlets;            // by partner
    std::map<std::string, unsigned> reserved;         // by channel: places of takes under way
    std::map<std::string, unsigned> broken_outcomes;  // digest -> tries that broke off
    due_now due_without_queue;      // as of the last turn, while the queue is gone
    std::set<std::string> unknown;  // partners already alerted under this snapshot
    bell wake;
    bell landed;  // something left the air: for stop()
    bool stopping = false;
    unsigned applying = 0;

  private:
    plans_ptr plans_;
    std::map<std::string, hub::lane> lanes_;
    bool queue_lost_ = false;
};
using desk_ptr = std::shared_ptr<desk>;

}  // namespace ecert::hub
