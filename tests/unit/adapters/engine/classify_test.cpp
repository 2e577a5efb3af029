#include "adapters/engine/classify.hpp"

#include "adapters/engine/attempt.hpp"
#include "tests/unit/adapters/engine/two_nodes.hpp"

namespace ecert::engine {
namespace {

using queue::outcome_class;
using queue::outcome_scope;

struct reply {
    crypto::xml::document tree;
    reply_seen seen;
};

reply replied(int status, bool verified, const std::string& inside = {}) {
    tests::xml_library();
    reply all;
    all.seen.status = status;
    all.seen.verified = verified;
    if (inside.empty()) return all;
    all.tree = crypto::xml::document::parse(
                   "<s:Body xmlns:s=\"" + std::string{soap::namespace_of(soap_version::v1_2)} +
                       "\">" + inside + "</s:Body>",
                   {})
                   .value();
    all.seen.body = all.tree.root();
    all.seen.fault = soap::read_fault(soap_version::v1_2, all.seen.body);
    return all;
}

std::string fault(const std::string& code, const std::string& subcode = {}) {
    return soap::write_fault(soap_version::v1_2, code, subcode, "their words");
}

content_sent ours() { return {true, crypto::sha256_of("ours"), 4}; }

std::string receipt(const std::string& digest, const std::string& size = "4") {
    return "<n:DeliverResponse "
           "xmlns:n=\"urn:ecert:node:1\"><n:Receipt><n:MessageID>m</n:MessageID><n:Digest>" +
           digest + "</n:Digest><n:Size>" + size + "</n:Size></n:Receipt></n:DeliverResponse>";
}

const std::vector<reply_rule>& rules() {
    static const auto node = tests::load_dialect(tests::built_in_dialects(), "node");
    static const std::vector<reply_rule> none;
    return node ? node->call(queue::verb::deliver, {})->rules : none;
}

judgement judged(const reply& r) { return classify(rules(), true, r.seen, ours()); }

TEST(classify, a_proven_receipt_for_our_content_is_delivered) {
    const auto j = judged(replied(200, true, receipt(ours().digest.hex())));
    EXPECT_EQ(j.what, outcome_class::delivered);
    EXPECT_EQ(j.reference, "m");
    EXPECT_EQ(j.peer_digest, ours().digest);
}

TEST(classify, an_unproven_receipt_is_never_delivered) {
    EXPECT_EQ(judged(replied(200, false, receipt(ours().digest.hex()))).what,
              outcome_class::unrecognised);
}

// Even where a dialect's author forgot to ask for it.
TEST(classify, a_rule_that_forgets_proof_does_not_get_round_it) {
    std::vector<reply_rule> careless(1);
    for (const auto what :
         {outcome_class::sent, outcome_class::delivered, outcome_class::done,
          outcome_class::duplicate, outcome_class::absent, outcome_class::refused}) {
        careless[0].outcome = what;
        EXPECT_EQ(classify(careless, true, replied(200, false).seen, ours()).what,
                  outcome_class::unrecognised);
        EXPECT_EQ(classify(careless, true, replied(200, true).seen, ours()).what, what);
        EXPECT_EQ(classify(careless, false, replied(200, false).seen, ours()).what, what);
    }
}

TEST(classify, a_fault_in_a_200_is_a_failure) {
    EXPECT_EQ(judged(replied(200, true, fault("Sender"))).what, outcome_class::refused);
    EXPECT_EQ(judged(replied(200, true, fault("Receiver"))).what, outcome_class::temporary);
    EXPECT_EQ(judged(replied(200, true, fault("Receiver", "f:Anything"))).what,
              outcome_class::temporary);
}

TEST(classify, a_receipt_for_other_content_is_a_duplicate_with_their_digest) {
    const auto other = crypto::sha256_of("theirs");
    const auto j = judged(replied(200, true, receipt(other.hex())));
    EXPECT_EQ(j.what, outcome_class::duplicate);
    EXPECT_EQ(j.peer_digest, other);
}

TEST(classify, a_receipt_without_a_readable_digest_or_size_proves_nothing) {
    EXPECT_EQ(judged(replied(200, true, receipt("?"))).what, outcome_class::unrecognised);
    EXPECT_EQ(judged(replied(200, true, receipt(""))).what, outcome_class::unrecognised);
    EXPECT_EQ(judged(replied(200, true, receipt(ours().digest.hex(), "5"))).what,
              outcome_class::unrecognised);
    EXPECT_EQ(judged(replied(200, true, receipt(ours().digest.hex(), ""))).what,
              outcome_class::unrecognised);
}

TEST(classify, a_digest_may_be_written_in_base64) {
    EXPECT_EQ(judged(replied(200, true, receipt(ours().digest.base64()))).what,
              outcome_class::delivered);
}

TEST(classify, security_faults_are_nobodys_message_at_fault) {
    for (const auto* subcode :
         {"wsu:MessageExpired", "wsse:FailedAuthentication", "wsse:FailedCheck",
          "wsse:InvalidSecurity", "wsse:InvalidSecurityToken", "wsse:UnsupportedAlgorithm"}) {
        const auto j = judged(replied(400, true, fault("Sender", subcode)));
        EXPECT_EQ(j.what, outcome_class::misconfigured) << subcode;
        EXPECT_EQ(j.scope, outcome_scope::channel) << subcode;
        EXPECT_NE(j.text.find("their words"), std::string::npos) << j.text;
    }
}

TEST(classify, http_statuses_alone_decide_where_there_is_no_soap) {
    for (const int status : {401, 403, 404, 405, 415}) {
        EXPECT_EQ(judged(replied(status, false)).what, outcome_class::misconfigured) << status;
        EXPECT_EQ(judged(replied(status, false)).scope, outcome_scope::channel) << status;
    }
    for (const int status : {408, 429, 500, 502, 503, 504})
        EXPECT_EQ(judged(replied(status, false)).what, outcome_class::temporary) << status;
    for (const int status : {200, 202, 204, 301, 302, 400, 413, 418, 501})
        EXPECT_EQ(judged(replied(status, false)).what, outcome_class::unrecognised) << status;
}

TEST(classify, without_a_reply_the_stage_decides) {
    reply_seen seen;
    seen.stage = http::stage::before_body;
    EXPECT_EQ(classify(rules(), true, seen, ours()).what, outcome_class::temporary);
    EXPECT_EQ(classify({}, true, seen, ours()).what, outcome_class::temporary);
    seen.stage = http::stage::after_body;
    seen.error = "connection reset";
    EXPECT_EQ(classify(rules(), true, seen, ours()).what, outcome_class::ambiguous);
    EXPECT_EQ(classify({}, true, seen, ours()).what, outcome_class::ambiguous);
    EXPECT_EQ(classify({}, true, seen, ours()).text, "connection reset");
}

TEST(classify, a_peer_with_another_certificate_stops_the_channel_whatever_rules_say) {
    reply_seen seen;
    seen.stage = http::stage::before_body;
    seen.peer_untrusted = true;
    const auto j = classify(rules(), true, seen, ours());
    EXPECT_EQ(j.what, outcome_class::misconfigured);
    EXPECT_EQ(j.scope, outcome_scope::channel);
}

TEST(classify, our_own_want_of_a_connection_is_nobody_elses_failure) {
    reply_seen seen;
    seen.stage = http::stage::before_body;
    seen.not_tried = true;
    seen.error = "all 16 connections were busy";
    const auto j = classify(rules(), true, seen, ours());
    EXPECT_EQ(j.what, outcome_class::returned);
    EXPECT_EQ(j.text, seen.error);
}

// An outcome travels as JSON, which holds nothing but UTF-8.
TEST(classify, their_words_are_never_cut_inside_a_character) {
    reply_seen seen;
    seen.stage = http::stage::after_body;
    seen.error = "x";
    while (seen.error.size() < 3000) seen.error += "\u4e2d";
    const auto j = classify({}, true, seen, ours());
    EXPECT_GT(j.text.size(), 1990u);
    EXPECT_TRUE(crypto::xml::is_xml_text(j.text));
}

TEST(classify, retry_after_is_handed_on) {
    auto r = replied(503, false);
    r.seen.retry_after = duration{7000};
    EXPECT_EQ(judged(r).retry_after, duration{7000});
}

TEST(classify, the_first_rule_that_matches_decides) {
    std::vector<reply_rule> two(2);
    two[0].status = {200};
    two[0].outcome = outcome_class::temporary;
    two[1].outcome = outcome_class::ambiguous;
    EXPECT_EQ(classify(two, false, replied(200, false).seen, ours()).what,
              outcome_class::temporary);
    EXPECT_EQ(classify(two, false, replied(201, false).seen, ours()).what,
              outcome_class::ambiguous);
}

TEST(retry_after, seconds_and_dates_are_read_and_bounded) {
    const auto now = parse_rfc3339("2026-11-24T23:12:02Z").value();
    const auto read = [&](std::string text) {
        return retry_after_of(http::fields{{"Retry-After", std::move(text)}}, now);
    };
    EXPECT_EQ(read("120"), duration{120'000});
    EXPECT_EQ(read("Tue, 24 Nov 2026 23:13:02 GMT"), duration{60'000});
    EXPECT_EQ(read("Tue, 24 Nov 2020 23:13:02 GMT"), duration{0});
    EXPECT_EQ(read("99999999"), duration{86'400'000});
    EXPECT_EQ(read("soon"), std::nullopt);
    EXPECT_EQ(read("-5"), std::nullopt);
    EXPECT_EQ(retry_after_of(http::fields{}, now), std::nullopt);
}

}  // namespace
}  // namespace ecert::engine
