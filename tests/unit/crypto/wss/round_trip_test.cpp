#include "tests/unit/crypto/keys/run_awaitable.hpp"
#include "tests/unit/crypto/wss/workshop.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace ecert::crypto::wss {
namespace {

using ::testing::HasSubstr;
using testing::soap11;
using testing::soap12;
using testing::the_workshop;

TEST(wss_round_trip, what_the_node_signs_verifies_and_says_what_was_proven) {
    auto& shop = the_workshop();
    const auto received = shop.read(shop.sign_by_the_node(shop.honest())).value();
    const auto proven = verify(received, shop.policy(), shop.now());
    ASSERT_TRUE(proven) << proven.error().text;
    EXPECT_EQ(proven->body, received.body);
    EXPECT_EQ(proven->message_id, "urn:uuid:7d9f");
    EXPECT_EQ(proven->to, "https://nz.example/node");
    EXPECT_EQ(proven->action, "urn:ecert:deliver");
    EXPECT_EQ(proven->relates_to, "urn:uuid:1234");
    EXPECT_EQ(proven->addressing.size(), 4u);
    EXPECT_EQ(proven->signer.der(), shop.pki().certificate("CN").der());
    EXPECT_EQ(proven->created, shop.now());
    EXPECT_EQ(proven->expires, shop.now() + std::chrono::minutes{5});
    ASSERT_EQ(received.contents.size(), 1u);
    EXPECT_EQ(read_all(*received.contents[0].content, 100), "<SPSCertificate/>");
}

TEST(wss_round_trip, it_verifies_whatever_the_envelope_around_it_declares) {
    auto& shop = the_workshop();
    auto message = shop.honest();
    for (const auto* start :
         {R"(<Envelope xmlns="{}">)", R"(<SOAP-ENV:Envelope xmlns:SOAP-ENV="{}">)",
          R"(<wsse:Envelope xmlns:wsse="{}">)",
          R"(<x:Envelope xmlns:x="{}" xmlns="urn:default" xmlns:wsu="urn:a" )"
          R"(xmlns:ds="urn:b" xmlns:wsa="urn:c" xmlns:e="urn:d">)",
          R"(<x:Envelope xmlns:x="{0}" xmlns:s="{0}" xml:lang="en" )"
          R"(xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">)"}) {
        message.envelope_start = fmt::format(fmt::runtime(start), soap12);
        EXPECT_EQ(shop.verdict(shop.sign_by_the_node(message)), "") << start;
    }
}

TEST(wss_round_trip, it_verifies_in_soap_1_1) {
    auto& shop = the_workshop();
    auto message = shop.honest();
    message.soap = soap11;
    message.body = testing::body(soap11, "<e:deliver xmlns:e=\"urn:ecert:node\"></e:deliver>");
    EXPECT_EQ(shop.verdict(shop.sign_by_the_node(message), soap11), "");
}

TEST(wss_round_trip, a_message_without_addressing_is_signed_in_its_other_parts) {
    auto& shop = the_workshop();
    auto message = shop.honest();
    message.headers.clear();
    EXPECT_EQ(shop.verdict(shop.sign_by_the_node(message)), "");
}

TEST(wss_round_trip, the_same_message_signed_again_has_another_header_and_may_be_told_apart) {
    auto& shop = the_workshop();
    const auto once =
        verify(shop.read(shop.sign_by_the_node(shop.honest())).value(), shop.policy(), shop.now());
    const auto again =
        verify(shop.read(shop.sign_by_the_node(shop.honest())).value(), shop.policy(), shop.now());
    ASSERT_TRUE(once && again);
    EXPECT_NE(once->signature, again->signature);
}

// Whatever bit of a message is turned: it is refused, or what it proves is what it proved before.
TEST(wss_round_trip, no_byte_turned_changes_what_is_proven) {
    auto& shop = the_workshop();
    const auto good = shop.sign_by_the_node(shop.honest());
    const auto body_before = shop.read(good).value().body_digest;
    std::size_t refused = 0;
    for (std::size_t at = 0; at < good.size(); ++at) {
        auto bad = good;
        bad[at] ^= 1;
        const auto received = shop.read(bad);
        const auto proven = received ? verify(*received, shop.policy(), shop.now())
                                     : verification{security_failure{"unread", ""}};
        if (!proven) {
            ++refused;
            continue;
        }
        EXPECT_EQ(received->body_digest, body_before) << "byte " << at;
        EXPECT_EQ(proven->message_id + proven->to + proven->action + proven->relates_to,
                  "urn:uuid:7d9fhttps://nz.example/nodeurn:ecert:deliverurn:uuid:1234")
            << "byte " << at;
        EXPECT_EQ(proven->expires, shop.now() + std::chrono::minutes{5}) << "byte " << at;
    }
    EXPECT_GT(refused, good.size() * 9 / 10);
}

TEST(wss_round_trip, each_signed_part_changed_by_one_character_is_refused) {
    auto& shop = the_workshop();
    const auto good = shop.sign_by_the_node(shop.honest());
    const std::pair<std::string, std::string> changes[] = {
        {"CN/2026 1", "CN/2026 2"},
        {"&lt;SPSCertificate/&gt;", "&lt;SPSCertificatE/&gt;"},
        {"nz.example", "nz.exampla"},
        {"urn:ecert:deliver<", "urn:ecert:confirm<"},
        {"urn:uuid:7d9f", "urn:uuid:7d9e"},
        {"urn:uuid:1234", "urn:uuid:1235"},
        {"<e:number>CN/2026 1</e:number>", "<e:number>CN/2026 1</e:number><e:number></e:number>"},
        {"<wsu:Created>20", "<wsu:Created>19"}};
    for (const auto& [from, to] : changes)
        EXPECT_EQ(shop.verdict(testing::replaced(good, from, to)), "wsse:FailedCheck") << to;
}

TEST(wss_round_trip, comments_between_the_parts_change_nothing_and_split_no_text) {
    auto& shop = the_workshop();
    const auto good = shop.sign_by_the_node(shop.honest());
    const auto split = testing::replaced(good, "CN/2026 1", "CN/20<!-- x -->26 1");
    const auto received = shop.read(split);
    if (!received) return;  // a reader may refuse comments; it may not let them hide text
    const auto proven = verify(*received, shop.policy(), shop.now());
    ASSERT_TRUE(proven);
    EXPECT_THAT(proven->body.text(), HasSubstr("CN/2026 1"));
}

TEST(wss_round_trip, prefixes_are_read_only_where_one_reference_can_be_the_bodys) {
    auto& shop = the_workshop();
    auto message = shop.honest();
    const auto prefixes = [&] {
        const auto received = shop.read(shop.sign(message)).value();
        return body_prefixes(received.tree.root().children().front());
    };
    const auto listed =
        R"(<ds:Transform Algorithm="http://www.w3.org/2001/10/xml-exc-c14n#">)"
        R"(<ec:InclusiveNamespaces PrefixList=" a  b " )"
        R"(xmlns:ec="http://www.w3.org/2001/10/xml-exc-c14n#"></ec:InclusiveNamespaces>)"
        "</ds:Transform>";
    EXPECT_TRUE(prefixes().empty());
    message.edit_references = [&](auto& all) {
        for (auto& one : all)
            if (one.uri == "#Body-1") one.transforms = listed;
    };
    EXPECT_EQ(prefixes(), (std::vector<std::string>{"a", "b"}));
    message.edit_references = [&](auto& all) {
        for (auto& one : all) one.transforms = listed;
        all.push_back({"#elsewhere", all.front().digest});
    };
    EXPECT_TRUE(prefixes().empty());
}

TEST(wss_round_trip, an_unknown_key_or_a_bad_id_is_a_failure_of_ours) {
    auto& shop = the_workshop();
    const auto make = [&](std::vector<signed_part> parts, std::string key) {
        return testing::run_awaitable(
            make_security_header(std::move(parts), shop.signer(), std::move(key), shop.now(),
                                 std::chrono::minutes{5}, std::string{soap12}));
    };
    EXPECT_TRUE(make({{"Body-1", {}}}, "CN"));
    EXPECT_FALSE(make({{"Body-1", {}}}, "FR"));
    EXPECT_FALSE(make({{"Body-1", {}}, {"Body-1", {}}}, "CN"));
    EXPECT_FALSE(make({{"1", {}}}, "CN"));
    EXPECT_FALSE(make({{"a\"b", {}}}, "CN"));
    EXPECT_FALSE(make(std::vector<signed_part>(30), "CN"));
}

}  // namespace
}  // namespace ecert::crypto::wss
