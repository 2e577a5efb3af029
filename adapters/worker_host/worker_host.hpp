// A worker host: workers for the partners it is told, over AMQP. No ledger, no database: what it
// needs is its part of the configuration (partners, channels, dialects, keys), a broker, and its
// hub for heartbeats and content over 128 KiB.
//
// Guarantees: a reload takes over partners, channels, dialects, keys, seal keys and the hub's
// address, or leaves all as it was; the broker, the data folder and the limits stay those of the
// start. A stop lets attempts end within `drain` and hands the rest back.
// Thread rule: one executor; start() and reload() block on the disk.
#pragma once

#include "adapters/worker_host/heartbeats.hpp"
#include "adapters/worker_host/hub_content.hpp"

#include <boost/asio/io_context.hpp>

#include <atomic>

namespace ecert::worker {

struct host_options {
    std::filesystem::path configuration = "/etc/ecert";
    std::vector<std::string> partners;         // none: all that are configured here
    std::function<void(const char*)> reached;  // crash harness
};

class worker_host {
  public:
    worker_host(boost::asio::io_context& loop, host_options told, configuration_ptr from);
    problems start();
    problems reload();
    awaitable<void> stop();

  private:
    const node_settings& node() const { return began_with_->node; }
    std::filesystem::path spool() const { return node().data / "spool"; }
    // What a configuration names, read and not yet in force.
    struct readings {
        engine::snapshot_ptr profiles;
        std::shared_ptr<const crypto::seal_keys> seals;
        std::shared_ptr<http::client> for_content, for_heartbeats;
    };
    problems read(configuration_ptr from, readings& into);
    void read_hub(const adapter_settings& told, readings& into, problems& all);
    void adopt(readings now);
    problems unknown_partners() const;
    void make_workers();
    void serve();
    queue::heartbeat tell() const;

    boost::asio::io_context& loop_;
    host_options told_;
    configuration_ptr began_with_;
    time_point started_;
    pool work_;
    engine::snapshots profiles_;
    hub_door content_door_, heartbeat_door_;  // however much content moves, the hub hears us
    hub_content content_;
    queue::message_codec codec_;
    std::unique_ptr<queue::transport> queue_;
    std::unique_ptr<workers> working_;
    std::vector<std::string> served_;
    std::vector<queue::held_key> keys_;
    heartbeats beating_;
};

}  // namespace ecert::worker
