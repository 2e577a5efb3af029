// A node's engine delivers to the sink over mutual TLS, and its authority answers back.
#include "tests/support/sink/door.hpp"

#include "crypto/xml/document.hpp"
#include "tests/unit/adapters/http/bench.hpp"

#include <gmock/gmock.h>

namespace ecert::sink {
namespace {

using http::tests::bench;
using http::tests::pki;

// One country's configuration, keys and channels.
class country {
  public:
    country(bench& b, const std::string& name, const std::string& peer, std::string url) : b_{b} {
        const auto& keys = pki::get();
        auto told = std::make_shared<configuration>();
        told->folder = b.folder.path();
        told->node.name = name;
        told->node.dialects = std::filesystem::path{ECERT_SOURCE_DIR} / "adapters/dialects";
        channel_settings over;
        over.name = "line";
        over.dialect = "node";
        over.endpoint = std::move(url);
        over.tls_certificate = keys.file(name + "-client.pem");
        over.tls_key = keys.file(name + "-client.key");
        over.tls_ca = keys.file("ca.pem");
        over.identity = {{.pin = keys.file(peer + "-client.pem")}};
        over.signing_key = name;
        over.signing_certificates = {keys.file(peer + "-signing.pem")};
        told->channels[over.name] = over;
        partner_settings to;
        to.name = peer;
        to.channel = over.name;
        told->partners[peer] = to;
        told->keys[name] = {name, keys.file(name + "-signing.key"),
                            keys.file(name + "-signing.pem")};
        auto made =
            engine::make_snapshot(b.loop.get_executor(), told, b.work, b.folder.path(), nullptr);
        for (const auto& wrong : made.found)
            ADD_FAILURE() << wrong.id << ' ' << wrong.where << ' ' << wrong.value;
        profiles = made.value;
    }
    engine::tools tools() { return {b_.work, machine_clock(), {}, b_.folder.path()}; }

    engine::snapshot_ptr profiles;

  private:
    bench& b_;
};

class a_sink : public testing::Test {
  protected:
    crypto::xml::library xml;
    bench b;
    std::filesystem::path log = b.folder.path() / "received.jsonl";
    std::vector<engine::served> answers_seen;
    std::optional<country> cn, nz;
    std::optional<book> received;
    std::optional<answers> authority;
    std::optional<door> parts;
    std::unique_ptr<http::server> cn_door, nz_door;

    void start(sink::authority who) {
        cn_door = b.serving_tls([this](http::incoming& r) { return take_answer(r); });
        nz.emplace(b, "NZ", "CN", url(*cn_door));
        received.emplace(b.loop.get_executor(), b.work, log, b.folder.path() / "store");
        authority.emplace(b.loop.get_executor(), nz->tools(), nz->profiles, who,
                          b.folder.path() / "answered");
        parts.emplace(nz->tools(), nz->profiles, *received, *authority);
        nz_door = b.serving_tls(make_handler(*parts));
        cn.emplace(b, "CN", "NZ", url(*nz_door));
    }
    static std::string url(const http::server& of) {
        return "https://localhost:" + std::to_string(of.port()) + "/node";
    }

    queue::outcome deliver(const std::string& id, const std::string& content,
                           const std::string& to = "NZ") {
        const auto over = cn->profiles->channel_of("NZ");
        auto partner = *cn->profiles->partner("NZ");
        partner.address = to;
        queue::task what;
        what.message = queue::derive({id});
        what.id = queue::task_id(what.message, "deliver");
        what.attempt = 1;
        what.envelope = {"CN", to, "CN/2026/1 <&>", 851, 70};
        return b.run([&] {
            return engine::call(cn->tools(), over, partner, what, crypto::from_memory(content),
                                nullptr, nullptr);
        });
    }

  private:
    awaitable<http::response> take_answer(http::incoming& request) {
        const auto over = cn->profiles->channel_of("NZ");
        const auto body = co_await request.read_body(1 * mib);
        auto asked = co_await engine::read_request(cn->tools(), over, request.head(), *body);
        if (!asked) co_return co_await engine::write_fault(cn->tools(), over, "", asked.error());
        engine::facts known{{"message_id", asked->message_id}, {"receiver", "CN"}};
        const auto receipt = co_await engine::render_reply(cn->tools(), over, *asked, known);
        answers_seen.push_back(*asked);
        co_return co_await engine::write_reply(cn->tools(), over, *asked, *receipt);
    }
};

TEST_F(a_sink, gives_a_receipt_that_the_engine_believes_and_the_same_one_again) {
    start(sink::authority::silent);
    const auto first = deliver("m1", "<certificate/>");
    EXPECT_EQ(first.what, queue::outcome_class::delivered) << first.text;
    const auto lines = append_log{log}.lines();
    ASSERT_EQ(lines.size(), 1u);
    EXPECT_THAT(lines[0], testing::HasSubstr(crypto::sha256_of("<certificate/>").hex()));
    EXPECT_THAT(lines[0], testing::HasSubstr("CN/2026/1 <&>"));
    const auto again = deliver("m1", "<certificate/>");
    EXPECT_EQ(again.what, queue::outcome_class::delivered) << again.text;
    EXPECT_EQ(append_log{log}.lines().size(), 1u);
    EXPECT_EQ(authority->given(), 0u);
}

TEST_F(a_sink, refuses_other_content_under_a_known_id_and_what_is_not_for_it) {
    start(sink::authority::silent);
    deliver("m1", "<certificate/>");
    EXPECT_EQ(deliver("m1", "<other/>").what, queue::outcome_class::refused);
    EXPECT_EQ(deliver("m2", "<certificate/>", "XX").what, queue::outcome_class::refused);
    EXPECT_EQ(append_log{log}.lines().size(), 1u);
}

TEST_F(a_sink, knows_its_partners_by_their_certificates_alone) {
    start(sink::authority::silent);
    const auto by = b.calling(nz_door->port(), pki::get().channel("NZ-client"));
    auto what = http::tests::posting("<x/>");
    what.target = "/node";
    EXPECT_EQ(b.run([&] { return by->send(what); }).status, 401);
}

TEST_F(a_sink, answers_once_for_its_authority) {
    start(sink::authority::rejects);
    const auto sent = deliver("m1", "<certificate/>");
    deliver("m1", "<certificate/>");
    b.run([&]() -> awaitable<void> {
        while (authority->given() == 0)
            co_await boost::asio::post(b.loop, boost::asio::use_awaitable);
    });
    deliver("m1", "<certificate/>");
    ASSERT_EQ(answers_seen.size(), 1u);
    auto& answer = answers_seen.front();
    EXPECT_EQ(answer.operation->verb, engine::serve_verb::respond);
    EXPECT_EQ(answer.fields["answer_status"], "41");
    EXPECT_EQ(answer.fields["relates_to"], queue::urn(queue::derive({"m1"})));
    EXPECT_EQ(answer.envelope.number, "CN/2026/1 <&>");
}

}  // namespace
}  // namespace ecert::sink
