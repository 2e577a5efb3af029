#include "adapters/http/client.hpp"

#include "tests/unit/adapters/http/bench.hpp"
#include "tests/unit/adapters/http/raw_peer.hpp"

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/steady_timer.hpp>

#include <gmock/gmock.h>

#include <thread>

namespace ecert::http::tests {
namespace {

using testing::HasSubstr;

class http_client : public testing::Test {
  protected:
    bench b;
    reply_received send(client& by, call what) {
        return b.run([&] { return by.send(std::move(what)); });
    }
    // One call to a peer that reads the head and does `then`.
    reply_received send_to(raw_server::script then, call what) {
        raw_server peer{b.loop.get_executor(), std::move(then)};
        const auto by = b.calling_plain(peer.port());
        return send(*by, std::move(what));
    }
};

TEST_F(http_client, brings_the_reply_with_its_fields) {
    std::string asked;
    const auto got = send_to(
        [&](tcp::socket s) -> awaitable<void> {
            asked = co_await read_head(s);
            co_await say(s,
                         "HTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\n"
                         "HTTP/1.1 503 Busy\r\nRetry-After: 7\r\nContent-Length: 4\r\n\r\nlast");
        },
        posting("question"));
    EXPECT_EQ(got.stage, stage::replied) << got.error;
    EXPECT_EQ(got.status, 503);
    EXPECT_EQ(got.fields.get("retry-after"), "7");
    EXPECT_FALSE(got.fields.has("Link"));
    EXPECT_EQ(text_of(got.body), "last");
    EXPECT_THAT(asked, HasSubstr("POST /soap HTTP/1.1\r\nHost: 127.0.0.1:"));
    EXPECT_THAT(asked, HasSubstr("Content-Length: 8\r\n"));
}

TEST_F(http_client, uses_a_connection_again) {
    raw_server peer{b.loop.get_executor(), [](tcp::socket s) -> awaitable<void> {
                        for (;;) {
                            if ((co_await read_head(s)).empty()) co_return;
                            co_await say(s, "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
                        }
                    }};
    const auto by = b.calling_plain(peer.port());
    for (int i = 0; i < 3; ++i) EXPECT_EQ(send(*by, call{.method = "GET"}).status, 200);
    EXPECT_EQ(peer.accepted(), 1u);
}

TEST_F(http_client, replaces_a_connection_that_was_closed_while_idle) {
    raw_server peer{b.loop.get_executor(), [](tcp::socket s) -> awaitable<void> {
                        std::string all;  // nothing may stay unread, or closing is a reset
                        co_await boost::asio::async_read_until(s, boost::asio::dynamic_buffer(all),
                                                               "!", tuple);
                        co_await say(s, "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
                    }};
    const auto by = b.calling_plain(peer.port());
    EXPECT_EQ(send(*by, posting("one!")).status, 200);
    const auto second = send(*by, posting("two!"));
    EXPECT_EQ(second.stage, stage::replied) << second.error;
    EXPECT_EQ(peer.accepted(), 2u);
}

TEST_F(http_client, does_not_repeat_a_call_whose_body_went_out) {
    unsigned heads = 0;
    raw_server peer{b.loop.get_executor(), [&](tcp::socket s) -> awaitable<void> {
                        co_await read_head(s);
                        ++heads;
                        co_await say(s, "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
                        co_await read_head(s);
                        ++heads;
                        reset(s);
                    }};
    const auto by = b.calling_plain(peer.port());
    EXPECT_EQ(send(*by, posting("one")).status, 200);
    const auto second = send(*by, posting("\r\n\r\n"));
    EXPECT_EQ(second.stage, stage::after_body);
    EXPECT_EQ(heads, 2u);
    EXPECT_EQ(peer.accepted(), 1u);
}

TEST_F(http_client, says_after_body_when_the_peer_resets_after_the_body) {
    const auto got = send_to(
        [](tcp::socket s) -> awaitable<void> {
            co_await read_head(s);
            reset(s);
        },
        posting("\r\n\r\n"));
    EXPECT_EQ(got.stage, stage::after_body);
    EXPECT_EQ(got.status, 0);
    EXPECT_THAT(got.error, HasSubstr("waiting for the reply"));
}

TEST_F(http_client, says_after_body_when_the_reply_breaks_off) {
    const auto got = send_to(
        [](tcp::socket s) -> awaitable<void> {
            co_await read_head(s);
            co_await say(s, "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf");
        },
        posting("x"));
    EXPECT_EQ(got.stage, stage::after_body);
    EXPECT_EQ(got.status, 200);
    EXPECT_THAT(got.error, HasSubstr("broke off"));
}

TEST_F(http_client, keeps_what_came_of_a_reply_that_breaks_off_where_it_is_told) {
    auto what = posting("x");
    what.keep_part = true;
    const auto got = send_to(
        [](tcp::socket s) -> awaitable<void> {
            co_await read_head(s);
            co_await say(s, "HTTP/1.1 206 Part\r\nContent-Length: 100\r\nETag: x\r\n\r\nhalf");
        },
        std::move(what));
    EXPECT_EQ(got.stage, stage::after_body);
    EXPECT_EQ(got.status, 206);
    EXPECT_EQ(got.fields.get("ETag"), "x");
    EXPECT_EQ(text_of(got.body), "half");
    EXPECT_THAT(got.error, HasSubstr("broke off"));
}

TEST_F(http_client, says_before_body_when_nobody_listens) {
    const auto unused = [&] {
        tcp::acceptor probe{b.loop, {boost::asio::ip::address_v4::loopback(), 0}};
        return probe.local_endpoint().port();
    };
    const auto by = b.calling_plain(unused());
    const auto got = send(*by, posting("x"));
    EXPECT_EQ(got.stage, stage::before_body);
    EXPECT_THAT(got.error, HasSubstr("refused"));
    EXPECT_FALSE(got.peer_untrusted);
}

TEST_F(http_client, cuts_a_call_whose_body_is_shorter_than_was_said) {
    auto what = posting("");
    const auto file = b.folder.path() / "short";
    std::ofstream{file} << "abc";
    what.body = {crypto::xml::spliced{crypto::from_file(file, 3, crypto::sha256_of("abc"), true)}};
    what.size = 1000;
    const auto got =
        send_to([](tcp::socket s) -> awaitable<void> { co_await read_head(s); }, std::move(what));
    EXPECT_EQ(got.stage, stage::after_body);
    EXPECT_THAT(got.error, HasSubstr("another size"));
}

TEST_F(http_client, says_before_body_when_its_own_body_cannot_be_read) {
    auto what = posting("");
    const auto file = b.folder.path() / "shorter";
    std::ofstream{file} << "abc";
    const auto source = crypto::from_file(file, 3, crypto::sha256_of("abc"), true);
    what.body = {crypto::xml::spliced{source, crypto::xml::encoding::text}};
    std::filesystem::resize_file(file, 0);
    const auto got =
        send_to([](tcp::socket s) -> awaitable<void> { co_await read_head(s); }, std::move(what));
    EXPECT_EQ(got.stage, stage::before_body);
    EXPECT_FALSE(got.error.empty());
}

TEST_F(http_client, gives_up_a_reply_that_trickles) {
    auto what = posting("x");
    what.reply_timeout = 300ms;
    const auto before = machine_clock().steady();
    const auto got = send_to(
        [](tcp::socket s) -> awaitable<void> {
            co_await read_head(s);
            co_await say(s, "HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n");
            boost::asio::steady_timer beat{s.get_executor()};
            for (int i = 0; i < 40; ++i) {
                co_await say(s, "x");
                beat.expires_after(std::chrono::milliseconds{50});
                co_await beat.async_wait(tuple);
            }
        },
        std::move(what));
    EXPECT_EQ(got.stage, stage::after_body);
    EXPECT_LT(machine_clock().steady() - before, 1500ms);
}

TEST_F(http_client, stops_reading_a_reply_at_its_limit) {
    for (const bool told : {true, false}) {
        auto what = posting("x");
        what.reply_limit = 1 * mib;
        std::uint64_t written = 0;
        forget_peak();
        const auto before = peak_bytes();
        const auto got = send_to(
            [&](tcp::socket s) -> awaitable<void> {
                co_await read_head(s);
                co_await say(s, told ? "HTTP/1.1 200 OK\r\nContent-Length: 1073741824\r\n\r\n"
                                     : "HTTP/1.1 200 OK\r\n\r\n");
                const std::string piece(1 * mib, 'x');
                for (; written < 1 * gib; written += piece.size()) {
                    auto [error, n] =
                        co_await boost::asio::async_write(s, boost::asio::buffer(piece), tuple);
                    if (error) co_return;
                }
            },
            std::move(what));
        EXPECT_EQ(got.stage, stage::after_body);
        EXPECT_TRUE(got.reply_over_limit);
        EXPECT_EQ(got.status, 200);
        EXPECT_EQ(got.body, nullptr);
        EXPECT_LT(written, 64 * mib);
        if (memory_tells) EXPECT_LT(peak_bytes() - before, 32 * mib);
    }
}

TEST_F(http_client, reads_a_refusal_that_comes_while_it_is_still_sending) {
    const auto got = send_to(
        [](tcp::socket s) -> awaitable<void> {
            co_await read_head(s);
            co_await say(s, "HTTP/1.1 413 Too Large\r\nContent-Length: 2\r\n\r\nno");
            boost::asio::steady_timer hold{s.get_executor(), std::chrono::seconds{30}};
            co_await hold.async_wait(tuple);
        },
        posting(std::string(32 * mib, 'x')));
    EXPECT_EQ(got.stage, stage::replied) << got.error;
    EXPECT_EQ(got.status, 413);
    EXPECT_EQ(text_of(got.body), "no");
}

TEST_F(http_client, ends_a_large_body_that_nobody_takes_by_its_deadline) {
    auto what = posting(std::string(32 * mib, 'x'));
    what.total = 300ms;
    const auto got = send_to(
        [](tcp::socket s) -> awaitable<void> {
            boost::asio::steady_timer hold{s.get_executor(), std::chrono::seconds{30}};
            co_await hold.async_wait(tuple);
        },
        std::move(what));
    EXPECT_EQ(got.stage, stage::after_body);
    EXPECT_THAT(got.error, HasSubstr("in time"));
}

// The exchange must outlive whoever listens for an early reply on its connection.
TEST_F(http_client, ends_in_order_when_a_large_body_is_given_up_half_way) {
    for (const bool answered : {true, false}) {
        boost::asio::cancellation_signal give_up;
        bool cut = false;
        raw_server peer{b.loop.get_executor(), [&](tcp::socket s) -> awaitable<void> {
                            co_await read_head(s);
                            std::vector<char> some(1 * mib);
                            co_await boost::asio::async_read(s, boost::asio::buffer(some), tuple);
                            if (answered) {
                                co_await say(s,
                                             "HTTP/1.1 413 No\r\nContent-Length: 0\r\n"
                                             "Connection: close\r\n\r\n");
                                reset(s);
                            }
                            give_up.emit(boost::asio::cancellation_type::terminal);
                            while (!cut) {
                                auto [error, bytes] =
                                    co_await s.async_read_some(boost::asio::buffer(some), tuple);
                                cut = error.failed();
                            }
                        }};
        auto by = b.calling_plain(peer.port());
        std::optional<reply_received> got;
        bool ended = false;
        boost::asio::co_spawn(
            b.loop, by->send(posting(std::string(64 * mib, 'x'))),
            boost::asio::bind_cancellation_slot(give_up.slot(),
                                                [&](std::exception_ptr failed, reply_received end) {
                                                    ended = true;
                                                    if (!failed) got = std::move(end);
                                                }));
        by.reset();  // nobody keeps the connections but the call
        b.run([&]() -> awaitable<void> {
            while (!ended || !cut) co_await boost::asio::post(b.loop, boost::asio::use_awaitable);
        });
        b.loop.restart();
        b.loop.poll();  // whoever still listened would now touch what is gone
        if (got) EXPECT_NE(got->stage, stage::before_body);
    }
}

TEST_F(http_client, leaves_nothing_that_waits_when_it_is_closed) {
    boost::asio::io_context other;  // where the peer lives: ours must run dry
    raw_server peer{other.get_executor(), [](tcp::socket s) -> awaitable<void> {
                        for (;;) {
                            if ((co_await read_head(s)).empty()) co_return;
                            co_await say(s, "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
                        }
                    }};
    std::thread beside{[&] { other.run(); }};
    const auto by = b.calling_plain(peer.port());
    EXPECT_EQ(send(*by, call{.method = "GET"}).status, 200);
    by->close();
    const auto before = machine_clock().steady();
    b.loop.restart();
    b.loop.run_for(std::chrono::seconds{20});
    EXPECT_TRUE(b.loop.stopped()) << "something waits still";
    EXPECT_LT(machine_clock().steady() - before, 5s) << "an idle timer of 30 s";
    other.stop();
    beside.join();
}

TEST_F(http_client, lets_calls_wait_for_a_free_connection_within_their_deadline) {
    raw_server peer{b.loop.get_executor(), [](tcp::socket s) -> awaitable<void> {
                        boost::asio::steady_timer think{s.get_executor()};
                        for (;;) {
                            if ((co_await read_head(s)).empty()) co_return;
                            think.expires_after(std::chrono::milliseconds{100});
                            co_await think.async_wait(tuple);
                            co_await say(s, "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
                        }
                    }};
    const auto by = b.calling_plain(peer.port(), 1);
    std::vector<reply_received> got;
    const auto one = [&](duration total) -> awaitable<void> {
        const call what{.method = "GET", .total = total};
        got.push_back(co_await by->send(what));
    };
    b.run([&]() -> awaitable<void> {
        boost::asio::co_spawn(b.loop, one(10s), boost::asio::detached);
        boost::asio::co_spawn(b.loop, one(100ms), boost::asio::detached);
        boost::asio::co_spawn(b.loop, one(10s), boost::asio::detached);
        while (got.size() < 3) co_await boost::asio::post(b.loop, boost::asio::use_awaitable);
    });
    EXPECT_EQ(got[0].stage, stage::before_body);
    EXPECT_THAT(got[0].error, HasSubstr("busy"));
    EXPECT_TRUE(got[0].not_tried) << "by half of its time";
    EXPECT_FALSE(got[1].not_tried);
    EXPECT_EQ(got[1].status, 200);
    EXPECT_EQ(got[2].status, 200);
    EXPECT_EQ(peer.accepted(), 1u);
}

TEST_F(http_client, takes_http_for_loopback_alone) {
    for (const auto* url : {"http://partner.example/", "ftp://localhost/", "localhost:80",
                            "https:///x", "https://a:b@localhost/"}) {
        const auto made = make_client(b.loop.get_executor(), {.endpoint = url}, b.work);
        ASSERT_FALSE(made) << url;
        EXPECT_THAT(made.error().text, HasSubstr(url));
    }
}

}  // namespace
}  // namespace ecert::http::tests
