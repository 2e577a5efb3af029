// Mutual TLS between the one client and the one server, with real certificates.
#include "adapters/http/client.hpp"
#include "adapters/http/server.hpp"
#include "adapters/http/transport.hpp"
#include "config/log.hpp"
#include "crypto/tls/context.hpp"
#include "tests/unit/adapters/http/bench.hpp"
#include "tests/unit/adapters/http/raw_peer.hpp"

#include <gmock/gmock.h>
#include <openssl/ssl.h>

namespace ecert::http::tests {
namespace {

using testing::HasSubstr;

awaitable<response> who(incoming& request) {
    co_return reply(200, "text/plain", request.peer() ? request.peer()->subject() : "nobody");
}

bool logged(const log::capture& lines) {
    return lines.lines().find("handshake-failed") != std::string::npos;
}

class tls : public testing::Test {
  protected:
    bench b;
    const pki& keys = pki::get();
    reply_received call_as(const channel_settings& us, const std::string& host = "localhost") {
        const auto at = b.serving_tls(who);
        const auto by = b.calling(at->port(), us, host);
        return b.run([&] { return by->send(posting("hello")); });
    }
};

TEST_F(tls, each_side_knows_the_other) {
    const auto got = call_as(keys.channel());
    EXPECT_EQ(got.stage, stage::replied) << got.error;
    EXPECT_EQ(text_of(got.body), "CN=CN-client,O=e-Cert development");
    ASSERT_TRUE(got.peer);
    EXPECT_EQ(got.peer->subject(), "CN=NZ-server,O=e-Cert development");
}

TEST_F(tls, a_server_of_another_ca_gets_nothing) {
    auto us = keys.channel();
    us.tls_ca = keys.file("other-ca.pem");
    const auto got = call_as(us);
    EXPECT_EQ(got.stage, stage::before_body);
    EXPECT_TRUE(got.peer_untrusted);
    EXPECT_THAT(got.error, HasSubstr("not the one we were told to trust"));
}

TEST_F(tls, a_server_of_another_name_gets_nothing) {
    auto with = keys.listener();
    with.certificate = keys.file("elsewhere.pem");
    with.key = keys.file("elsewhere.key");
    const auto at = b.serving(b.settings(with), who);
    const auto by = b.calling(at->port(), keys.channel());
    const auto got = b.run([&] { return by->send(posting("hello")); });
    EXPECT_EQ(got.stage, stage::before_body);
    EXPECT_TRUE(got.peer_untrusted);
    EXPECT_THAT(got.error, HasSubstr("ostname mismatch"));
}

TEST_F(tls, an_address_is_verified_like_a_name) {
    EXPECT_EQ(call_as(keys.channel(), "127.0.0.1").stage, stage::replied);
}

TEST_F(tls, a_pin_decides_alone) {
    auto us = keys.channel();
    us.tls_ca.clear();
    us.tls_pin = keys.file("NZ-server.pem");
    EXPECT_EQ(call_as(us).stage, stage::replied);
    us.tls_pin = keys.file("CN-server.pem");
    const auto got = call_as(us);
    EXPECT_EQ(got.stage, stage::before_body);
    EXPECT_TRUE(got.peer_untrusted);
}

TEST_F(tls, a_client_without_a_certificate_of_the_ca_never_reaches_a_handler) {
    for (const auto* name : {"", "stranger", "old"}) {
        const log::capture lines;
        bool reached = false;
        const auto at = b.serving_tls([&](incoming& r) {
            reached = true;
            return who(r);
        });
        const auto by = b.calling(at->port(), keys.channel(name));
        const auto got = b.run([&] { return by->send(posting("hello")); });
        EXPECT_EQ(got.stage, stage::before_body) << name;
        EXPECT_TRUE(got.peer_untrusted) << name << ": " << got.error;
        EXPECT_FALSE(reached) << name;
        for (int turn = 0; turn < 100 && !logged(lines); ++turn)
            b.loop.run_one_for(std::chrono::milliseconds{100});
        EXPECT_TRUE(logged(lines)) << name;
    }
}

TEST_F(tls, a_resumed_session_still_shows_its_peer) {
    const auto at = b.serving_tls(who);
    auto context = crypto::make_client_context(keys.channel());
    ASSERT_TRUE(context);
    const auto ask = [&]() -> awaitable<std::string> {
        tcp::socket line{b.loop};
        co_await line.async_connect({boost::asio::ip::address_v4::loopback(), at->port()}, tuple);
        const auto until = machine_clock().steady() + 10s;
        auto end = co_await connect_tls(std::move(line), context->get(), "localhost", until);
        if (!end.secured) co_return end.why;
        co_await end.secured->write_all("GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n",
                                        until);
        std::string all;
        std::array<char, 1000> piece;
        for (;;) {
            const auto got = co_await end.secured->read_some(piece, until);
            if (!got.done()) break;
            all.append(piece.data(), got.bytes);
        }
        co_await end.secured->close(until);  // a session is only good after a goodbye
        co_return all;
    };
    EXPECT_THAT(b.run(ask), HasSubstr("CN=CN-client"));
    EXPECT_EQ(SSL_CTX_sess_hits(context->get()), 0);
    EXPECT_THAT(b.run(ask), HasSubstr("CN=CN-client"));
    EXPECT_EQ(SSL_CTX_sess_hits(context->get()), 1);
}

TEST_F(tls, a_listener_takes_new_certificates_without_a_pause) {
    const auto at = b.serving_tls(who);
    auto us = keys.channel();
    us.tls_ca.clear();
    us.tls_pin = keys.file("CN-server.pem");
    const auto by = b.calling(at->port(), us);
    EXPECT_FALSE(b.run([&] { return by->send(posting("x")); }).stage == stage::replied);
    auto with = keys.listener();
    with.certificate = keys.file("CN-server.pem");
    with.key = keys.file("CN-server.key");
    EXPECT_TRUE(at->reload_tls(with));
    EXPECT_EQ(b.run([&] { return by->send(posting("x")); }).stage, stage::replied);
    with.key = keys.file("NZ-server.key");
    EXPECT_FALSE(at->reload_tls(with));
}

TEST_F(tls, a_handshake_that_does_not_come_is_cut_off) {
    auto with = b.settings(keys.listener());
    with.limits.handshake_timeout = 100ms;
    const auto at = b.serving(with, who);
    b.run([&]() -> awaitable<void> {
        raw_client silent{b.loop.get_executor(), at->port()};
        EXPECT_EQ(co_await silent.rest(), "");
    });
}

TEST_F(tls, a_peer_that_speaks_no_tls_is_an_error_for_people) {
    raw_server peer{b.loop.get_executor(), [](tcp::socket s) -> awaitable<void> {
                        co_await say(s, "HTTP/1.1 400 Bad Request\r\n\r\n");
                    }};
    const auto by = b.calling(peer.port(), keys.channel());
    const auto got = b.run([&] { return by->send(posting("x")); });
    EXPECT_EQ(got.stage, stage::before_body);
    EXPECT_FALSE(got.peer_untrusted);
    EXPECT_THAT(got.error, HasSubstr("TLS handshake"));
}

TEST_F(tls, many_calls_at_once_share_few_connections) {
    unsigned most = 0, now = 0;
    const auto at = b.serving_tls([&](incoming& r) -> awaitable<response> {
        most = std::max(most, ++now);
        const auto body = co_await r.read_body(1 * mib);
        co_await on_pool(b.work, [] {});
        --now;
        co_return reply(200, "", text_of(*body));
    });
    const auto by = b.calling(at->port(), keys.channel(), "localhost", 3);
    int right = 0, ended = 0;
    const auto one = [&](int i) -> awaitable<void> {
        const auto text = std::string(1000, 'a') + std::to_string(i);
        const auto got = co_await by->send(posting(text));
        right += text_of(got.body) == text;
        ++ended;
    };
    b.run([&]() -> awaitable<void> {
        for (int i = 0; i < 100; ++i) boost::asio::co_spawn(b.loop, one(i), boost::asio::detached);
        while (ended < 100) co_await boost::asio::post(b.loop, boost::asio::use_awaitable);
    });
    EXPECT_EQ(right, 100);
    EXPECT_LE(most, 3u);
}

}  // namespace
}  // namespace ecert::http::tests
