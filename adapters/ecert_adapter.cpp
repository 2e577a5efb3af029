// ecert-adapter: workers for the partners it is told, over AMQP (worker_host/).
#include "adapters/worker_host/worker_host.hpp"
#include "config/kill_point.hpp"
#include "config/load/load.hpp"
#include "config/log.hpp"
#include "config/problem_line.hpp"
#include "crypto/xml/document.hpp"

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

log::level level_named(const std::string& name) {
    constexpr const char* names[] = {"trace", "debug", "info", "warn", "error"};
    const auto at = std::ranges::find(names, name);
    return at == std::end(names) ? log::level::info
                                 : static_cast<log::level>(at - std::begin(names));
}

awaitable<void> obey_signals(asio::io_context& loop, asio::signal_set& signals,
                             worker::worker_host& of) {
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

int run(const worker::host_options& with) {
    const auto loaded = load_configuration(with.configuration);
    if (const int wrong = print(loaded.found)) return wrong;
    const crypto::xml::library xml;
    log::start(level_named(loaded.value->node.log_level));
    asio::io_context loop(1);
    asio::signal_set signals(loop, SIGTERM, SIGINT, SIGHUP);
    worker::worker_host here(loop, with, loaded.value);
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
    worker::host_options with;
    std::string kill_point;
    CLI::App app{"Workers of an e-Cert node: deliver to the partners they are told, over AMQP."};
    app.add_option("--config", with.configuration, "Configuration folder")->capture_default_str();
    app.add_option("--partners", with.partners, "Whose work to do; default: all configured here")
        ->delimiter(',');
    app.add_option("--kill-at", kill_point,
                   "POINT[:N[:PID]]: SIGKILL oneself, or PID, at the Nth time at a named point "
                   "(crash tests)")
        ->group("");
    CLI11_PARSE(app, count, words);
    with.reached = kill_at(kill_point);
    try {
        return run(with);
    } catch (const std::exception& e) {
        std::cerr << "ecert-adapter: " << e.what() << '\n';
        return 1;
    }
}
