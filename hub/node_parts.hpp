// What a node is made of, shared by node.cpp (start, reload, stop) and node_doors.cpp (who may
// knock where). Included by those alone.
#pragma once

#include "adapters/engine/channels.hpp"
#include "adapters/http/server.hpp"
#include "adapters/worker/worker.hpp"
#include "config/metrics.hpp"
#include "config/published.hpp"
#include "config/version.hpp"
#include "hub/dispatch/dispatch.hpp"
#include "hub/embedded_content.hpp"
#include "hub/ingest/agency_api.hpp"
#include "hub/node.hpp"
#include "hub/operators/operator_api.hpp"
#include "hub/partner/partner_door.hpp"
#include "hub/vital_signs.hpp"
#include "hub/workers/worker_door.hpp"

#include <atomic>
#include <map>
#include <mutex>
#include <string>
#include <utility>

namespace ecert::hub {

problem cannot_start(const std::string& what, const failure& why);

struct node::parts {
    parts(boost::asio::io_context& on, node_options with, configuration_ptr from)
        : loop{on},
          options{std::move(with)},
          configuration{std::move(from)},
          work{configuration->node.pool_threads},
          bodies{loop.get_executor(), http::body_terms(configuration->node.limits)},
          signs{loop.get_executor(), configuration->node.data, configuration->node.limits, work,
                figures},
          hosts{std::string{version()}, machine_clock().steady()} {}

    const node_settings& told() const { return configuration->node; }
    std::filesystem::path spool_folder() const { return told().data / "spool"; }
    engine::tools tools() {
        return {work,
                machine_clock(),
                told().limits,
                spool_folder(),
                told().dispatch.attempt_limit,
                told().dispatch.attempt_limit_per_mib};
    }

    problems start(std::function<problems()> reload);
    using seals_ptr = std::shared_ptr<const crypto::seal_keys>;
    problems read_seal_keys(const ecert::configuration& from, seals_ptr& into);
    problems read_token_key();
    std::string token_for(const queue::task& t) const;
    problems open_ledger();
    problems take_profiles(configuration_ptr next);
    std::pair<configuration_ptr, problems> read_anew();
    void declare_queues(const ecert::configuration& of);
    void assemble();
    problems listen(std::function<problems()> reload);
    problems listen_one(const std::string& name, http::listener at, http::handler handler,
                        http::wording words = {});
    problems renew_tls(const node_settings& now);
    agency_api agency_parts();
    partner_door partner_parts();
    worker_door worker_parts();
    operator_api operator_parts(std::function<problems()> reload);
    std::vector<std::string> not_ready() const;
    std::vector<std::string> waits() const;  // what waits for what
    bool hosts_serve() const { return !options.workers; }
    awaitable<void> close_door(std::string name, duration within);

    boost::asio::io_context& loop;
    node_options options;
    configuration_ptr configuration;
    metrics figures;
    pool work;
    http::budget bodies;
    vital_signs signs;
    registry hosts;
    engine::snapshots profiles;
    published<roles> who;
    std::unique_ptr<ledger> truth;
    std::unique_ptr<queue::transport> queue;
    queue::message_codec codec;                 // sealed over AMQP
    std::shared_ptr<const task_tokens> tokens;  // over AMQP
    std::unique_ptr<embedded_content> content;
    std::unique_ptr<hub::dispatch> dispatching;
    std::unique_ptr<worker::workers> working;
    std::map<std::string, std::unique_ptr<http::server>> servers;
    std::mutex reloading;
    std::atomic<bool> stopping{false};
};

}  // namespace ecert::hub
