// What a dialect may choose and `node` does not: no signatures, SOAP 1.1, no addressing headers.
// Two nodes speak each choice over real HTTP.
#include "tests/unit/adapters/engine/two_nodes.hpp"

#include <gmock/gmock.h>

namespace ecert::tests {
namespace {

using queue::outcome_class;
using ::testing::HasSubstr;
using ::testing::Not;

constexpr auto soap11 = "http://schemas.xmlsoap.org/soap/envelope/";
constexpr auto soap12 = "http://www.w3.org/2003/05/soap-envelope";

struct choice {
    const char* folder;
    bool v1_1, is_signed, addressed;
};

std::ostream& operator<<(std::ostream& to, const choice& c) { return to << c.folder; }

class profiles : public testing::TestWithParam<choice> {
  protected:
    two_nodes nodes{load_dialect(fs::path{ECERT_SOURCE_DIR} / "tests/unit/adapters/engine/dialects",
                                 GetParam().folder)};

    std::string sender_code() const { return GetParam().v1_1 ? "Client" : "Sender"; }
    std::string receiver_code() const { return GetParam().v1_1 ? "Server" : "Receiver"; }

    // What a message of this dialect has around its Body, and what it has not.
    void expect_dressed(const std::string& message) const {
        const auto& c = GetParam();
        EXPECT_THAT(message, HasSubstr(c.v1_1 ? soap11 : soap12));
        EXPECT_THAT(message, Not(HasSubstr(c.v1_1 ? soap12 : soap11)));
        EXPECT_EQ(message.find("wsse:Security") != std::string::npos, c.is_signed) << message;
        EXPECT_EQ(message.find("<wsa:") != std::string::npos, c.addressed) << message;
    }
    void refuse_with(bool sender, const std::string& code, std::optional<unsigned> after = {}) {
        nodes.judge = [=](const engine::served&) {
            return engine::fault{sender, code, "Not this one", after, ""};
        };
    }
};

TEST_P(profiles, a_certificate_is_delivered_and_its_receipt_believed) {
    for (const auto& bytes : {std::string{"<c>\r]]> & </c>"}, std::string{"\0\1", 2}}) {
        const auto o = nodes.deliver(bytes);
        ASSERT_EQ(o.what, outcome_class::delivered) << o.text;
        EXPECT_EQ(crypto::read_all(*nodes.seen->content, 1000), bytes);
        EXPECT_EQ(nodes.seen->envelope.number, "CN/2026/0001 <&\"'>");
        EXPECT_EQ(o.reference, nodes.seen->message_id);
        EXPECT_EQ(nodes.seen->signer.empty(), !GetParam().is_signed);
        expect_dressed(o.exchange.request_head);
        expect_dressed(o.exchange.reply);
    }
}

TEST_P(profiles, the_http_around_it_is_of_its_soap_version) {
    nodes.on_the_way_back = [](http::response r) {
        EXPECT_THAT(std::string{r.fields.get("Content-Type")},
                    HasSubstr(GetParam().v1_1 ? "text/xml" : "application/soap+xml"));
        return r;
    };
    ASSERT_EQ(nodes.deliver("<c/>").what, outcome_class::delivered);
    const std::string type{nodes.sent_with.get("Content-Type")};
    const std::string action{nodes.sent_with.get("SOAPAction")};
    if (GetParam().v1_1) {
        EXPECT_THAT(type, HasSubstr("text/xml"));
        EXPECT_EQ(action, "\"urn:test:line:Deliver\"");
    } else {
        EXPECT_THAT(type, HasSubstr("application/soap+xml"));
        EXPECT_THAT(type, HasSubstr("action=\"urn:test:line:Deliver\""));
        EXPECT_EQ(action, "");
    }
}

TEST_P(profiles, a_refusal_is_told_in_their_words) {
    refuse_with(true, "Forbidden");
    const auto o = nodes.deliver("<c/>");
    EXPECT_EQ(o.what, outcome_class::refused) << o.text;
    EXPECT_EQ(o.exchange.status, GetParam().v1_1 ? 500 : 400);
    EXPECT_THAT(o.text, HasSubstr(sender_code() + "/Forbidden: Not this one"));
    expect_dressed(o.exchange.reply);
}

TEST_P(profiles, a_fault_of_theirs_is_temporary_and_says_when) {
    refuse_with(false, "Busy", 30);
    const auto o = nodes.deliver("<c/>");
    EXPECT_EQ(o.what, outcome_class::temporary) << o.text;
    EXPECT_EQ(o.retry_after, duration{30'000});
    EXPECT_THAT(o.text, HasSubstr(receiver_code() + "/Busy"));
}

TEST_P(profiles, a_receipt_for_other_content_proves_nothing) {
    nodes.facts = [](engine::facts& known) {
        known["digest"] = crypto::sha256_of("something else").hex();
    };
    EXPECT_EQ(nodes.deliver("<c/>").what, outcome_class::duplicate);
}

TEST_P(profiles, a_body_of_no_operation_gets_a_fault) {
    nodes.on_the_way_there = [](std::string message) {
        return replaced(std::move(message), "t:Deliver", "t:Undo");
    };
    const auto o = nodes.deliver("<c/>");
    EXPECT_FALSE(nodes.seen);
    ASSERT_TRUE(nodes.refused);
    EXPECT_EQ(nodes.refused->subcode,
              GetParam().is_signed ? "wsse:FailedCheck" : "ActionNotSupported");
    EXPECT_EQ(o.what, GetParam().is_signed ? outcome_class::misconfigured : outcome_class::refused)
        << o.text;
}

TEST_P(profiles, another_soap_version_is_a_mismatch) {
    const auto& c = GetParam();
    nodes.on_the_way_there = [&](std::string message) {
        return replaced(std::move(message), c.v1_1 ? soap11 : soap12, c.v1_1 ? soap12 : soap11);
    };
    EXPECT_EQ(nodes.deliver("<c/>").what, outcome_class::misconfigured);
    ASSERT_TRUE(nodes.refused);
    EXPECT_EQ(nodes.refused->subcode, "VersionMismatch");
}

TEST_P(profiles, a_reply_to_another_message_is_held_against_its_relation_or_its_receipt) {
    nodes.on_the_way_back = [](http::response r) {
        auto text = text_of(r);
        for (const auto* tag : {"<wsa:RelatesTo", "</wsa:RelatesTo"})
            text = replaced(std::move(text), tag, replaced(tag, "RelatesTo", "Elsewhere"));
        return with_text(std::move(r), std::move(text));
    };
    const auto o = nodes.deliver("<c/>");
    EXPECT_EQ(o.what == outcome_class::delivered, !GetParam().addressed) << o.text;
}

INSTANTIATE_TEST_SUITE_P(every, profiles,
                         testing::Values(choice{"unsigned", false, false, true},
                                         choice{"soap11", true, true, true},
                                         choice{"unaddressed", false, true, false},
                                         choice{"bare", true, false, false}),
                         [](const auto& of) { return std::string{of.param.folder}; });

}  // namespace
}  // namespace ecert::tests
