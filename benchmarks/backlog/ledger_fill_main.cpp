// ledger-fill: a ledger with so many deliveries waiting for one partner, made by the ledger's own
// verbs. Prints how many a second.
#include "hub/ledger/sqlite/open.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>

#include <CLI/CLI.hpp>

#include <cstdio>
#include <iostream>
#include <memory>
#include <string>

namespace {

using namespace ecert;
using namespace ecert::hub;
namespace asio = boost::asio;

struct told {
    std::string folder, node = "CN", agency = "gacc", partner, channel;
    long count = 1'000'000;
    unsigned at_once = 512;
    std::size_t bytes = 1024;
};

accept_request request(const told& with, long n) {
    const std::string number = with.partner + "-BACKLOG-" + std::to_string(n);
    accept_request r;
    r.agency = with.agency;
    r.partner = with.partner;
    r.channel = with.channel;
    r.envelope = {with.node, with.partner, number, 851, 70};
    r.content = crypto::from_memory(number + std::string(with.bytes, 'x'));
    r.completes = completes_at::delivered;
    r.at = machine_clock().now();
    return r;
}

awaitable<void> fill(ledger& books, const told& with, long& next) {
    const auto receipt = [](const acceptance& a) { return queue::to_string(a.certificate); };
    while (next < with.count) {
        const long n = next++;
        const auto done = co_await books.accept(request(with, n), receipt);
        if (!done) throw std::runtime_error{done.error().text};
    }
}

int run(const told& with) {
    auto opened = open_sqlite_ledger({.folder = with.folder, .node = with.node}, machine_clock());
    if (!opened) throw std::runtime_error{opened.error().text};
    const auto books = std::move(opened).value();
    asio::io_context loop{1};
    long next = 0;
    const auto began = machine_clock().steady();
    for (unsigned i = 0; i < with.at_once; ++i)
        asio::co_spawn(loop, fill(*books, with, next), [](std::exception_ptr wrong) {
            if (wrong) std::rethrow_exception(wrong);
        });
    loop.run();
    const std::chrono::duration<double> took = machine_clock().steady() - began;
    loop.restart();
    asio::co_spawn(loop, books->close(), asio::detached);
    loop.run();
    std::printf("%.0f a second\n", static_cast<double>(with.count) / took.count());
    return 0;
}

}  // namespace

int main(int count, char** words) {
    told with;
    CLI::App app{"Fills a ledger with deliveries that wait for one partner."};
    app.add_option("--folder", with.folder, "The node's data folder")->required();
    app.add_option("--node", with.node)->capture_default_str();
    app.add_option("--agency", with.agency)->capture_default_str();
    app.add_option("--partner", with.partner)->required();
    app.add_option("--channel", with.channel)->required();
    app.add_option("--count", with.count)->capture_default_str();
    app.add_option("--bytes", with.bytes, "Of one certificate")->capture_default_str();
    CLI11_PARSE(app, count, words);
    try {
        return run(with);
    } catch (const std::exception& e) {
        std::cerr << "ledger-fill: " << e.what() << '\n';
        return 1;
    }
}
