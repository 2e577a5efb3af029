// Who may do what at a broker: TLS with client certificates or a password, and the users that
// deploy/rabbitmq makes.
#include "queue/amqp/amqp.hpp"
#include "tests/support/broker.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

namespace ecert::conformance {
namespace {

namespace asio = boost::asio;
namespace fs = std::filesystem;
using queue::publication;
using testing::HasSubstr;

constexpr duration soon{20'000}, a_while{1'000};
const std::string root = ECERT_SOURCE_DIR;

// A PKI, and a broker that knows hub (by certificate) and worker-a of NL (by password).
struct guarded {
    fs::path pki = fs::temp_directory_path() / ("ecert-amqp-pki-" + std::to_string(::getpid()));
    std::unique_ptr<tests::broker> broker;

    guarded() {
        const auto make = "/bin/bash " + root + "/deploy/pki/make-pki.sh " + pki.string() + ' ';
        tests::output_of(make + "ca ca");
        tests::output_of(make + "ca other-ca");
        tests::output_of(make + "server broker ca localhost");
        tests::output_of(make + "client hub ca");
        tests::output_of(make + "client stranger ca");
        std::ofstream{pki / "password"} << "correct horse\n";
        tests::output_of("/usr/bin/python3 -B " + root + "/deploy/rabbitmq/definitions.py hub:- " +
                         "worker-a:" + (pki / "password").string() + ":NL >" +
                         (pki / "definitions.json").string());
        broker =
            std::make_unique<tests::broker>("--tls " + pki.string() + " broker --definitions " +
                                            (pki / "definitions.json").string());
    }
    ~guarded() {
        broker.reset();
        fs::remove_all(pki);
    }
};

class amqp_trust : public testing::Test {
  protected:
    static void SetUpTestSuite() { world = std::make_unique<guarded>(); }
    static void TearDownTestSuite() { world.reset(); }

    // By TLS, with the certificate of that name.
    amqp_settings secured(const std::string& name, const std::string& ca = "ca") {
        auto s = world->broker->settings();
        s.brokers = {"localhost:" + std::to_string(world->broker->tls_port())};
        s.tls = true;
        s.tls_ca = world->pki / (ca + ".pem");
        s.tls_certificate = world->pki / (name + ".pem");
        s.tls_key = world->pki / (name + ".key");
        s.password_file.clear();
        return s;
    }
    amqp_settings worker() {
        auto s = world->broker->settings();
        s.user = "worker-a";
        s.password_file = world->pki / "password";
        return s;
    }
    std::unique_ptr<queue::transport> make(amqp_settings settings) {
        return queue::make_amqp(io.get_executor(), std::move(settings), "trust");
    }
    template <class Coroutine>
    void run(Coroutine what) {
        bool done = false;
        asio::co_spawn(io, std::move(what), [&](std::exception_ptr e) {
            done = !e;
            io.stop();
        });
        io.restart();
        io.run_for(std::chrono::minutes{2});
        ASSERT_TRUE(done);
    }
    asio::io_context io;
    static inline std::unique_ptr<guarded> world;
};

TEST_F(amqp_trust, the_hub_by_its_certificate_and_a_worker_by_its_password_do_their_work) {
    run([](auto& t) -> awaitable<void> {
        auto hub = t.make(t.secured("hub")), worker = t.make(t.worker());
        hub->declare("work.NL");
        hub->declare(queue::outcome_queue);
        EXPECT_EQ(co_await hub->publish("work.NL", "a task", soon), publication::confirmed)
            << hub->state().trouble;
        auto tasks = worker->consume("work.NL", 1);
        auto task = co_await tasks->next(soon);
        EXPECT_TRUE(task && task->body() == "a task") << worker->state().trouble;
        EXPECT_EQ(co_await worker->publish(queue::outcome_queue, "an outcome", soon),
                  publication::confirmed);
        if (task) task->ack();
        auto outcomes = hub->consume(queue::outcome_queue, 1);
        auto outcome = co_await outcomes->next(soon);
        EXPECT_TRUE(outcome && outcome->body() == "an outcome");
        if (outcome) outcome->ack();
    }(*this));
}

TEST_F(amqp_trust, a_worker_reads_no_other_partners_queue_and_no_outcomes_and_makes_none) {
    run([](auto& t) -> awaitable<void> {
        auto hub = t.make(t.secured("hub")), worker = t.make(t.worker());
        for (const std::string queue : {"work.NZ", "outcomes"}) {
            hub->declare(queue);
            EXPECT_EQ(co_await hub->publish(queue, "not for NL", soon), publication::confirmed);
            auto from = worker->consume(queue, 1);
            EXPECT_FALSE(co_await from->next(a_while)) << queue;
            EXPECT_THAT(worker->state().trouble, HasSubstr(queue));
        }
        worker->declare("work.NL.mine");
        EXPECT_EQ(co_await worker->publish("work.NL.mine", "x", soon), publication::refused);
    }(*this));
}

TEST_F(amqp_trust, a_certificate_that_is_no_user_a_wrong_ca_and_none_get_nothing) {
    run([](auto& t) -> awaitable<void> {
        auto without = t.secured("hub");
        without.tls_certificate.clear();
        without.tls_key.clear();
        for (const auto& settings :
             {t.secured("stranger"), t.secured("hub", "other-ca"), without}) {
            auto over = t.make(settings);
            EXPECT_EQ(co_await over->publish("work.NL", "x", a_while), publication::refused);
            EXPECT_FALSE(over->state().publishing);
        }
    }(*this));
}

TEST_F(amqp_trust, a_broker_under_another_name_than_its_certificates_is_not_trusted) {
    run([](auto& t) -> awaitable<void> {
        auto settings = t.secured("hub");
        settings.brokers = {"127.0.0.1:" + std::to_string(world->broker->tls_port())};
        auto over = t.make(settings);
        EXPECT_EQ(co_await over->publish("work.NL", "x", a_while), publication::refused);
        EXPECT_FALSE(over->state().publishing);
    }(*this));
}

}  // namespace
}  // namespace ecert::conformance
