#include "tests/unit/adapters/engine/two_nodes.hpp"

namespace ecert::tests {
namespace {

using queue::outcome_class;
using queue::outcome_scope;

struct call : testing::Test {
    two_nodes nodes{load_dialect(built_in_dialects(), "node")};
};

TEST_F(call, a_certificate_is_delivered_and_its_receipt_proven) {
    const std::string certificate{
        "<?xml version=\"1.0\"?><SPSCertificate>a &amp; b</SPSCertificate>"};
    const auto o = nodes.deliver(certificate);
    ASSERT_EQ(o.what, outcome_class::delivered) << o.text;
    ASSERT_TRUE(nodes.seen);
    EXPECT_EQ(crypto::read_all(*nodes.seen->content, 1000), certificate);
    EXPECT_EQ(nodes.seen->envelope, (queue::envelope{"CN", "NZ", "CN/2026/0001 <&\"'>", 851, 70}));
    const auto sent = two_nodes::delivery(*crypto::from_memory(certificate));
    EXPECT_EQ(nodes.seen->message_id, queue::urn(sent.message));
    EXPECT_EQ(o.reference, queue::urn(sent.message));
    EXPECT_EQ(o.peer_digest, crypto::sha256_of(certificate));
    EXPECT_EQ(nodes.seen->signer, signing_certificate("CN").subject());
    EXPECT_NE(nodes.seen->signature, crypto::sha256{});
}

TEST_F(call, without_a_connection_of_ours_the_task_goes_back_unspent) {
    struct busy_client final : http::client {
        awaitable<http::reply_received> send(http::call) override {
            http::reply_received none;
            none.error = "all 16 connections to nz were busy";
            none.not_tried = true;
            co_return none;
        }
        void close() override {}
    };
    nodes.caller_->client->close();
    nodes.caller_->client = std::make_shared<busy_client>();
    const auto o = nodes.deliver("<a/>");
    EXPECT_EQ(o.what, outcome_class::returned);
    EXPECT_EQ(o.text, "all 16 connections to nz were busy");
}

TEST_F(call, evidence_holds_the_request_around_the_content_and_the_reply) {
    const std::string certificate(300'000, 'x');
    const auto o = nodes.deliver(certificate);
    ASSERT_EQ(o.what, outcome_class::delivered) << o.text;
    EXPECT_TRUE(o.exchange.request_head.find("<n:Deliver") != std::string::npos);
    EXPECT_TRUE(o.exchange.request_head.ends_with(">"));
    EXPECT_TRUE(
        o.exchange.request_tail.starts_with("</n:Content></n:Deliver></s:Body></s:Envelope>"));
    EXPECT_EQ(o.exchange.request_digest,
              crypto::sha256_of(o.exchange.request_head + certificate + o.exchange.request_tail));
    EXPECT_EQ(o.exchange.request_size,
              o.exchange.request_head.size() + certificate.size() + o.exchange.request_tail.size());
    EXPECT_EQ(o.exchange.status, 200);
    EXPECT_EQ(o.exchange.reply_digest, crypto::sha256_of(o.exchange.reply));
    EXPECT_LE(o.exchange.started, o.exchange.ended);
}

TEST_F(call, an_answer_is_carried_as_an_acknowledgement_of_un_cefact) {
    auto task = two_nodes::delivery(*crypto::from_memory("x"));
    task.verb = queue::verb::respond;
    task.relates_to = queue::derive({"their", "delivery"});
    task.answer = queue::answer{41, "residues above the limit & \"more\"", "en"};
    const auto o = nodes.call(task, nullptr);
    ASSERT_EQ(o.what, outcome_class::done) << o.text;
    EXPECT_EQ(nodes.seen->relates_to, queue::urn(*task.relates_to));
    EXPECT_EQ(nodes.seen->fields.at("answer_status"), "41");
    EXPECT_EQ(nodes.seen->fields.at("answer_reason"), "residues above the limit & \"more\"");
    EXPECT_EQ(nodes.seen->fields.at("answer_language"), "en");
}

TEST_F(call, same_input_gives_the_same_body) {
    const auto first = nodes.deliver("<a/>");
    const auto second = nodes.deliver("<a/>");
    const auto body_of = [](const queue::outcome& o) {
        return o.exchange.request_head.substr(o.exchange.request_head.find("<s:Body")) +
               o.exchange.request_tail;
    };
    EXPECT_EQ(body_of(first), body_of(second));
}

TEST_F(call, nobody_listening_is_temporary) {
    nodes.caller_->profile.endpoint = "http://127.0.0.1:1/node";
    nodes.caller_->client = nodes.make_client();
    const auto o = nodes.deliver("<a/>");
    EXPECT_EQ(o.what, outcome_class::temporary) << o.text;
    EXPECT_FALSE(o.text.empty());
}

TEST_F(call, a_verb_the_dialect_does_not_have_stops_the_task_alone) {
    auto task = two_nodes::delivery(*crypto::from_memory("x"));
    task.verb = queue::verb::track;
    const auto o = nodes.call(task, nullptr);
    EXPECT_EQ(o.what, outcome_class::misconfigured);
    EXPECT_EQ(o.scope, outcome_scope::task);
}

TEST_F(call, a_key_that_is_not_there_stops_the_channel) {
    nodes.caller_->profile.signing_key = "nobody";
    const auto o = nodes.deliver("<a/>");
    EXPECT_EQ(o.what, outcome_class::misconfigured);
    EXPECT_EQ(o.scope, outcome_scope::channel);
    EXPECT_FALSE(nodes.seen);
}

TEST_F(call, a_number_that_xml_cannot_carry_stops_the_task_alone) {
    auto task = two_nodes::delivery(*crypto::from_memory("x"));
    task.envelope.number = std::string{"bad\0number", 10};
    const auto o = nodes.call(task, crypto::from_memory("x"));
    EXPECT_EQ(o.what, outcome_class::misconfigured);
    EXPECT_EQ(o.scope, outcome_scope::task);
    EXPECT_TRUE(o.text.find("number") != std::string::npos) << o.text;
}

TEST_F(call, the_partners_address_is_what_the_envelope_says) {
    nodes.to_.address = "NZ2";
    ASSERT_EQ(nodes.deliver("<a/>").what, outcome_class::delivered);
    EXPECT_EQ(nodes.seen->envelope.to, "NZ2");
}

TEST_F(call, what_is_large_travels_from_file_to_file) {
    std::ofstream out{nodes.tools().spool_folder / "big", std::ios::binary};
    crypto::sha256_digester digest;
    const auto line = std::string(64 * 1024 - 101, 'x') + std::string(100, '<');
    std::uint64_t size = 0;
    for (int i = 0; i < 48; ++i) {
        out << line << "\r";
        digest.update(line + "\r");
        size += line.size() + 1;
    }
    out.close();
    auto content = crypto::from_file(nodes.tools().spool_folder / "big", size,
                                     std::move(digest).finish(), true);
    const auto o = nodes.call(two_nodes::delivery(*content), content);
    ASSERT_EQ(o.what, outcome_class::delivered) << o.text;
    EXPECT_EQ(nodes.seen->content->digest(), content->digest());
    EXPECT_EQ(nodes.seen->content->in_memory(), nullptr);
}

}  // namespace
}  // namespace ecert::tests
