#include "adapters/worker_host/worker_host.hpp"

#include "config/load/load.hpp"
#include "config/log.hpp"
#include "config/problem_line.hpp"
#include "config/version.hpp"
#include "queue/amqp/amqp.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>

#include <algorithm>
#include <iterator>

namespace ecert::worker {
namespace {

// What a host that has just started lacks is still on its way: no reason to alert anybody.
constexpr duration settling{5'000};
// Of the hub's 128 for one identity.
constexpr unsigned content_connections = 64, heartbeat_connections = 2;

problem cannot_start(const std::string& where, const std::string& why) {
    return {"CFG-CANNOT-START", severity::error, where, why, ""};
}

void add(problems& to, problems more) { std::ranges::move(more, std::back_inserter(to)); }

}  // namespace

worker_host::worker_host(boost::asio::io_context& loop, host_options told, configuration_ptr from)
    : loop_{loop},
      told_{std::move(told)},
      began_with_{std::move(from)},
      started_{machine_clock().now()},
      work_{began_with_->node.pool_threads},
      content_door_{loop_.get_executor(), work_, spool(), content_connections},
      heartbeat_door_{loop_.get_executor(), work_, spool(), heartbeat_connections},
      content_{content_door_, work_, machine_clock(), node().dispatch},
      beating_{loop_.get_executor(), heartbeat_door_, node().adapter.heartbeat,
               [this] { return tell(); }} {}

problems worker_host::read(configuration_ptr from, readings& into) {
    auto made =
        engine::make_snapshot(loop_.get_executor(), from, work_, spool(), profiles_.current());
    auto all = std::move(made.found);
    into.profiles = std::move(made.value);
    auto seals = crypto::seal_keys::read(from->node.queue.seal_keys);
    if (seals)
        into.seals = std::make_shared<const crypto::seal_keys>(std::move(seals).value());
    else
        all.push_back(cannot_start("node.toml queue.seal_keys", seals.error().text));
    read_hub(from->node.adapter, into, all);
    return all;
}

void worker_host::read_hub(const adapter_settings& told, readings& into, problems& all) {
    auto content = content_door_.read(told), heartbeats = heartbeat_door_.read(told);
    for (const auto* made : {&content, &heartbeats})
        if (!*made) return all.push_back(cannot_start("node.toml adapter.hub", made->error().text));
    into.for_content = std::move(content).value();
    into.for_heartbeats = std::move(heartbeats).value();
}

void worker_host::adopt(readings now) {
    profiles_.swap(now.profiles);
    keys_ = keys_held(*now.profiles);
    if (working_)
        codec_.renew(std::move(now.seals));
    else
        codec_ = queue::message_codec{std::move(now.seals)};
    content_door_.adopt(std::move(now.for_content));
    heartbeat_door_.adopt(std::move(now.for_heartbeats));
}

problems worker_host::unknown_partners() const {
    problems all;
    for (const auto& name : told_.partners)
        if (!began_with_->partners.contains(name))
            all.push_back(cannot_start("--partners", name + " is not configured here"));
    return all;
}

void worker_host::make_workers() {
    worker_settings settings;
    settings.concurrency = node().workers;
    settings.limits = node().dispatch;
    settings.reached = told_.reached;
    settings.codec = codec_;
    queue_ = queue::make_amqp(loop_.get_executor(), node().queue.amqp, node().name + " adapter",
                              told_.reached);
    const engine::tools with{work_,
                             machine_clock(),
                             node().limits,
                             spool(),
                             node().dispatch.attempt_limit,
                             node().dispatch.attempt_limit_per_mib};
    working_ = worker::make_workers(loop_.get_executor(), *queue_, profiles_, content_, with,
                                    std::move(settings));
}

// Those it was told, as far as they are configured now.
void worker_host::serve() {
    served_.clear();
    for (const auto& [name, partner] : profiles_.current()->configuration->partners)
        if (told_.partners.empty() ||
            std::ranges::find(told_.partners, name) != told_.partners.end())
            served_.push_back(name);
    working_->serve(served_);
}

problems worker_host::start() {
    if (node().queue.kind != "amqp")
        return {cannot_start("node.toml queue.kind", "ecert-adapter works over AMQP alone: amqp")};
    std::error_code failed;
    std::filesystem::create_directories(spool(), failed);
    readings now;
    auto all = unknown_partners();
    add(all, read(began_with_, now));
    if (has_errors(all)) return all;
    adopt(std::move(now));
    make_workers();
    serve();
    boost::asio::co_spawn(loop_, beating_.run(), boost::asio::detached);
    if (!heartbeat_door_.known())
        log::write(log::level::warn, "no_hub",
                   {{"text",
                     "[adapter] hub is not set: no heartbeats, and certificates above 128 "
                     "KiB go back"}});
    return all;
}

problems worker_host::reload() {
    auto loaded = load_configuration(told_.configuration);
    auto all = std::move(loaded.found);
    readings now;
    if (!has_errors(all)) add(all, read(loaded.value, now));
    if (!has_errors(all)) {
        adopt(std::move(now));
        serve();
    }
    for (const auto& p : all)
        log::write(log::level::error, "configuration_problem",
                   {{"text", std::string_view{problem_line(p, language::en)}}});
    log::write(has_errors(all) ? log::level::error : log::level::info,
               has_errors(all) ? "reload_refused" : "reloaded", {});
    beating_.at_once();
    return all;
}

// What runs may end and say so; what was said reaches the broker; the rest goes back to its queue.
awaitable<void> worker_host::stop() {
    const auto within = node().dispatch.drain;
    co_await working_->stop(within * 3 / 4);
    const bool all = co_await queue_->drain(within / 8);
    queue_->close();
    beating_.stop();
    co_await beating_.say_goodbye(within / 8);
    content_door_.close();
    heartbeat_door_.close();
    log::write(log::level::info, "stopped", {{"drained", all}});
}

queue::heartbeat worker_host::tell() const {
    const auto now = profiles_.current();
    queue::heartbeat h;
    h.adapter = now->configuration->node.adapter.name;
    h.version = version();
    h.started = started_;
    h.now = machine_clock().now();
    h.in_flight = working_->in_flight();
    if (h.now - started_ > settling) h.queue_trouble = queue_->state().trouble;
    h.partners = served_by(*now, served_);
    h.keys = keys_;
    return h;
}

}  // namespace ecert::worker
