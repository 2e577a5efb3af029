// A private RabbitMQ broker for tests (deploy/demo/broker.py): started, stopped, killed, wiped; and
// what a test does behind the transport's back.
#pragma once

#include "config/settings.hpp"

#include <filesystem>
#include <string>

namespace ecert::tests {

// What a program of ours prints; throws with its words when it fails.
std::string output_of(const std::string& command);

class broker {
  public:
    // The one that ctest started (ECERT_BROKER names its folder), else one of this process's own.
    static broker& shared();
    // One of its own, started; options as broker.py's start takes them.
    explicit broker(const std::string& options = {});
    ~broker();
    broker(const broker&) = delete;
    broker& operator=(const broker&) = delete;

    amqp_settings settings() const;  // for a transport that talks to it, with short times
    void start() const { act("start"); }
    void stop() const { act("stop"); }
    void kill() const { act("kill"); }  // SIGKILL
    void wipe() const { act("wipe"); }  // its data folder too
    void pause() const;                 // SIGSTOP
    void go_on() const;
    void lose_logs() const;  // stopped, every queue's log gone, started
    // That queue takes what comes and never answers, until it is deleted: as one does whose broker
    // was killed soon after it was declared.
    void silence(const std::string& queue) const;
    void block() const;  // the memory alarm
    void unblock() const;
    int port() const { return port_; }
    int tls_port() const;
    std::string ctl(const std::string& arguments) const;  // rabbitmqctl

    void delete_queue(const std::string& queue) const;
    void delete_queues() const;  // all that tests use
    // Quorum, with so many messages at most, made before the transport comes.
    void make_other_queue(const std::string& queue, int most_messages) const;

  private:
    struct at {
        std::filesystem::path folder;
    };
    explicit broker(at there);
    void look();
    void signal(int which) const;
    std::string act(const std::string& what) const;

    std::filesystem::path folder_;
    bool own_ = false;
    int port_ = 0;
};

}  // namespace ecert::tests
