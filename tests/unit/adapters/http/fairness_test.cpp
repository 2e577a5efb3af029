// Two identities at one door: what one of them holds takes nothing from the other.
#include "adapters/http/client.hpp"
#include "adapters/http/server.hpp"
#include "config/log.hpp"
#include "config/metrics.hpp"
#include "tests/unit/adapters/http/bench.hpp"
#include "tests/unit/adapters/http/raw_peer.hpp"

#include <boost/asio/steady_timer.hpp>

#include <gmock/gmock.h>

namespace ecert::http::tests {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

awaitable<response> ok(incoming&) { co_return reply(200, "text/plain", "ok"); }

awaitable<response> take(incoming& request) {
    const auto body = co_await request.read_body(4 * mib);
    co_return reply(body ? 200 : 503, "text/plain", body ? "taken" : body.error().text);
}

class doors : public testing::Test {
  protected:
    bench b;
    metrics figures;
    const pki& keys = pki::get();
    listener_settings at = keys.listener();

    std::unique_ptr<server> open(handler to, budget* other = nullptr) {
        auto with = b.settings(at);
        with.figures = &figures;
        with.grace = 50ms;
        with.limits.body_budget_wait = 50ms;
        auto made =
            serve(b.loop.get_executor(), with, std::move(to), b.work, other ? *other : b.bodies);
        if (!made) throw std::runtime_error(made.error().text);
        return *std::move(made);
    }
    std::unique_ptr<client> comes(const server& to, const std::string& as) {
        return b.calling(to.port(), keys.channel(as), "localhost", 8);
    }
    static call asking() {
        call what{.method = "GET"};
        what.total = 5s;
        return what;
    }
    awaitable<void> pause(duration time) {
        boost::asio::steady_timer timer{b.loop, time};
        co_await timer.async_wait(tuple);
    }
    // One connection that is kept open by this client for each.
    awaitable<unsigned> all_at_once(client& by, unsigned count) {
        unsigned ended = 0, good = 0;
        const auto one = [&]() -> awaitable<void> {
            good += (co_await by.send(asking())).status == 200;
            ++ended;
        };
        for (unsigned i = 0; i < count; ++i)
            boost::asio::co_spawn(b.loop, one(), boost::asio::detached);
        while (ended < count) co_await boost::asio::post(b.loop, boost::asio::use_awaitable);
        co_return good;
    }
};

TEST_F(doors, silent_connections_shut_no_door) {
    at.handshakes = 4;
    at.handshakes_per_address = 4;
    const auto door = open(ok);
    const auto honest = comes(*door, "CN-client");
    b.run([&]() -> awaitable<void> {
        std::vector<std::unique_ptr<raw_client>> silent;
        for (int i = 0; i < 12; ++i)
            silent.push_back(std::make_unique<raw_client>(b.loop.get_executor(), door->port()));
        const auto got = co_await honest->send(asking());
        EXPECT_EQ(got.status, 200) << got.error;
        EXPECT_EQ(co_await silent.front()->rest(), "") << "the oldest of them had to go";
    });
    EXPECT_THAT(figures.render(), HasSubstr("reason=\"handshake-made-room\""));
}

TEST_F(doors, an_idle_connection_makes_room_when_all_are_taken) {
    at.connections = 2;
    const auto door = open(ok);
    const auto first = comes(*door, "CN-client");
    const auto second = comes(*door, "NZ-client");
    b.run([&]() -> awaitable<void> {
        EXPECT_EQ(co_await all_at_once(*first, 2), 2u);
        co_await pause(100ms);
        EXPECT_EQ((co_await second->send(asking())).status, 200);
        EXPECT_EQ((co_await first->send(asking())).status, 200) << "it just connects anew";
    });
    EXPECT_THAT(figures.render(), HasSubstr("reason=\"idle-made-room\""));
}

TEST_F(doors, answer_503_when_all_connections_are_at_work) {
    at.connections = 1;
    boost::asio::steady_timer held{b.loop, std::chrono::hours{1}};
    bool entered = false;
    const auto door = open([&](incoming&) -> awaitable<response> {
        entered = true;
        co_await held.async_wait(tuple);
        co_return reply(200, "", "");
    });
    const auto busy = comes(*door, "NZ-client");
    const auto late = comes(*door, "CN-client");
    b.run([&]() -> awaitable<void> {
        int status = 0;
        const auto work = [&]() -> awaitable<void> {
            status = (co_await busy->send(asking())).status;
        };
        boost::asio::co_spawn(b.loop, work(), boost::asio::detached);
        while (!entered) co_await boost::asio::post(b.loop, boost::asio::use_awaitable);
        const auto got = co_await late->send(asking());
        EXPECT_EQ(got.status, 503) << got.error;
        EXPECT_EQ(got.fields.get("Retry-After"), "5");
        held.cancel();
        while (status == 0) co_await boost::asio::post(b.loop, boost::asio::use_awaitable);
        EXPECT_EQ(status, 200);
    });
    EXPECT_THAT(figures.render(), HasSubstr("reason=\"all-connections-taken\""));
}

TEST_F(doors, one_identity_has_no_more_than_its_part_of_the_connections) {
    at.connections_per_identity = 2;
    boost::asio::steady_timer held{b.loop, std::chrono::hours{1}};
    unsigned inside = 0;
    const auto door = open([&](incoming& r) -> awaitable<response> {
        if (r.peer()->subject().find("NZ-client") != std::string::npos) {
            ++inside;
            co_await held.async_wait(tuple);
        }
        co_return reply(200, "", "");
    });
    const auto greedy = comes(*door, "NZ-client");
    const auto honest = comes(*door, "CN-client");
    b.run([&]() -> awaitable<void> {
        unsigned good = 0;
        bool ended = false;
        const auto work = [&]() -> awaitable<void> {
            good = co_await all_at_once(*greedy, 2);
            ended = true;
        };
        boost::asio::co_spawn(b.loop, work(), boost::asio::detached);
        while (inside < 2) co_await boost::asio::post(b.loop, boost::asio::use_awaitable);
        EXPECT_EQ((co_await greedy->send(asking())).status, 503);
        EXPECT_EQ((co_await honest->send(asking())).status, 200);
        held.cancel();
        while (!ended) co_await boost::asio::post(b.loop, boost::asio::use_awaitable);
        EXPECT_EQ(good, 2u);
    });
    EXPECT_THAT(figures.render(), HasSubstr("reason=\"identity-has-its-part\""));
}

TEST_F(doors, bodies_that_one_identity_trickles_leave_the_others_theirs) {
    budget narrow{b.loop.get_executor(), {16 * mib, 2 * mib, 1 * mib, 0.25}};
    const auto door = open(take, &narrow);
    const auto greedy = comes(*door, "NZ-client");
    const auto honest = comes(*door, "CN-client");
    b.run([&]() -> awaitable<void> {
        std::vector<budget::share> trickled;  // as requests of NZ hold them while they trickle
        const std::string nz = "CN=NZ-client,O=e-Cert development";
        for (;;) {
            auto share = co_await narrow.take(2 * mib, 0ms, {nz, 4 * mib});
            if (!share) break;
            trickled.push_back(std::move(share));
        }
        EXPECT_EQ(narrow.used(), 4 * mib) << "the limit of one body, more than a quarter of 14 MiB";
        const auto refused = co_await greedy->send(posting(std::string(2 * mib, 'x')));
        EXPECT_EQ(refused.status, 503) << "its own part is all it may hold";
        const auto got = co_await honest->send(posting(std::string(4 * mib, 'x')));
        EXPECT_EQ(got.status, 200) << got.error << text_of(got.body);
    });
    EXPECT_EQ(narrow.used(), 0u);
    EXPECT_THAT(figures.render(), HasSubstr("reason=\"no-room-for-body\""));
}

TEST_F(doors, a_flood_of_bare_connections_is_a_few_lines_with_their_count) {
    const log::capture lines;
    const auto door = open(ok);
    b.run([&]() -> awaitable<void> {
        for (int i = 0; i < 50; ++i) {
            raw_client one{b.loop.get_executor(), door->port()};
            co_await one.send("GET / HTTP/1.1\r\n\r\n");
            co_await one.rest();
        }
        co_await door->stop(5s);
    });
    const auto text = lines.lines();
    EXPECT_THAT(text, HasSubstr("handshake-failed"));
    EXPECT_THAT(text, HasSubstr("\"count\":49"));
    unsigned count = 0;
    for (auto at_ = text.find("http_turned_away"); at_ != std::string::npos;
         at_ = text.find("http_turned_away", at_ + 1))
        ++count;
    EXPECT_EQ(count, 2u);
    EXPECT_THAT(figures.render(), HasSubstr("reason=\"handshake-failed\"} 50"));
}

}  // namespace
}  // namespace ecert::http::tests
