// Whoever sits between the two nodes changes what comes back: nothing of it may ever count as
// delivered.
#include "adapters/soap/fault.hpp"
#include "adapters/soap/write.hpp"
#include "tests/unit/adapters/engine/two_nodes.hpp"

namespace ecert::tests {
namespace {

using queue::outcome_class;
using queue::outcome_scope;

struct tampered_reply : testing::Test {
    two_nodes nodes{load_dialect(built_in_dialects(), "node")};
    // One delivery whose reply is changed like this.
    queue::outcome changed(std::function<std::string(std::string)> how) {
        nodes.on_the_way_back = [how](http::response r) {
            auto text = how(text_of(r));
            return with_text(std::move(r), std::move(text));
        };
        return nodes.deliver("<certificate/>");
    }
};

std::string without(std::string text, const std::string& from, const std::string& to) {
    const auto a = text.find(from), b = text.find(to);
    if (a == std::string::npos || b == std::string::npos)
        throw std::runtime_error("the reply has no " + from);
    return text.erase(a, b + to.size() - a);
}

TEST_F(tampered_reply, untouched_it_is_delivered) {
    EXPECT_EQ(changed([](std::string text) { return text; }).what, outcome_class::delivered);
}

TEST_F(tampered_reply, without_its_signature_it_proves_nothing) {
    const auto o = changed(
        [](std::string text) { return without(text, "<wsse:Security", "</wsse:Security>"); });
    EXPECT_EQ(o.what, outcome_class::unrecognised) << o.text;
    EXPECT_FALSE(o.exchange.reply.empty());
}

TEST_F(tampered_reply, with_another_receiver_in_it_it_proves_nothing) {
    const auto o = changed(
        [](std::string text) { return replaced(text, "<n:Receiver>NZ", "<n:Receiver>XX"); });
    EXPECT_EQ(o.what, outcome_class::unrecognised) << o.text;
    EXPECT_NE(o.text.find("not proven"), std::string::npos) << o.text;
}

TEST_F(tampered_reply, relating_to_another_message_it_proves_nothing) {
    const auto ours =
        queue::urn(two_nodes::delivery(*crypto::from_memory("<certificate/>")).message);
    const auto o = changed([&](std::string text) {
        return replaced(text, ours, "urn:uuid:00000000-0000-0000-0000-000000000000");
    });
    EXPECT_EQ(o.what, outcome_class::unrecognised) << o.text;
}

// A good reply to one certificate must not settle another.
TEST_F(tampered_reply, the_reply_to_another_certificate_proves_nothing) {
    std::string kept;
    changed([&](std::string text) { return kept = text; });
    nodes.on_the_way_back = [&](http::response r) { return with_text(std::move(r), kept); };
    const auto o = nodes.deliver("<another/>");
    EXPECT_EQ(o.what, outcome_class::unrecognised) << o.text;
    EXPECT_NE(o.text.find("another message"), std::string::npos) << o.text;
}

TEST_F(tampered_reply, signed_by_a_stranger_it_proves_nothing) {
    nodes.server_channel_->profile.signing_key = "XX";
    const auto o = nodes.deliver("<certificate/>");
    EXPECT_EQ(o.what, outcome_class::unrecognised) << o.text;
}

// A fault nobody proved neither refuses a certificate nor opens a circuit; a busy server needs no
// proof.
TEST_F(tampered_reply, an_unsigned_fault_refuses_nothing) {
    const auto fault = [&](const char* code, const char* subcode) {
        return changed([=](std::string) {
                   const auto text =
                       soap::write_fault(soap::version::v1_2, code, subcode, "so we say");
                   return crypto::xml::to_string(
                       soap::assemble(soap::version::v1_2, {}, "",
                                      soap::make_body(soap::version::v1_2, {text}), "urn:x")
                           .parts,
                       1 << 20);
               })
            .what;
    };
    EXPECT_EQ(fault("Sender", ""), outcome_class::unrecognised);
    EXPECT_EQ(fault("Sender", "wsse:FailedAuthentication"), outcome_class::unrecognised);
    EXPECT_EQ(fault("Receiver", ""), outcome_class::temporary);
}

TEST_F(tampered_reply, cut_off_or_mangled_it_is_kept_and_proves_nothing) {
    for (const std::string text :
         {"", "<", "<html>no</html>",
          "<!DOCTYPE x [<!ENTITY y SYSTEM \"file:///etc/hostname\">]><x>&y;</x>"}) {
        const auto o = changed([&](std::string) { return text; });
        EXPECT_EQ(o.what, outcome_class::unrecognised) << text;
        EXPECT_EQ(o.exchange.reply, text);
    }
    const auto half = changed([](std::string text) { return text.substr(0, text.size() / 2); });
    EXPECT_EQ(half.what, outcome_class::unrecognised);
}

TEST_F(tampered_reply, a_receipt_for_other_content_is_a_duplicate_with_their_digest) {
    const auto theirs = crypto::sha256_of("something else");
    nodes.facts = [&](engine::facts& known) { known["digest"] = theirs.hex(); };
    const auto o = nodes.deliver("<certificate/>");
    EXPECT_EQ(o.what, outcome_class::duplicate) << o.text;
    EXPECT_EQ(o.peer_digest, theirs);
}

TEST_F(tampered_reply, a_wrong_clock_is_misconfigured_and_not_a_refusal) {
    nodes.server_channel_->profile.timestamp_skew = duration{-3'600'000};
    const auto o = nodes.deliver("<certificate/>");
    EXPECT_EQ(o.what, outcome_class::misconfigured) << o.text;
    EXPECT_EQ(o.scope, outcome_scope::channel);
}

TEST_F(tampered_reply, faults_of_the_application_are_classified_by_code_and_subcode) {
    const auto answered = [&](engine::fault with) {
        nodes.judge = [with](const engine::served&) { return std::optional{with}; };
        return nodes.deliver("<certificate/>");
    };
    EXPECT_EQ(answered({true, "Conflict", "other content under this id"}).what,
              outcome_class::refused);
    EXPECT_EQ(answered({true, "Forbidden", "From is not you"}).what, outcome_class::refused);
    EXPECT_EQ(answered({false, "Broken", "our disk"}).what, outcome_class::temporary);
    const auto busy = answered({false, "Busy", "later", 17});
    EXPECT_EQ(busy.what, outcome_class::temporary);
    EXPECT_EQ(busy.retry_after, duration{17'000});
    EXPECT_EQ(busy.exchange.status, 503);
    EXPECT_NE(busy.text.find("later"), std::string::npos);
}

}  // namespace
}  // namespace ecert::tests
