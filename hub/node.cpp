#include "hub/node.hpp"

#include "adapters/engine/channels.hpp"
#include "adapters/http/server.hpp"
#include "adapters/worker/worker.hpp"
#include "config/load/load.hpp"
#include "config/log.hpp"
#include "config/metrics.hpp"
#include "hub/dispatch/dispatch.hpp"
#include "hub/embedded_content.hpp"
#include "hub/ingest/agency_api.hpp"
#include "hub/ledger/sqlite/open.hpp"
#include "hub/operators/operator_api.hpp"
#include "hub/partner/partner_door.hpp"
#include "hub/vital_signs.hpp"
#include "queue/embedded/embedded.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/experimental/awaitable_operators.hpp>
#include <boost/asio/post.hpp>

#include <algorithm>
#include <atomic>
#include <mutex>
#include <random>

namespace ecert::hub {
namespace asio = boost::asio;
namespace {

std::function<double()> even_jitter() {
    return [engine = std::mt19937_64{std::random_device{}()}]() mutable {
        return std::uniform_real_distribution<double>(-1, 1)(engine);
    };
}

problem cannot_start(const std::string& what, const failure& why) {
    return {"CFG-CANNOT-START", severity::error, what, why.text, ""};
}

void log_problems(const problems& all) {
    for (const auto& p : all)
        log::write(p.level == severity::error ? log::level::error : log::level::warn,
                   "configuration_problem",
                   {{"id", std::string_view{p.id}},
                    {"where", std::string_view{p.where}},
                    {"text", problem_text(p.id, language::en)},
                    {"value", std::string_view{p.value}},
                    {"expected", std::string_view{p.expected}}});
}

std::vector<std::string> names_of(const std::map<std::string, partner_settings>& partners) {
    std::vector<std::string> names;
    for (const auto& [name, partner] : partners) names.push_back(name);
    return names;
}

}  // namespace

struct node::parts {
    parts(asio::io_context& on, node_options with, configuration_ptr from)
        : loop{on},
          options{std::move(with)},
          configuration{std::move(from)},
          work{configuration->node.pool_threads},
          bodies{loop.get_executor(), configuration->node.limits.body_budget},
          signs{loop.get_executor(), configuration->node.data, configuration->node.limits, work,
                figures} {}

    const node_settings& told() const { return configuration->node; }
    std::filesystem::path spool_folder() const { return told().data / "spool"; }
    engine::tools tools() {
        return {work,
                *keys,
                machine_clock(),
                told().limits,
                spool_folder(),
                told().dispatch.attempt_limit,
                told().dispatch.attempt_limit_per_mib};
    }

    problems start(std::function<problems()> reload);
    problems open_ledger();
    problems take_profiles(configuration_ptr next);
    void assemble();
    problems listen(std::function<problems()> reload);
    problems listen_one(const std::string& name, http::listener at, http::handler handler);
    agency_api agency_parts();
    partner_door partner_parts();
    operator_api operator_parts(std::function<problems()> reload);
    std::vector<std::string> not_ready() const;
    awaitable<void> close_door(std::string name, duration within);

    asio::io_context& loop;
    node_options options;
    configuration_ptr configuration;
    metrics figures;
    pool work;
    http::budget bodies;
    vital_signs signs;
    std::shared_ptr<crypto::signer> keys;
    engine::snapshots profiles;
    std::atomic<std::shared_ptr<const roles>> who;
    std::unique_ptr<ledger> truth;
    std::unique_ptr<queue::transport> queue;
    std::unique_ptr<embedded_content> content;
    std::unique_ptr<hub::dispatch> dispatching;
    std::unique_ptr<worker::workers> working;
    std::map<std::string, std::unique_ptr<http::server>> servers;
    std::mutex reloading;
    std::atomic<bool> stopping{false};
};

problems node::parts::open_ledger() {
    std::error_code failed;
    std::filesystem::create_directories(spool_folder(), failed);
    sqlite_settings settings;
    settings.folder = told().data;
    settings.node = told().name;
    settings.figures = &figures;
    settings.reached = options.reached;
    auto opened = open_sqlite_ledger(std::move(settings), machine_clock());
    if (!opened) return {cannot_start(told().data.string(), opened.error())};
    truth = std::move(*opened);
    return {};
}

problems node::parts::take_profiles(configuration_ptr next) {
    auto made =
        engine::make_snapshot(loop.get_executor(), next, work, spool_folder(), profiles.current());
    auto [identities, found] = roles::make(*next);
    problems all = std::move(made.found);
    std::ranges::move(found, std::back_inserter(all));
    if (has_errors(all) || !made.value || !identities) return all;
    profiles.swap(made.value);
    who = identities;
    return all;
}

void node::parts::assemble() {
    queue = queue::make_embedded(loop.get_executor());
    content = std::make_unique<embedded_content>(*truth);
    dispatching =
        make_dispatch(loop.get_executor(), {*truth, *queue, profiles, machine_clock(), figures,
                                            told().dispatch, even_jitter(), options.reached});
    if (!options.workers) return;
    working = worker::make_workers(loop.get_executor(), *queue, profiles, *content, tools(),
                                   {told().workers, told().dispatch, options.reached});
    working->serve(names_of(configuration->partners));
}

agency_api node::parts::agency_parts() {
    return {*truth,
            profiles,
            [this] { return who.load(); },
            machine_clock(),
            work,
            figures,
            told().limits,
            spool_folder(),
            [this] { return signs.disk_low(); },
            [this] { dispatching->wake(); },
            options.reached};
}

partner_door node::parts::partner_parts() {
    return {*truth,
            profiles,
            [this] { return who.load(); },
            tools(),
            figures,
            [this] { return signs.disk_low(); },
            [this] { dispatching->wake(); },
            options.reached};
}

problems node::parts::listen_one(const std::string& name, http::listener at,
                                 http::handler handler) {
    auto made =
        http::serve(loop.get_executor(), {name, std::move(at), told().limits, spool_folder()},
                    std::move(handler), work, bodies);
    if (!made) return {cannot_start(name, made.error())};
    log::write(log::level::info, "listening",
               {{"listener", std::string_view{name}}, {"port", std::int64_t{(*made)->port()}}});
    servers[name] = std::move(*made);
    return {};
}

std::vector<std::string> node::parts::not_ready() const {
    std::vector<std::string> reasons;
    if (stopping) reasons.emplace_back("stopping");
    if (signs.disk_low()) reasons.emplace_back("disk below its reserve: nothing new is taken in");
    return reasons;
}

operator_api node::parts::operator_parts(std::function<problems()> reload) {
    return {*truth, *dispatching, profiles, machine_clock(), figures, std::move(reload)};
}

problems node::parts::listen(std::function<problems()> reload) {
    problems all;
    const auto add = [&](problems found) { std::ranges::move(found, std::back_inserter(all)); };
    const auto& n = told();
    if (n.agencies.port != 0)
        add(listen_one("agencies", n.agencies, make_agency_handler(agency_parts())));
    if (n.partners.port != 0)
        add(listen_one("partners", n.partners, make_partner_handler(partner_parts())));
    if (!n.operators_socket.empty())
        add(listen_one("operators", http::unix_listener{n.operators_socket},
                       make_operator_handler(operator_parts(std::move(reload)))));
    if (n.health_port != 0)
        add(listen_one("health", http::plain_listener{n.health_port},
                       make_health_handler({figures, [this] { return not_ready(); }})));
    return all;
}

problems node::parts::start(std::function<problems()> reload) {
    auto signer = crypto::make_pem_signer(configuration->keys, work);
    auto all = std::move(signer.found);
    if (has_errors(all)) return all;
    keys = signer.value;
    std::ranges::move(take_profiles(configuration), std::back_inserter(all));
    if (has_errors(all)) return all;
    std::ranges::move(open_ledger(), std::back_inserter(all));
    if (has_errors(all)) return all;
    assemble();
    std::ranges::move(listen(std::move(reload)), std::back_inserter(all));
    if (has_errors(all)) return all;
    signs.start(*truth, bodies);
    asio::co_spawn(loop, dispatching->run(), asio::detached);
    return all;
}

node::node(asio::io_context& loop, node_options options, configuration_ptr from)
    : parts_{std::make_unique<parts>(loop, std::move(options), std::move(from))} {}

node::~node() = default;

problems node::start() {
    return parts_->start([this] { return reload(); });
}

problems node::reload() {
    const std::scoped_lock one_at_a_time(parts_->reloading);
    auto loaded = load_configuration(parts_->options.configuration);
    auto all = std::move(loaded.found);
    if (!has_errors(all))
        std::ranges::move(parts_->take_profiles(loaded.value), std::back_inserter(all));
    log_problems(all);
    log::write(has_errors(all) ? log::level::error : log::level::info,
               has_errors(all) ? "reload_refused" : "reloaded",
               {{"problems", static_cast<std::int64_t>(all.size())}});
    if (has_errors(all)) return all;
    asio::post(parts_->loop, [this, partners = names_of(loaded.value->partners)] {
        if (parts_->working) parts_->working->serve(partners);
        parts_->dispatching->wake();
    });
    return all;
}

awaitable<void> node::parts::close_door(std::string name, duration within) {
    const auto at = servers.find(name);
    if (at != servers.end()) co_await at->second->stop(within);
}

awaitable<void> node::stop() {
    using namespace asio::experimental::awaitable_operators;
    auto& p = *parts_;
    p.stopping = true;
    const auto within = p.told().dispatch.drain;
    co_await (p.close_door("agencies", within / 4) && p.close_door("partners", within / 4));
    co_await p.dispatching->stop(within / 2);
    if (p.working) co_await p.working->stop(within / 4);
    p.signs.stop();
    for (auto& [name, server] : p.servers) co_await server->stop(duration{200});
    p.queue->close();
    co_await p.truth->close();
}

}  // namespace ecert::hub
