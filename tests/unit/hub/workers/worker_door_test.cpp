#include "hub/workers/worker_door.hpp"

#include "config/log.hpp"
#include "queue/wire/codec.hpp"
#include "tests/unit/hub/listen/fake_incoming.hpp"
#include "tests/unit/hub/listen/fake_ledger.hpp"
#include "tests/unit/hub/listen/pki.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace ecert::hub::tests {
namespace {

using testing::HasSubstr;

struct adapters_door : testing::Test {
    const pki& keys = pki::made();
    manual_clock time{std::chrono::floor<std::chrono::days>(std::chrono::system_clock::now()) +
                      24h};
    boost::asio::io_context loop;
    pool work{1};
    fake_ledger ledger;
    metrics figures;
    engine::snapshots profiles;
    registry hosts{"0.1.0", time.steady()};
    std::shared_ptr<const roles> in_force;
    log::capture kept;
    http::handler handler;

    adapters_door() {
        configuration c;
        c.node.name = "CN";
        c.agencies["GACC"] = {.name = "GACC", .identity = {keys.pinned("gacc")}};
        c.partners["NZ"] = {.name = "NZ", .channel = "nz", .address = "NZ"};
        c.channels["nz"] = {.name = "nz", .dialect = "node"};
        c.hosts["abroad"] = {
            .name = "abroad", .identity = {keys.pinned("mara")}, .partners = {"NZ"}};
        auto [made, found] = roles::make(c);
        EXPECT_TRUE(made);
        in_force = made;
        auto snapshot = std::make_shared<engine::snapshot>();
        auto over = std::make_shared<engine::channel>();
        over->profile = c.channels["nz"];
        snapshot->channels["nz"] = over;
        snapshot->configuration = std::make_shared<const configuration>(c);
        profiles.swap(snapshot);
        handler = make_worker_handler(parts());
    }
    worker_door parts() {
        return {ledger, profiles, [this] { return in_force; }, time, figures, hosts, work, nullptr};
    }
    queue::heartbeat beat() const {
        const auto snapshot = profiles.current();
        const auto& nz = *snapshot->partner("NZ");
        queue::heartbeat h;
        h.adapter = "abroad";
        h.version = "0.1.0";
        h.now = time.now();
        h.partners = {
            {"NZ", "nz", {}, engine::profile_digest(snapshot->channels.at("nz")->profile, nz)}};
        return h;
    }
    void look() { look(parts()); }
    void look(const worker_door& at) {
        run(loop, [](worker_door p) -> awaitable<int> {
            co_await tell_of_hosts(p);
            co_return 0;
        }(at));
    }
    http::response ask(const std::string& who, const queue::heartbeat& h) {
        fake_incoming request{"POST", "/internal/heartbeat"};
        request.from(keys.load(who)).body("application/json", queue::encode(h));
        return run(loop, handler(request));
    }
};

TEST_F(adapters_door, a_host_that_agrees_is_told_nothing_and_serves) {
    const auto given = ask("mara", beat());
    ASSERT_EQ(given.status, 200) << body_of(given);
    const auto answer = queue::decode_heartbeat_answer(body_of(given));
    ASSERT_TRUE(answer) << answer.error().text;
    EXPECT_THAT(answer->differs, testing::IsEmpty());
    EXPECT_TRUE(hosts.serves("NZ", time.steady()));
}

TEST_F(adapters_door, another_role_and_a_stranger_are_refused) {
    EXPECT_EQ(ask("gacc", beat()).status, 403);
    EXPECT_EQ(ask("stranger", beat()).status, 401);
    EXPECT_FALSE(hosts.serves("NZ", time.steady()));
}

TEST_F(adapters_door, a_host_cannot_speak_for_another) {
    auto h = beat();
    h.adapter = "other";
    EXPECT_EQ(ask("mara", h).status, 403);
    EXPECT_TRUE(hosts.rows(time.steady()).empty());
}

TEST_F(adapters_door, what_differs_is_in_the_answer) {
    auto h = beat();
    h.partners[0].profile = {};
    const auto answer = queue::decode_heartbeat_answer(body_of(ask("mara", h))).value();
    EXPECT_THAT(answer.differs, testing::ElementsAre(HasSubstr("another profile of NZ")));
}

TEST_F(adapters_door, what_is_no_heartbeat_is_422_with_all_that_is_wrong) {
    fake_incoming request{"POST", "/internal/heartbeat"};
    request.from(keys.load("mara")).body("application/json", R"({"v":1})");
    const auto given = run(loop, handler(request));
    EXPECT_EQ(given.status, 422);
    EXPECT_THAT(body_of(given), HasSubstr("adapter"));
}

TEST_F(adapters_door, a_partner_with_due_work_and_no_worker_is_an_alert) {
    ledger.on_due = [] { return std::vector<due_partner>{{"NZ", "nz", {}, 1}}; };
    time.advance(31s);
    look();
    EXPECT_THAT(kept.lines(), HasSubstr("no worker serves NZ"));
    EXPECT_THAT(figures.render(), HasSubstr("worker_partner_unserved"));
    EXPECT_THAT(hosts.unserved(), testing::ElementsAre("NZ"));
}

TEST_F(adapters_door, what_nobody_takes_from_the_queue_is_missed_too) {
    ledger.on_due = [] { return std::vector<due_partner>{}; };
    ledger.on_leased = [] { return std::vector<open_lease>{{1, 1, "NZ", "nz", {}, false}}; };
    time.advance(31s);
    look();
    EXPECT_THAT(hosts.unserved(), testing::ElementsAre("NZ"));
    ask("mara", beat());
    look();
    EXPECT_THAT(hosts.unserved(), testing::IsEmpty());
}

TEST_F(adapters_door, work_that_is_due_later_misses_nobody_yet) {
    ledger.on_due = [] { return std::vector<due_partner>{{"NZ", "nz", {}, 0}}; };
    time.advance(31s);
    look();
    EXPECT_THAT(hosts.unserved(), testing::IsEmpty());
}

TEST_F(adapters_door, where_workers_are_in_the_process_no_host_is_missed) {
    ledger.on_due = [] { return std::vector<due_partner>{{"NZ", "nz", {}, 1}}; };
    time.advance(31s);
    auto embedded = parts();
    embedded.hosts_serve = false;
    look(embedded);
    EXPECT_THAT(hosts.unserved(), testing::IsEmpty());
}

}  // namespace
}  // namespace ecert::hub::tests
