// queue-hop: what one message costs over a broker: published, confirmed, consumed, acknowledged.
// Prints messages a second and this process's CPU for one, as JSON; the broker's own CPU is its
// starter's to read.
#include "queue/amqp/amqp.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>

#include <CLI/CLI.hpp>
#include <sys/resource.h>

#include <cstdio>
#include <iostream>
#include <memory>
#include <string>

namespace {

using namespace ecert;
namespace asio = boost::asio;

struct told {
    amqp_settings broker;
    std::string queue = "work.HOP";
    long count = 5'000;
    std::size_t bytes = 12'000;
    unsigned at_once = 64;
};

constexpr duration patience{60'000};

double cpu_us() {
    rusage used{};
    ::getrusage(RUSAGE_SELF, &used);
    const auto us = [](const timeval& t) {
        return static_cast<double>(t.tv_sec * 1'000'000 + t.tv_usec);
    };
    return us(used.ru_utime) + us(used.ru_stime);
}

awaitable<void> send(queue::transport& over, const told& with, const std::string& body,
                     long& next) {
    while (next < with.count) {
        ++next;
        while (co_await over.publish(with.queue, body, patience) != queue::publication::confirmed) {
        }
    }
}

awaitable<void> take(queue::transport& over, const told& with) {
    const auto from = over.consume(with.queue, with.broker.prefetch);
    for (long taken = 0; taken < with.count; ++taken) {
        const auto lot = co_await from->next(patience);
        if (!lot) throw std::runtime_error{"nothing came for a minute"};
        lot->ack();
    }
    co_await over.drain(patience);
}

int run(const told& with) {
    asio::io_context loop{1};
    const auto over = queue::make_amqp(loop.get_executor(), with.broker, "queue-hop");
    over->declare(with.queue);
    const std::string body(with.bytes, 'x');
    const auto ended = [](std::exception_ptr wrong) {
        if (wrong) std::rethrow_exception(wrong);
    };
    long next = 0;
    const auto began = machine_clock().steady();
    const double cpu = cpu_us();
    for (unsigned i = 0; i < with.at_once; ++i)
        asio::co_spawn(loop, send(*over, with, body, next), ended);
    asio::co_spawn(loop, take(*over, with), ended);
    loop.run();
    const std::chrono::duration<double> took = machine_clock().steady() - began;
    const auto count = static_cast<double>(with.count);
    std::printf(R"({"per_second": %.1f, "cpu_us": %.1f})"
                "\n",
                count / took.count(), (cpu_us() - cpu) / count);
    over->close();
    return 0;
}

}  // namespace

int main(int count, char** words) {
    told with;
    CLI::App app{"Messages through one queue of a broker, as many as fit the window."};
    app.add_option("--broker", with.broker.brokers, "host:port")->required();
    app.add_option("--vhost", with.broker.virtual_host)->capture_default_str();
    app.add_option("--user", with.broker.user)->required();
    app.add_option("--password-file", with.broker.password_file)->required();
    app.add_option("--count", with.count)->capture_default_str();
    app.add_option("--bytes", with.bytes)->capture_default_str();
    CLI11_PARSE(app, count, words);
    try {
        return run(with);
    } catch (const std::exception& e) {
        std::cerr << "queue-hop: " << e.what() << '\n';
        return 1;
    }
}
