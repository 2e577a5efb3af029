#include "tests/support/broker.hpp"

#include "queue/amqp/connection.hpp"

#include <unistd.h>

#include <array>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <stdexcept>

namespace ecert::tests {
namespace {

namespace fs = std::filesystem;
namespace amqp = queue::amqp;

}  // namespace

std::string output_of(const std::string& command) {
    std::string text;
    std::FILE* from = ::popen((command + " 2>&1").c_str(), "r");
    if (!from) throw std::runtime_error("cannot run " + command);
    std::array<char, 4096> piece;
    while (const auto got = std::fread(piece.data(), 1, piece.size(), from))
        text.append(piece.data(), got);
    if (const int status = ::pclose(from); status != 0)
        throw std::runtime_error(command + ": " + text);
    return text;
}

broker::broker(at there) : folder_{std::move(there.folder)} { look(); }

broker::broker(const std::string& options) {
    static int count = 0;
    folder_ = fs::temp_directory_path() /
              ("ecert-broker-" + std::to_string(::getpid()) + '-' + std::to_string(++count));
    own_ = true;
    act("start " + options);
    look();
}

void broker::look() {
    port_ = std::stoi(act("port"));
    std::ofstream{folder_ / "password"} << "guest\n";
}

int broker::tls_port() const { return std::stoi(act("tls-port")); }

broker::~broker() {
    if (own_) act("remove");
}

broker& broker::shared() {
    static broker the_one = [] {
        const char* told = std::getenv("ECERT_BROKER");
        return told ? broker{at{told}} : broker{};
    }();
    return the_one;
}

std::string broker::act(const std::string& what) const {
    return output_of("/usr/bin/python3 -B " ECERT_SOURCE_DIR "/deploy/demo/broker.py " +
                     folder_.string() + ' ' + what);
}

std::string broker::ctl(const std::string& arguments) const { return act("ctl " + arguments); }

void broker::signal(int which) const {
    ::pid_t pid = 0;
    if (!(std::ifstream{folder_ / "pid"} >> pid) || ::kill(pid, which) != 0)
        throw std::runtime_error("the broker in " + folder_.string() + " does not run");
}

void broker::pause() const { signal(SIGSTOP); }

void broker::go_on() const { signal(SIGCONT); }

void broker::lose_logs() const {
    stop();
    for (const auto& node : fs::directory_iterator{folder_ / "mnesia" / "node" / "quorum"})
        for (const auto& queue : fs::directory_iterator{node})
            if (queue.is_directory()) fs::remove_all(queue);
    start();
}

void broker::silence(const std::string& queue) const {
    ctl("eval 'sys:suspend(whereis(list_to_atom(\"%2F_" + queue + "\"))).'");
}

void broker::block() const { ctl("set_vm_memory_high_watermark 0.000001"); }

void broker::unblock() const { ctl("set_vm_memory_high_watermark absolute 1073741824"); }

amqp_settings broker::settings() const {
    amqp_settings s;
    s.brokers = {"127.0.0.1:" + std::to_string(port_)};
    s.user = "guest";
    s.password_file = folder_ / "password";
    s.heartbeat = 4s;
    s.reconnect_first = 50ms;
    s.reconnect_longest = 500ms;
    return s;
}

void broker::delete_queue(const std::string& queue) const {
    amqp::connection over{settings().brokers[0], settings(), "a test"};
    over.open(1);
    over.remove(1, queue);
    over.goodbye();
}

void broker::delete_queues() const {
    for (const auto* queue : {"work.NL", "work.NZ", "work.XX", "outcomes", "poison"})
        delete_queue(queue);
}

void broker::make_other_queue(const std::string& queue, int most_messages) const {
    amqp::connection over{settings().brokers[0], settings(), "a test"};
    over.open(1);
    auto with = amqp::arguments_of(queue, settings());
    for (auto& [name, value] : with)
        if (name == "x-max-length") value = std::int64_t{most_messages};
    over.declare(1, queue, with);
    over.goodbye();
}

}  // namespace ecert::tests
