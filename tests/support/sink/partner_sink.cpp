// partner-sink: a third country as a process, with a configuration folder like the node's and a log
// of its own: what it has stored is compared with what the node believes.
#include "adapters/engine/channels.hpp"
#include "adapters/http/server.hpp"
#include "config/load/load.hpp"
#include "config/log.hpp"
#include "crypto/xml/document.hpp"
#include "tests/support/sink/door.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>

#include <CLI/CLI.hpp>

#include <csignal>
#include <iostream>

namespace {

using namespace ecert;

struct told {
    std::filesystem::path configuration, log, store;
    std::string acknowledge = "none";
};

// False: there are errors, printed.
bool good(const problems& all) {
    for (const auto& p : all)
        std::cerr << '[' << p.id << "] " << p.where << ": " << problem_text(p.id, language::en)
                  << ' ' << p.value << '\n';
    return !has_errors(all);
}

// A node that takes certificates in must have an agency for them; a sink has none, and needs none.
loaded_configuration load(const std::filesystem::path& folder) {
    auto loaded = load_configuration(folder);
    std::erase_if(loaded.found,
                  [](const problem& p) { return p.where.ends_with(" default_agency"); });
    if (!has_errors(loaded.found)) loaded.value = loaded.readable;
    return loaded;
}

awaitable<void> until_told(boost::asio::io_context& loop, http::server& server) {
    boost::asio::signal_set signals{loop, SIGTERM, SIGINT};
    co_await signals.async_wait(boost::asio::use_awaitable);
    co_await server.stop(5s);
    loop.stop();
}

int run(const told& with) {
    const auto loaded = load(with.configuration);
    if (!good(loaded.found)) return 4;
    const auto& node = loaded.value->node;
    const crypto::xml::library xml;
    log::start(log::level::info);
    boost::asio::io_context loop{1};
    pool work{node.pool_threads};
    http::budget bodies{loop.get_executor(), node.limits.body_budget};
    const auto spool = (with.store.empty() ? with.log.parent_path() : with.store) / "spool";
    std::filesystem::create_directories(spool);
    auto made = engine::make_snapshot(loop.get_executor(), loaded.value, work, spool, nullptr);
    if (!good(made.found)) return 4;
    const engine::tools tools{work, machine_clock(), node.limits, spool};

    sink::book received{loop.get_executor(), work, with.log, with.store};
    auto answered = with.log;
    answered += ".answered";
    sink::answers authority{loop.get_executor(), tools, made.value,
                            sink::authority_named(with.acknowledge).value(), answered};
    for (const auto& one : received.earlier()) authority.owe(one);
    const sink::door door{tools, made.value, received, authority};
    auto server = http::serve(loop.get_executor(), {"partners", node.partners, node.limits, spool},
                              sink::make_handler(door), work, bodies);
    if (!server) {
        std::cerr << server.error().text << '\n';
        return 1;
    }
    boost::asio::co_spawn(loop, until_told(loop, **server), boost::asio::detached);
    loop.run();
    work.join();
    log::stop();
    return 0;
}

}  // namespace

int main(int count, char** words) {
    std::signal(SIGPIPE, SIG_IGN);
    told with;
    CLI::App app{"A third country: takes certificates of partners, keeps them, answers if told."};
    app.add_option("--config", with.configuration, "Configuration folder")->required();
    app.add_option("--log", with.log, "Log of what was stored: a line of JSON each")->required();
    app.add_option("--store", with.store,
                   "Folder for the certificates' bytes; without it the log alone is kept");
    app.add_option("--acknowledge", with.acknowledge, "What its authority answers")
        ->check(CLI::IsMember({"accept", "reject", "none"}))
        ->capture_default_str();
    CLI11_PARSE(app, count, words);
    try {
        return run(with);
    } catch (const std::exception& e) {
        std::cerr << "partner-sink: " << e.what() << '\n';
        return 1;
    }
}
