#include "adapters/http/server.hpp"

#include "config/log.hpp"
#include "tests/unit/adapters/http/bench.hpp"
#include "tests/unit/adapters/http/raw_peer.hpp"

#include <boost/asio/local/stream_protocol.hpp>
#include <boost/asio/steady_timer.hpp>

#include <gmock/gmock.h>

namespace ecert::http::tests {
namespace {

using testing::EndsWith;
using testing::HasSubstr;
using testing::StartsWith;

awaitable<response> echo(incoming& request) {
    auto body = co_await request.read_body(1 * mib);
    if (!body) co_return reply(static_cast<int>(body.error().kind) + 600, "", body.error().text);
    response same;
    same.size = (*body)->size();
    same.body.emplace_back(crypto::xml::spliced{*body});
    co_return same;
}

awaitable<response> ok(incoming&) { co_return reply(200, "text/plain", "ok"); }

constexpr auto post = "POST / HTTP/1.1\r\nHost: x\r\n";

std::string status_of(const std::string& text) { return text.substr(0, text.find("\r\n")); }

std::string failed(failure_kind kind) {
    return "HTTP/1.1 " + std::to_string(static_cast<int>(kind) + 600);
}

class http_server : public testing::Test {
  protected:
    bench b;
    std::string ask(server& of, std::string text) {
        return b.run([&]() -> awaitable<std::string> {
            raw_client one{b.loop.get_executor(), of.port()};
            co_await one.send(std::move(text));
            co_return co_await one.rest();
        });
    }
};

TEST_F(http_server, hands_the_request_to_its_handler_and_the_answer_back) {
    request_head seen;
    const auto at = b.serving_plain([&](incoming& r) -> awaitable<response> {
        seen = r.head();
        co_return reply(201, "text/plain", "made");
    });
    const auto got = ask(*at,
                         "PURGE /a%2Fb/c?x=1+2&y HTTP/1.1\r\nHost: h\r\nX-One: 1\r\nx-one: 2\r\n"
                         "Connection: close\r\n\r\n");
    EXPECT_THAT(got, StartsWith("HTTP/1.1 201 Created\r\n"));
    EXPECT_THAT(got, HasSubstr("Content-Length: 4\r\n"));
    EXPECT_THAT(got, HasSubstr("Connection: close\r\n"));
    EXPECT_THAT(got, EndsWith("\r\n\r\nmade"));
    EXPECT_EQ(seen.method, "PURGE");
    EXPECT_EQ(seen.segments, (std::vector<std::string>{"a/b", "c"}));
    EXPECT_EQ(seen.parameter("x"), "1 2");
    EXPECT_EQ(seen.fields.get("X-One"), "1, 2");
    EXPECT_TRUE(seen.fields.repeated("x-one")) << "two fields, or one with a comma?";
    EXPECT_FALSE(seen.fields.repeated("Host"));
}

TEST_F(http_server, answers_pipelined_requests_in_their_order) {
    int count = 0;
    const auto at = b.serving_plain([&](incoming& r) -> awaitable<response> {
        const auto body = co_await r.read_body(100);
        co_return reply(200, "", text_of(*body) + std::to_string(++count));
    });
    const auto got = ask(*at, std::string{post} + "Content-Length: 1\r\n\r\na" + post +
                                  "Content-Length: 1\r\nConnection: close\r\n\r\nb");
    EXPECT_THAT(got, HasSubstr("\r\n\r\na1HTTP/1.1 200"));
    EXPECT_THAT(got, EndsWith("b2"));
}

TEST_F(http_server, reads_a_chunked_body_and_ignores_what_its_trailer_says) {
    std::string type;
    const auto at = b.serving_plain([&](incoming& r) -> awaitable<response> {
        auto answer = co_await echo(r);
        type = r.head().fields.get("X-Role");
        co_return answer;
    });
    const auto got = ask(*at, std::string{post} +
                                  "Transfer-Encoding: chunked\r\nConnection: close\r\n\r\n"
                                  "4;ext=1\r\nwiki\r\n5\r\npedia\r\n0\r\nX-Role: admin\r\n\r\n");
    EXPECT_THAT(got, EndsWith("\r\n\r\nwikipedia"));
    EXPECT_EQ(type, "");
}

TEST_F(http_server, invites_a_body_only_when_the_handler_asks_for_it) {
    const auto at = b.serving_plain([&](incoming& r) -> awaitable<response> {
        if (r.head().path == "/no") co_return reply(403, "", "");
        co_return co_await echo(r);
    });
    b.run([&]() -> awaitable<void> {
        raw_client one{b.loop.get_executor(), at->port()};
        co_await one.send(std::string{post} + "Content-Length: 2\r\nExpect: 100-continue\r\n\r\n");
        EXPECT_EQ(co_await one.until("\r\n\r\n"), "HTTP/1.1 100 Continue\r\n\r\n");
        co_await one.send("hi");
        EXPECT_THAT(co_await one.until("hi"), StartsWith("HTTP/1.1 200"));
        co_await one.send(
            "POST /no HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n"
            "Expect: 100-continue\r\n\r\n");
        const auto refused = co_await one.rest();
        EXPECT_THAT(refused, StartsWith("HTTP/1.1 403"));
        EXPECT_THAT(refused, HasSubstr("Connection: close"));
    });
}

TEST_F(http_server, refuses_heads_it_cannot_serve_by_their_own_status) {
    bool called = false;
    const auto at = b.serving_plain([&](incoming& r) {
        called = true;
        return ok(r);
    });
    const auto status = [&](const std::string& text) { return status_of(ask(*at, text)); };
    EXPECT_EQ(status(std::string{post} +
                     "Content-Encoding: gzip\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"),
              "HTTP/1.1 415 Unsupported Media Type");
    EXPECT_EQ(status(std::string{post} + "Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n"),
              "HTTP/1.1 501 Not Implemented");
    EXPECT_EQ(status(std::string{post} + "Expect: tea\r\nConnection: close\r\n\r\n"),
              "HTTP/1.1 417 Expectation Failed");
    EXPECT_EQ(status("GET / HTTP/1.1\r\nConnection: close\r\n\r\n"), "HTTP/1.1 400 Bad Request");
    EXPECT_EQ(status("GET / HTTP/1.1\r\nHost: x\r\nHost: y\r\nConnection: close\r\n\r\n"),
              "HTTP/1.1 400 Bad Request");
    EXPECT_EQ(status("GET /%zz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"),
              "HTTP/1.1 400 Bad Request");
    EXPECT_EQ(status("\x16\x03\x01 hello\r\n\r\n"), "HTTP/1.1 400 Bad Request");
    EXPECT_EQ(status(std::string{post} + "Content-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n"),
              "HTTP/1.1 400 Bad Request");
    const auto large = "GET / HTTP/1.1\r\nHost: x\r\nX: " + std::string(65'000, 'x') +
                       "\r\nY: " + std::string(2'000, 'y') + "\r\n\r\n";
    EXPECT_EQ(status(large), "HTTP/1.1 431 Request Header Fields Too Large");
    std::string many = "GET / HTTP/1.1\r\nHost: x\r\n";
    for (int i = 0; i < 200; ++i) many += "a: b\r\n";
    EXPECT_EQ(status(many + "\r\n"), "HTTP/1.1 431 Request Header Fields Too Large");
    EXPECT_FALSE(called);
}

TEST_F(http_server, says_what_it_answers_for_itself_in_the_words_of_a_service_that_has_some) {
    auto with = b.settings(plain_listener{});
    with.words = [](const request_head& head, int status,
                    std::string_view why) -> awaitable<std::optional<response>> {
        if (head.path == "/dumb") co_return std::nullopt;
        if (head.path == "/broken") throw std::runtime_error{"no words"};
        co_return reply(status, "text/xml", "<said>" + std::string{why} + "</said>");
    };
    const auto at = b.serving(
        with, [](incoming&) -> awaitable<response> { throw std::runtime_error{"a bug"}; });
    const auto said = [&](const std::string& path, const std::string& field) {
        return ask(*at, "POST /" + path + " HTTP/1.1\r\nHost: x\r\nConnection: close\r\n" + field +
                            "\r\n\r\n");
    };
    const auto unfit = said("worded", "Content-Encoding: gzip");
    EXPECT_THAT(unfit, StartsWith("HTTP/1.1 415"));
    EXPECT_THAT(unfit, HasSubstr("Accept-Encoding: identity"));
    EXPECT_THAT(unfit, EndsWith("<said>Send the body without a Content-Encoding.</said>"));
    const auto failed = said("worded", "Content-Length: 0");
    EXPECT_THAT(failed, StartsWith("HTTP/1.1 500"));
    EXPECT_THAT(failed, HasSubstr("<said>This request failed here."));
    for (const auto* path : {"dumb", "broken"})
        EXPECT_THAT(said(path, "Content-Encoding: gzip"), HasSubstr("application/problem+json"));
}

TEST_F(http_server, cuts_off_a_head_that_trickles) {
    auto with = b.settings(plain_listener{});
    with.limits.header_timeout = 200ms;
    const auto at = b.serving(with, ok);
    b.run([&]() -> awaitable<void> {
        raw_client one{b.loop.get_executor(), at->port()};
        boost::asio::steady_timer beat{b.loop};
        for (const char c : std::string{"GET / HTTP"}) {
            co_await one.send(std::string(1, c));
            beat.expires_after(std::chrono::milliseconds{50});
            co_await beat.async_wait(tuple);
        }
        EXPECT_EQ(status_of(co_await one.rest()), "HTTP/1.1 408 Request Timeout");
    });
}

TEST_F(http_server, closes_a_connection_that_says_nothing) {
    auto with = b.settings(plain_listener{});
    with.limits.idle_timeout = 100ms;
    with.limits.header_timeout = 100ms;
    const auto at = b.serving(with, ok);
    EXPECT_EQ(ask(*at, ""), "");
    EXPECT_THAT(ask(*at, "GET / HTTP/1.1\r\nHost: x\r\n\r\n"), EndsWith("ok"));
}

TEST_F(http_server, calls_a_body_below_the_minimum_rate_too_slow) {
    auto with = b.settings(plain_listener{});
    with.rate_window = 200ms;
    const auto at = b.serving(with, echo);
    b.run([&]() -> awaitable<void> {
        raw_client one{b.loop.get_executor(), at->port()};
        co_await one.send(std::string{post} + "Content-Length: 1000\r\n\r\n");
        bool answered = false, ended = false;
        const auto trickle = [&]() -> awaitable<void> {
            boost::asio::steady_timer beat{b.loop};
            for (int i = 0; i < 80 && !answered; ++i) {
                co_await one.send("x");
                beat.expires_after(std::chrono::milliseconds{50});
                co_await beat.async_wait(tuple);
            }
            ended = true;
        };
        boost::asio::co_spawn(b.loop, trickle(), boost::asio::detached);
        EXPECT_THAT(co_await one.until("\r\n"), StartsWith(failed(failure_kind::deadline)));
        EXPECT_FALSE(ended) << "it was cut off for its silence";
        answered = true;
        while (!ended) co_await boost::asio::post(b.loop, boost::asio::use_awaitable);
    });
}

TEST_F(http_server, refuses_a_body_over_the_limit_by_its_length_or_as_it_comes) {
    const auto at = b.serving_plain([](incoming& r) -> awaitable<response> {
        const auto body = co_await r.read_body(10);
        co_return reply(static_cast<int>(body ? failure_kind::internal : body.error().kind) + 600,
                        "", "");
    });
    const auto too_large = StartsWith(failed(failure_kind::too_large));
    EXPECT_THAT(ask(*at, std::string{post} + "Content-Length: 11\r\n\r\n01234567890"), too_large);
    EXPECT_THAT(
        ask(*at, std::string{post} + "Connection: close\r\nTransfer-Encoding: chunked\r\n\r\n"
                                     "6\r\n012345\r\n6\r\n012345\r\n0\r\n\r\n"),
        too_large);
}

TEST_F(http_server, calls_a_body_that_breaks_off_invalid) {
    std::optional<failure_kind> kind;
    const auto at = b.serving_plain([&](incoming& r) -> awaitable<response> {
        const auto body = co_await r.read_body(1000);
        if (!body) kind = body.error().kind;
        co_return reply(400, "", "");
    });
    b.run([&]() -> awaitable<void> {
        raw_client one{b.loop.get_executor(), at->port()};
        co_await one.send(std::string{post} + "Content-Length: 10\r\n\r\nabc");
        one.socket().shutdown(tcp::socket::shutdown_send);
        co_await one.rest();
    });
    EXPECT_EQ(kind, failure_kind::invalid);
}

TEST_F(http_server, takes_no_body_that_the_budget_has_no_room_for) {
    const auto at = b.serving_plain(echo);
    auto with = b.settings(plain_listener{});
    with.limits.body_budget_wait = 50ms;
    const auto narrow = b.serving(with, echo);
    b.run([&]() -> awaitable<void> {
        const auto taken = co_await b.bodies.take(512 * mib - 10, 0ms);
        raw_client one{b.loop.get_executor(), narrow->port()};
        co_await one.send(std::string{post} + "Content-Length: 11\r\n\r\n01234567890");
        EXPECT_THAT(co_await one.rest(), StartsWith(failed(failure_kind::unavailable)));
        raw_client two{b.loop.get_executor(), narrow->port()};
        co_await two.send(std::string{post} +
                          "Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n");
        EXPECT_THAT(co_await two.rest(), StartsWith(failed(failure_kind::unavailable)));
        raw_client fits{b.loop.get_executor(), narrow->port()};
        co_await fits.send(std::string{post} + "Content-Length: 3\r\n\r\nabc");
        EXPECT_THAT(co_await fits.until("abc"), StartsWith("HTTP/1.1 200"));
    });
    EXPECT_EQ(b.bodies.used(), 0u);
}

TEST_F(http_server, closes_after_an_answer_whose_body_was_not_read) {
    const auto at = b.serving_plain(ok);
    const auto got =
        ask(*at, std::string{post} + "Content-Length: 100000\r\n\r\n" + std::string(50'000, 'x'));
    EXPECT_THAT(got, HasSubstr("Connection: close"));
    EXPECT_THAT(got, EndsWith("ok"));
}

TEST_F(http_server, answers_500_when_a_handler_throws_and_lives_on) {
    const log::capture lines;
    const auto at = b.serving_plain([](incoming& r) -> awaitable<response> {
        if (r.head().path == "/bad") throw std::runtime_error("the reason");
        return ok(r);
    });
    const auto got = ask(*at, "GET /bad HTTP/1.1\r\nHost: x\r\n\r\n");
    EXPECT_THAT(got, StartsWith("HTTP/1.1 500"));
    EXPECT_THAT(got, Not(HasSubstr("the reason")));
    EXPECT_THAT(lines.lines(), HasSubstr("the reason"));
    EXPECT_THAT(ask(*at, "GET / HTTP/1.0\r\n\r\n"), EndsWith("ok"));
}

TEST_F(http_server, answers_503_when_a_handler_meets_a_full_disk) {
    const log::capture lines;
    const auto at = b.serving_plain([](incoming&) -> awaitable<response> {
        throw std::system_error(ENOSPC, std::generic_category(), "/spool/1");
        co_return response{};
    });
    const auto got = ask(*at, "GET / HTTP/1.1\r\nHost: x\r\n\r\n");
    EXPECT_THAT(got, StartsWith("HTTP/1.1 503"));
    EXPECT_THAT(got, HasSubstr("Retry-After: "));
    EXPECT_THAT(got, Not(HasSubstr("/spool")));
    EXPECT_THAT(lines.lines(), HasSubstr("/spool/1"));
}

TEST_F(http_server, answers_head_with_the_length_and_no_body) {
    const auto at = b.serving_plain(ok);
    const auto got = ask(*at, "HEAD / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
    EXPECT_THAT(got, HasSubstr("Content-Length: 2\r\n"));
    EXPECT_THAT(got, EndsWith("\r\n\r\n"));
}

TEST_F(http_server, lets_no_value_start_a_line_of_its_own) {
    const auto at = b.serving_plain([](incoming&) -> awaitable<response> {
        auto answer = reply(200, "text/plain", "");
        answer.fields.set("X-Number", "a\r\nSet-Cookie: b");
        co_return answer;
    });
    const auto got = ask(*at, "GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
    EXPECT_THAT(got, HasSubstr("X-Number: a  Set-Cookie: b\r\n"));
}

TEST_F(http_server, cuts_a_reader_off_that_does_not_take_its_answer) {
    auto with = b.settings(plain_listener{});
    with.rate_window = 200ms;
    with.limits.minimum_rate = 100 * mib;
    const auto at = b.serving(with, [](incoming&) -> awaitable<response> {
        co_return reply(200, "", std::string(32 * mib, 'x'));
    });
    b.run([&]() -> awaitable<void> {
        raw_client one{b.loop.get_executor(), at->port()};
        co_await one.send("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
        boost::asio::steady_timer nap{b.loop, std::chrono::milliseconds{600}};
        co_await nap.async_wait(tuple);
        EXPECT_LT((co_await one.rest()).size(), 32 * mib);
    });
}

TEST_F(http_server, lets_requests_in_progress_end_when_it_stops) {
    boost::asio::steady_timer held{b.loop, std::chrono::hours{1}};
    bool entered = false;
    const auto at = b.serving_plain([&](incoming&) -> awaitable<response> {
        entered = true;
        co_await held.async_wait(tuple);
        co_return reply(200, "", "ended well");
    });
    b.run([&]() -> awaitable<void> {
        raw_client busy{b.loop.get_executor(), at->port()};
        raw_client idle{b.loop.get_executor(), at->port()};
        co_await busy.send("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
        while (!entered) co_await boost::asio::post(b.loop, boost::asio::use_awaitable);
        boost::asio::co_spawn(
            b.loop,
            [&]() -> awaitable<void> {
                EXPECT_EQ(co_await idle.rest(), "");
                held.cancel();
            },
            boost::asio::detached);
        co_await at->stop(10s);
        EXPECT_THAT(co_await busy.rest(), EndsWith("ended well"));
    });
}

TEST_F(http_server, closes_the_rest_when_the_deadline_of_stop_has_passed) {
    const auto at = b.serving_plain(echo);
    b.run([&]() -> awaitable<void> {
        raw_client stuck{b.loop.get_executor(), at->port()};
        co_await stuck.send(std::string{post} + "Content-Length: 10\r\n\r\n");
        const auto before = machine_clock().steady();
        co_await at->stop(100ms);
        EXPECT_LT(machine_clock().steady() - before, 5s);
        co_await stuck.rest();
    });
}

TEST_F(http_server, says_why_it_cannot_listen) {
    const auto first = b.serving_plain(ok);
    const auto second = serve(b.loop.get_executor(), b.settings(plain_listener{first->port()}), ok,
                              b.work, b.bodies);
    ASSERT_FALSE(second);
    EXPECT_THAT(second.error().text, HasSubstr(std::to_string(first->port())));
    EXPECT_THAT(second.error().text, HasSubstr("in use"));
}

TEST_F(http_server, knows_the_user_behind_a_unix_socket) {
    const auto file = b.folder.path() / "operators.sock";
    std::optional<unsigned> user;
    const auto handle = [&](incoming& r) {
        user = r.unix_user();
        return echo(r);
    };
    auto at = b.serving(b.settings(unix_listener{file}), handle);
    const auto got = b.run([&] { return send_unix(b.loop.get_executor(), file, posting("act")); });
    EXPECT_EQ(got.stage, stage::replied) << got.error;
    EXPECT_EQ(text_of(got.body), "act");
    EXPECT_EQ(user, ::getuid());
    EXPECT_FALSE(
        serve(b.loop.get_executor(), b.settings(unix_listener{file}), ok, b.work, b.bodies))
        << "a socket in use was taken over";
    at.reset();
    EXPECT_FALSE(std::filesystem::exists(file));
}

TEST_F(http_server, takes_over_a_socket_file_that_a_dead_process_left) {
    const auto file = b.folder.path() / "operators.sock";
    { boost::asio::local::stream_protocol::acceptor left{b.loop, file.string()}; }
    ASSERT_TRUE(std::filesystem::exists(file));
    const auto at = b.serving(b.settings(unix_listener{file}), ok);
    const auto got = b.run([&] { return send_unix(b.loop.get_executor(), file, posting("x")); });
    EXPECT_EQ(got.status, 200) << got.error;
}

}  // namespace
}  // namespace ecert::http::tests
