// All channels of a snapshot, ready for use: the configuration, the dialects and the live clients
// that belong together. Swapped as a whole on SIGHUP; clients of channels that did not change are
// carried over, so that their connections stay.
#pragma once

#include "adapters/engine/engine.hpp"
#include "config/problem.hpp"
#include "config/settings.hpp"

#include <boost/asio/any_io_executor.hpp>

#include <atomic>
#include <map>
#include <memory>
#include <string>

namespace ecert::engine {

struct snapshot {
    configuration_ptr configuration;
    std::map<std::string, dialect_ptr> dialects;
    std::map<std::string, channel_ptr> channels;
    const partner_settings* partner(const std::string& name) const;
    channel_ptr channel_of(const std::string& partner) const;  // null: unknown partner
};
using snapshot_ptr = std::shared_ptr<const snapshot>;

struct made_snapshot {
    snapshot_ptr value;  // null with errors
    problems found;
};
made_snapshot make_snapshot(boost::asio::any_io_executor on, configuration_ptr from, pool& work,
                            const std::filesystem::path& spool_folder, const snapshot_ptr& before);

// The one place that holds the snapshot in force. Thread rule: any thread.
class snapshots {
  public:
    snapshot_ptr current() const;
    void swap(snapshot_ptr next);

  private:
    std::atomic<std::shared_ptr<const snapshot>> current_;
};

}  // namespace ecert::engine
