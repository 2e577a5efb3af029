// All channels of a snapshot, ready for use: the configuration, the dialects, the signing keys and
// the live clients that belong together. Swapped as a whole on SIGHUP; clients of channels that did
// not change are carried over, so that their connections stay.
#pragma once

#include "adapters/engine/engine.hpp"
#include "config/problem.hpp"
#include "config/published.hpp"
#include "config/settings.hpp"

#include <boost/asio/any_io_executor.hpp>

#include <map>
#include <memory>
#include <string>

namespace ecert::engine {

struct snapshot {
    configuration_ptr configuration;
    std::map<std::string, dialect_ptr> dialects;
    std::shared_ptr<crypto::signer> keys;  // of keys.toml, as the files were when this was made
    std::map<std::string, channel_ptr> channels;
    const partner_settings* partner(const std::string& name) const;
    channel_ptr channel_of(const std::string& partner) const;  // null: unknown partner
};
using snapshot_ptr = std::shared_ptr<const snapshot>;

// A repeat of one message id is stored once there: what may have been sent may be sent again. Where
// it is not so, it must be asked for first.
bool knows_repeats(const channel& c);

// What a dialect is served to agencies with: their identity is the listener's to know, and nobody
// signs. null: no such dialect, or none for agencies.
channel_ptr served_to_agencies(const snapshot& in, const std::string& dialect);

struct made_snapshot {
    snapshot_ptr value;  // null with errors
    problems found;
};
// Reads every file that the configuration names; whatever is wrong with any of them is found. The
// pool and the clock must outlive it.
made_snapshot make_snapshot(boost::asio::any_io_executor on, configuration_ptr from, pool& work,
                            const std::filesystem::path& spool_folder, const snapshot_ptr& before,
                            const clock& by = machine_clock());

// The one place that holds the snapshot in force. Thread rule: any thread.
class snapshots {
  public:
    snapshot_ptr current() const;
    void swap(snapshot_ptr next);

  private:
    published<snapshot> current_;
};

}  // namespace ecert::engine
