// Tells the hub every ten seconds what this host is and has loaded (queue/heartbeat.hpp), and logs
// what the hub finds different. Work does not depend on it: with the hub away it goes on.
//
// Thread rule: one executor. The first one goes out at once; each call has the interval as its
// deadline.
#pragma once

#include "adapters/engine/channels.hpp"
#include "adapters/worker_host/hub_door.hpp"
#include "adapters/worker_host/hub_view.hpp"

#include <boost/asio/steady_timer.hpp>

#include <functional>
#include <string>
#include <vector>

namespace ecert::worker {

// Of the partners served, those that are loaded, with the digests tasks are held against.
std::vector<queue::served_partner> served_by(const engine::snapshot& now_in_force,
                                             const std::vector<std::string>& partners);

// The certificates that this host shows or signs with, and when each ends: keys.toml by id, the
// client certificates by the setting that names their file. Blocks on the disk.
std::vector<queue::held_key> keys_held(const engine::snapshot& now_in_force);

class heartbeats {
  public:
    heartbeats(boost::asio::any_io_executor on, hub_door& to, duration every,
               std::function<queue::heartbeat()> now)
        : to_{to}, every_{every}, now_{std::move(now)}, timer_{on} {}
    awaitable<void> run();  // until stop()
    void at_once();         // something changed here
    void stop();
    // After stop(): tells the hub that this host stops on purpose. A hub that is away is not waited
    // for longer than `within`.
    awaitable<void> say_goodbye(duration within);

  private:
    awaitable<result<queue::heartbeat_answer>> beat(queue::heartbeat says, duration within);

    hub_door& to_;
    duration every_;
    std::function<queue::heartbeat()> now_;
    boost::asio::steady_timer timer_;
    hub_view view_;
    bool stopped_ = false;
};

}  // namespace ecert::worker
