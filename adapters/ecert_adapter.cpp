// ecert-adapter: workers for the partners it is told, over AMQP. No ledger, no database: what it
// needs is its part of the configuration (partners, channels, dialects, keys) and a broker.
#include "adapters/worker/worker.hpp"
#include "config/load/load.hpp"
#include "config/log.hpp"
#include "config/problem_line.hpp"
#include "crypto/xml/document.hpp"
#include "queue/amqp/amqp.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <CLI/CLI.hpp>

#include <algorithm>
#include <csignal>
#include <iostream>
#include <iterator>

namespace {

using namespace ecert;
namespace asio = boost::asio;

struct told {
    std::filesystem::path configuration = "/etc/ecert";
    std::vector<std::string> partners;  // none: all that are configured here
};

log::level level_named(const std::string& name) {
    constexpr const char* names[] = {"trace", "debug", "info", "warn", "error"};
    const auto at = std::ranges::find(names, name);
    return at == std::end(names) ? log::level::info
                                 : static_cast<log::level>(at - std::begin(names));
}

// Over the inline limit content is at the hub, and this process has no door there: such a task goes
// back unspent.
class inline_content final : public worker::content_access {
  public:
    awaitable<result<crypto::source_ptr>> fetch(const queue::task&,
                                                const queue::content_ref&) override {
        co_return failure{failure_kind::unavailable, "content over 128 KiB stays at the hub"};
    }
    awaitable<result<void>> store(const queue::task&, crypto::source_ptr) override {
        co_return failure{failure_kind::unavailable,
                          "a translation over 128 KiB cannot be brought to the hub"};
    }
};

class adapter {
  public:
    adapter(asio::io_context& loop, told with, configuration_ptr from)
        : loop_{loop},
          with_{std::move(with)},
          began_with_{std::move(from)},
          work_{began_with_->node.pool_threads} {}

    problems start();
    problems reload();
    awaitable<void> stop();

  private:
    const node_settings& node() const { return began_with_->node; }
    std::filesystem::path spool() const { return node().data / "spool"; }
    problems take_profiles(configuration_ptr next);
    problems make_workers();
    std::vector<std::string> partners_of(const configuration& now) const;

    asio::io_context& loop_;
    told with_;
    configuration_ptr began_with_;  // queue and pool stay as at the start
    pool work_;
    engine::snapshots profiles_;
    inline_content content_;
    std::unique_ptr<queue::transport> queue_;
    std::unique_ptr<worker::workers> working_;
};

problem cannot_start(const std::string& where, const std::string& why) {
    return {"CFG-CANNOT-START", severity::error, where, why, ""};
}

problems adapter::take_profiles(configuration_ptr next) {
    auto before = profiles_.current();
    auto made =
        engine::make_snapshot(loop_.get_executor(), std::move(next), work_, spool(), before);
    if (!has_errors(made.found)) profiles_.swap(made.value);
    return std::move(made.found);
}

std::vector<std::string> adapter::partners_of(const configuration& now) const {
    if (!with_.partners.empty()) return with_.partners;
    std::vector<std::string> all;
    for (const auto& [name, partner] : now.partners) all.push_back(name);
    return all;
}

problems adapter::make_workers() {
    if (node().queue.kind != "amqp")
        return {cannot_start("node.toml queue.kind", "ecert-adapter works over AMQP alone: amqp")};
    problems all;
    for (const auto& name : with_.partners)
        if (!began_with_->partners.contains(name))
            all.push_back(cannot_start("--partners", name + " is not configured here"));
    auto seals = crypto::seal_keys::read(node().queue.seal_keys);
    if (!seals) all.push_back(cannot_start("node.toml queue.seal_keys", seals.error().text));
    if (has_errors(all)) return all;
    worker::worker_settings settings;
    settings.concurrency = node().workers;
    settings.limits = node().dispatch;
    settings.codec =
        queue::message_codec{std::make_shared<const crypto::seal_keys>(std::move(seals).value())};
    queue_ = queue::make_amqp(loop_.get_executor(), node().queue.amqp, node().name + " adapter");
    const engine::tools with{work_,
                             machine_clock(),
                             node().limits,
                             spool(),
                             node().dispatch.attempt_limit,
                             node().dispatch.attempt_limit_per_mib};
    working_ = worker::make_workers(loop_.get_executor(), *queue_, profiles_, content_, with,
                                    std::move(settings));
    working_->serve(partners_of(*began_with_));
    return all;
}

problems adapter::start() {
    std::error_code failed;
    std::filesystem::create_directories(spool(), failed);
    auto all = take_profiles(began_with_);
    if (!has_errors(all)) std::ranges::move(make_workers(), std::back_inserter(all));
    return all;
}

problems adapter::reload() {
    auto loaded = load_configuration(with_.configuration);
    auto all = std::move(loaded.found);
    if (!has_errors(all)) std::ranges::move(take_profiles(loaded.value), std::back_inserter(all));
    if (!has_errors(all)) working_->serve(partners_of(*loaded.value));
    for (const auto& p : all)
        log::write(log::level::error, "configuration_problem",
                   {{"text", std::string_view{problem_line(p, language::en)}}});
    log::write(has_errors(all) ? log::level::error : log::level::info,
               has_errors(all) ? "reload_refused" : "reloaded", {});
    return all;
}

// What runs may end and say so; what was said reaches the broker; the rest goes back to its queue.
awaitable<void> adapter::stop() {
    const auto within = node().dispatch.drain;
    co_await working_->stop(within);
    const bool all = co_await queue_->drain(within / 2);
    queue_->close();
    log::write(log::level::info, "stopped", {{"drained", all}});
}

awaitable<void> obey_signals(asio::io_context& loop, asio::signal_set& signals, adapter& of) {
    for (;;) {
        const auto signal = co_await signals.async_wait(asio::use_awaitable);
        if (signal != SIGHUP) break;
        of.reload();
    }
    log::write(log::level::info, "stopping", {});
    co_await of.stop();
    loop.stop();
}

int print(const problems& all) {
    for (const auto& p : all) std::cerr << problem_line(p, language::en) << '\n';
    return has_errors(all) ? 4 : 0;
}

int run(const told& with) {
    const auto loaded = load_configuration(with.configuration);
    if (const int wrong = print(loaded.found)) return wrong;
    const crypto::xml::library xml;
    log::start(level_named(loaded.value->node.log_level));
    asio::io_context loop(1);
    asio::signal_set signals(loop, SIGTERM, SIGINT, SIGHUP);
    adapter here(loop, with, loaded.value);
    if (const int wrong = print(here.start())) return wrong;
    log::write(log::level::info, "started", {{"node", std::string_view{loaded.value->node.name}}});
    asio::co_spawn(loop, obey_signals(loop, signals, here), asio::detached);
    loop.run();
    log::stop();
    return 0;
}

}  // namespace

int main(int count, char** words) {
    std::signal(SIGPIPE, SIG_IGN);
    told with;
    CLI::App app{"Workers of an e-Cert node: deliver to the partners they are told, over AMQP."};
    app.add_option("--config", with.configuration, "Configuration folder")->capture_default_str();
    app.add_option("--partners", with.partners, "Whose work to do; default: all configured here")
        ->delimiter(',');
    CLI11_PARSE(app, count, words);
    try {
        return run(with);
    } catch (const std::exception& e) {
        std::cerr << "ecert-adapter: " << e.what() << '\n';
        return 1;
    }
}
