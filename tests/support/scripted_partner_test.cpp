// The scripted partner itself, and with it the client's word on how far a call came: whatever the
// partner does, at each step.
#include "tests/support/scripted_partner.hpp"

#include "adapters/http/client.hpp"
#include "tests/unit/adapters/http/bench.hpp"

#include <gmock/gmock.h>

namespace ecert::tests {
namespace {

using http::tests::bench;
using http::tests::pki;
using http::tests::posting;
using testing::HasSubstr;

class scripted : public testing::Test {
  protected:
    bench b;
    scripted_partner partner{b.loop.get_executor(), b.work, http::plain_listener{}};
    std::unique_ptr<http::client> by = b.calling_plain(partner.port());

    http::reply_received send(http::call what = posting("hello")) {
        return b.run([&] { return by->send(std::move(what)); });
    }
    static http::call hasty(std::string body = "hello") {
        auto what = posting(std::move(body));
        what.reply_timeout = 200ms;
        return what;
    }
};

struct step {
    const char* name;
    behaviour what;
    http::stage stage;
    int status;
};

TEST_F(scripted, every_break_has_its_stage) {
    using http::stage;
    const step steps[] = {
        {"silence", behaviour::silence(), stage::after_body, 0},
        {"deafness", behaviour::deafness(), stage::after_body, 0},
        {"trickle", behaviour::trickle(10ms), stage::after_body, 200},
        {"reset before", behaviour::reset_before_body(), stage::after_body, 0},
        {"reset after", behaviour::reset_after_body(), stage::after_body, 0},
        {"half a reply", behaviour::half_a_reply(), stage::after_body, 200},
        {"no http", behaviour::raw("hello?\r\n\r\n"), stage::after_body, 0},
        {"flood", behaviour::flood(), stage::after_body, 200},
        {"busy", behaviour::busy(7), stage::replied, 503},
        {"unauthorised", behaviour::unauthorised(), stage::replied, 401},
        {"gateway", behaviour::bad_gateway(), stage::replied, 502},
        {"fault", behaviour::fault("Receiver", "full"), stage::replied, 500},
        {"fault in 200", behaviour::fault("Receiver", "full", 200), stage::replied, 200},
        {"delay", behaviour::answer(200).after(20ms), stage::replied, 200},
        {"well", behaviour::pass(), stage::replied, 200},
    };
    for (const auto& one : steps) {
        partner.expect().reply(one.what);
        const auto got = send(hasty());
        EXPECT_EQ(got.stage, one.stage) << one.name << ": " << got.error;
        EXPECT_EQ(got.status, one.status) << one.name;
        EXPECT_EQ(got.error.empty(), got.stage == stage::replied) << one.name;
    }
    EXPECT_EQ(partner.unused(), 0u);
}

TEST_F(scripted, a_connection_that_is_reset_or_silent_from_the_start) {
    partner.next_connection(behaviour::reset_before_body());
    EXPECT_NE(send(hasty()).stage, http::stage::replied);
    partner.next_connection(behaviour::silence());
    EXPECT_EQ(send(hasty()).stage, http::stage::after_body);
    EXPECT_EQ(send().status, 200);
    EXPECT_EQ(partner.connections(), 3u);
}

TEST_F(scripted, lines_are_taken_by_the_requests_that_fit_as_often_as_told) {
    partner.expect("red").reply(behaviour::answer(401)).times(2);
    partner.expect("green").reply(behaviour::answer(402)).always();
    EXPECT_EQ(send(posting("green")).status, 402);
    EXPECT_EQ(send(posting("red")).status, 401);
    EXPECT_EQ(send(posting("red")).status, 401);
    EXPECT_EQ(send(posting("red")).status, 200);
    EXPECT_EQ(send(posting("green")).status, 402);
    ASSERT_EQ(partner.seen().size(), 5u);
    EXPECT_EQ(partner.seen()[1].text(), "red");
    EXPECT_EQ(partner.unused(), 0u);
}

TEST_F(scripted, a_large_body_may_be_refused_before_it_has_come) {
    partner.expect().reply(behaviour::too_large());
    EXPECT_EQ(send(posting(std::string(32 * mib, 'x'))).status, 413);
}

TEST_F(scripted, what_no_line_is_for_goes_to_the_handler_that_behaves) {
    scripted_partner tls{b.loop.get_executor(), b.work, pki::get().listener(),
                         [](http::incoming& request) -> awaitable<http::response> {
                             const auto body = co_await request.read_body(100);
                             co_return http::reply(
                                 200, "text/plain",
                                 crypto::read_all(**body, 100) + request.peer()->subject());
                         }};
    const auto client = b.calling(tls.port(), pki::get().channel());
    tls.expect().reply(behaviour::busy(1));
    const auto ask = [&] { return b.run([&] { return client->send(posting("hi ")); }); };
    EXPECT_EQ(ask().status, 503);
    EXPECT_THAT(http::tests::text_of(ask().body), HasSubstr("hi CN=CN-client"));
}

}  // namespace
}  // namespace ecert::tests
