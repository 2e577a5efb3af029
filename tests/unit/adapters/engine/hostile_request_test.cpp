// Whoever sits between the two nodes changes what goes out, or writes messages of their own.
#include "tests/unit/adapters/engine/two_nodes.hpp"

namespace ecert::tests {
namespace {

struct hostile_request : testing::Test {
    two_nodes nodes{load_dialect(built_in_dialects(), "node")};
    // A delivery whose request is changed like this: the subcode it is refused with; empty: it was
    // taken.
    std::string refusal(std::function<std::string(std::string)> how,
                        const std::string& certificate = "<certificate/>") {
        nodes.on_the_way_there = std::move(how);
        nodes.seen.reset();
        nodes.refused.reset();
        nodes.deliver(certificate);
        EXPECT_NE(nodes.seen.has_value(), nodes.refused.has_value());
        return nodes.refused ? nodes.refused->subcode : "";
    }
};

TEST_F(hostile_request, untouched_it_is_taken) {
    EXPECT_EQ(refusal([](std::string text) { return text; }), "");
}

TEST_F(hostile_request, changed_content_envelope_or_header_fails_the_check) {
    EXPECT_EQ(refusal([](std::string text) {
                  return replaced(text, "&lt;certificate", "&lt;certificatf");
              }),
              "wsse:FailedCheck");
    EXPECT_EQ(
        refusal([](std::string text) { return replaced(text, "<n:Status>70", "<n:Status>40"); }),
        "wsse:FailedCheck");
    EXPECT_EQ(refusal([](std::string text) {
                  return replaced(text, "urn:ecert:node:1:Deliver<", "urn:ecert:node:1:Respond<");
              }),
              "wsse:FailedCheck");
}

TEST_F(hostile_request, without_a_signature_it_is_refused_and_says_no_more_than_that) {
    const auto subcode = refusal([](std::string text) {
        const auto a = text.find("<wsse:Security"), b = text.find("</wsse:Security>");
        return text.erase(a, b + 16 - a);
    });
    EXPECT_TRUE(subcode.starts_with("wsse:")) << subcode;
}

TEST_F(hostile_request, signed_by_a_stranger_it_is_refused) {
    nodes.caller_->profile.signing_key = "XX";
    EXPECT_TRUE(refusal([](std::string text) { return text; }).starts_with("wsse:"));
}

TEST_F(hostile_request, soap_1_1_is_a_version_mismatch) {
    EXPECT_EQ(refusal([](std::string text) {
                  return replaced(text, "http://www.w3.org/2003/05/soap-envelope",
                                  "http://schemas.xmlsoap.org/soap/envelope/");
              }),
              "VersionMismatch");
    EXPECT_EQ(
        nodes
            .post("<s:Envelope "
                  "xmlns:s=\"http://schemas.xmlsoap.org/soap/envelope/\"><s:Body/></s:Envelope>")
            .status,
        500);
}

TEST_F(hostile_request, an_unknown_header_that_must_be_understood_is_not_understood) {
    EXPECT_EQ(refusal([](std::string text) {
                  return replaced(text, "<s:Header>",
                                  "<s:Header><h:X xmlns:h=\"urn:h\" s:mustUnderstand=\"1\"></h:X>");
              }),
              "MustUnderstand");
}

TEST_F(hostile_request, what_is_no_message_is_invalid) {
    for (const std::string text : {"", "x", "<a/>", "<!DOCTYPE a><a/>"})
        EXPECT_EQ(refusal([&](std::string) { return text; }), "InvalidMessage") << text;
}

TEST_F(hostile_request, a_fault_tells_which_message_it_answers) {
    refusal([](std::string text) { return replaced(text, "<n:Status>70", "<n:Status>40"); });
    EXPECT_EQ(nodes.refused->relates_to,
              queue::urn(two_nodes::delivery(*crypto::from_memory("<certificate/>")).message));
}

// What a partner's own software may get wrong while its signature is good: the dialect of the
// caller is changed, not the message.
struct wrong_dialect : testing::Test {
    temporary_folder folder{"ecert-wrong"};
    std::string refusal(const std::string& file, const std::string& from, const std::string& to) {
        const auto copy = folder.path() / "node";
        fs::remove_all(copy);
        fs::copy(built_in_dialects() / "node", copy, fs::copy_options::recursive);
        fs::remove_all(copy / "fixtures");
        std::ifstream in{copy / file, std::ios::binary};
        const std::string text{std::istreambuf_iterator<char>{in}, {}};
        const auto changed = replaced(text, from, to);
        EXPECT_NE(text, changed) << from;
        std::ofstream{copy / file, std::ios::binary} << changed;
        two_nodes nodes{load_dialect(built_in_dialects(), "node")};
        nodes.caller_->dialect = load_dialect(folder.path(), "node");
        nodes.deliver("<certificate/>");
        return nodes.refused ? nodes.refused->subcode : "";
    }
};

TEST_F(wrong_dialect, a_size_or_digest_that_is_not_the_contents_is_refused) {
    EXPECT_EQ(refusal("call/deliver.xsl", "size=\"{ec:content/@size}\"", "size=\"7\""),
              "ContentMismatch");
    EXPECT_EQ(refusal("call/deliver.xsl", "sha256=\"{ec:content/@sha256}\"", "sha256=\"00\""),
              "ContentMismatch");
}

TEST_F(wrong_dialect, another_action_than_the_bodys_is_refused) {
    EXPECT_EQ(refusal("dialect.toml", "action = \"urn:ecert:node:1:Deliver\"",
                      "action = \"urn:ecert:node:1:Respond\""),
              "ActionMismatch");
}

TEST_F(wrong_dialect, an_unknown_operation_is_refused) {
    EXPECT_EQ(refusal("call/deliver.xsl", "n:Deliver>", "n:Send>"), "ActionNotSupported");
}

TEST_F(wrong_dialect, content_twice_or_not_at_all_is_refused) {
    EXPECT_EQ(refusal("call/deliver.xsl", "n:Content", "n:Stuff"), "InvalidMessage");
    EXPECT_EQ(refusal("call/deliver.xsl", "<xsl:apply-templates select=\"ec:envelope\"/>",
                      "<xsl:apply-templates select=\"ec:envelope\"/><n:Content>x</n:Content>"),
              "InvalidMessage");
}

TEST_F(wrong_dialect, a_code_that_is_no_number_is_refused) {
    EXPECT_EQ(refusal("call/envelope.xsl", "<xsl:value-of select=\"ec:status\"/>", "seventy"),
              "InvalidMessage");
    EXPECT_EQ(refusal("call/envelope.xsl", "<xsl:value-of select=\"ec:type\"/>", ""),
              "InvalidMessage");
}

TEST_F(wrong_dialect, an_unknown_content_encoding_is_refused) {
    EXPECT_EQ(refusal("call/deliver.xsl", "<n:Content size", "<n:Content encoding=\"rot13\" size"),
              "InvalidMessage");
}

}  // namespace
}  // namespace ecert::tests
