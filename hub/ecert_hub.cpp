// ecert-hub: the node as one process.
#include "config/kill_point.hpp"
#include "config/load/load.hpp"
#include "config/log.hpp"
#include "crypto/xml/document.hpp"
#include "hub/node.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <CLI/CLI.hpp>

#include <algorithm>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <iostream>

namespace {

using namespace ecert;

struct told {
    std::filesystem::path configuration = "/etc/ecert";
    bool workers = true;
    std::string kill_at;
};

log::level level_named(const std::string& name) {
    constexpr const char* names[] = {"trace", "debug", "info", "warn", "error"};
    const auto at = std::ranges::find(names, name);
    return at == std::end(names) ? log::level::info
                                 : static_cast<log::level>(at - std::begin(names));
}

int print(const problems& all) {
    for (const auto& p : all)
        std::cerr << name_of(p.level) << " [" << p.id << "] " << p.where << ": "
                  << problem_text(p.id, language::en)
                  << (p.value.empty() ? "" : " (" + p.value + ")")
                  << (p.expected.empty() ? "" : "; expected: " + p.expected) << '\n';
    return has_errors(all) ? 4 : 0;
}

awaitable<void> obey_signals(boost::asio::io_context& loop, boost::asio::signal_set& signals,
                             hub::node& node, pool& reloads) {
    for (;;) {
        const auto signal = co_await signals.async_wait(boost::asio::use_awaitable);
        if (signal != SIGHUP) break;
        auto reload = [&node] { return node.reload(); };
        co_await on_pool(reloads, std::move(reload));
    }
    log::write(log::level::info, "stopping", {});
    try {
        co_await node.stop();
        log::write(log::level::info, "stopped", {});
    } catch (const std::exception& e) {  // it must end all the same
        log::write(log::level::error, "stop_failed", {{"error", std::string_view{e.what()}}});
    }
    loop.stop();
}

int run(const told& with) {
    const auto loaded = load_configuration(with.configuration);
    if (const int wrong = print(loaded.found)) return wrong;
    const crypto::xml::library xml;
    log::start(level_named(loaded.value->node.log_level));
    boost::asio::io_context loop(1);
    boost::asio::signal_set signals(loop, SIGTERM, SIGINT, SIGHUP);  // from now on none kills us
    pool reloads(1);
    hub::node node(loop, {with.configuration, with.workers, kill_at(with.kill_at)}, loaded.value);
    if (const int wrong = print(node.start())) return wrong;
    log::write(log::level::info, "started", {{"node", std::string_view{loaded.value->node.name}}});
    boost::asio::co_spawn(loop, obey_signals(loop, signals, node, reloads), boost::asio::detached);
    loop.run();
    return 0;
}

}  // namespace

int main(int count, char** words) {
    std::signal(SIGPIPE, SIG_IGN);
    told with;
    CLI::App app{
        "The national e-Cert node: takes certificates in, keeps them, delivers them, receives "
        "them."};
    app.add_option("--config", with.configuration, "Configuration folder")->capture_default_str();
    app.add_flag("!--no-workers", with.workers, "Run no workers in this process");
    app.add_option("--kill-at", with.kill_at,
                   "POINT[:N[:PID]]: SIGKILL oneself, or PID, at the Nth time at a named point "
                   "(crash tests)")
        ->group("");
    CLI11_PARSE(app, count, words);
    int ended = 1;
    try {
        ended = run(with);
    } catch (const std::exception& e) {
        std::cerr << "ecert-hub: " << e.what() << '\n';
    }
    log::stop();
    return ended;
}
