// Whose key it is, and when: tokens, references to keys, timestamps.
#include "tests/unit/crypto/wss/impolite_partner.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace ecert::crypto::wss {
namespace {

using ::testing::HasSubstr;
using testing::recipe;

using wss_token_and_time = testing::impolite_partner;

TEST_F(wss_token_and_time, the_key_is_never_taken_from_the_message) {
    const auto info = [](const std::string& inside) {
        return [inside](recipe& r) { r.key_info = "<ds:KeyInfo>" + inside + "</ds:KeyInfo>"; };
    };
    const auto direct = std::string{R"(<wsse:SecurityTokenReference><wsse:Reference URI="#token"/>)"
                                    "</wsse:SecurityTokenReference>"};
    EXPECT_EQ(verdict_of(info(direct)), "");
    for (const auto& inside :
         {std::string{
              "<ds:KeyValue><ds:RSAKeyValue><ds:Modulus>AQAB</ds:Modulus><ds:Exponent>AQAB</"
              "ds:Exponent></ds:RSAKeyValue></ds:KeyValue>"},
          std::string{R"(<ds:RetrievalMethod URI="#token"/>)"},
          std::string{"<ds:X509Data><ds:X509Certificate>AQAB</ds:X509Certificate></ds:X509Data>"},
          std::string{"<ds:KeyName>CN</ds:KeyName>"}, direct + "<ds:KeyName>CN</ds:KeyName>",
          direct + direct,
          std::string{"<wsse:SecurityTokenReference><wsse:KeyIdentifier>AQAB</wsse:KeyIdentifier>"
                      "</wsse:SecurityTokenReference>"}})
        EXPECT_EQ(verdict_of(info(inside)), "wsse:UnsupportedSecurityToken") << inside;
    EXPECT_EQ(verdict_of(info(testing::replaced(direct, "#token", "#stamp"))),
              "wsse:InvalidSecurity");
    EXPECT_EQ(verdict_of(info(testing::replaced(direct, "#token", "file:///token"))),
              "wsse:InvalidSecurity");
}

TEST_F(wss_token_and_time, a_certificate_that_is_not_registered_is_refused) {
    EXPECT_EQ(verdict_of([](recipe& r) { r.key_id = r.token_of = "NZ"; }),
              "wsse:FailedAuthentication");
    EXPECT_EQ(verdict_of([](recipe& r) { r.token_of = "NZ"; }), "wsse:FailedAuthentication");
}

TEST_F(wss_token_and_time, a_registered_certificate_with_another_key_is_refused) {
    EXPECT_EQ(verdict_of([](recipe& r) { r.key_id = "NZ"; }), "wsse:FailedCheck");
}

TEST_F(wss_token_and_time, a_registered_certificate_must_be_in_its_time) {
    EXPECT_EQ(verdict_of([](recipe& r) { r.key_id = r.token_of = "old"; }),
              "wsse:InvalidSecurityToken");
}

TEST_F(wss_token_and_time, tokens_of_other_types_are_refused) {
    EXPECT_EQ(verdict_of([](recipe& r) {
                  r.token_type =
                      "http://docs.oasis-open.org/wss/2004/01/"
                      "oasis-200401-wss-x509-token-profile-1.0#X509PKIPathv1";
              }),
              "wsse:UnsupportedSecurityToken");
}

TEST_F(wss_token_and_time, a_message_may_be_taken_only_in_its_time) {
    const auto message = shop_.sign(shop_.honest());
    const auto at = [&](duration after) { return shop_.verdict_at(shop_.now() + after, message); };
    using namespace std::chrono_literals;
    EXPECT_EQ(at(-5min), "");
    EXPECT_EQ(at(-5min - 1ms), "wsu:MessageExpired");
    EXPECT_EQ(at(10min), "");
    EXPECT_EQ(at(10min + 1ms), "wsu:MessageExpired");
    EXPECT_EQ(at(24h), "wsu:MessageExpired");
}

TEST_F(wss_token_and_time, a_lifetime_is_bounded_and_runs_forward) {
    using namespace std::chrono_literals;
    const auto lifetime = [&](duration of) {
        return verdict_of([&](recipe& r) { r.expires = r.created + of; });
    };
    EXPECT_EQ(lifetime(10min), "");
    EXPECT_EQ(lifetime(10min + 1ms), "wsse:InvalidSecurity");
    EXPECT_EQ(lifetime(24h * 365), "wsse:InvalidSecurity");
    EXPECT_EQ(lifetime(0ms), "wsse:InvalidSecurity");
    EXPECT_EQ(lifetime(-1min), "wsse:InvalidSecurity");
}

TEST_F(wss_token_and_time, a_timestamp_must_have_both_ends) {
    const auto stamp = [&](const std::string& inside) {
        return verdict_of([&](recipe& r) {
            r.timestamp =
                fmt::format(R"(<wsu:Timestamp xmlns:wsu="{}" wsu:Id="stamp">{}</wsu:Timestamp>)",
                            wsu_ns, inside);
        });
    };
    const auto created = "<wsu:Created>" + rfc3339(shop_.now()) + "</wsu:Created>";
    const auto expires =
        "<wsu:Expires>" + rfc3339(shop_.now() + std::chrono::minutes{1}) + "</wsu:Expires>";
    EXPECT_EQ(stamp(created + expires), "");
    for (const auto& inside :
         {created, expires, expires + created, created + expires + expires, created + created,
          std::string{"<wsu:Created>now</wsu:Created>"} + expires, std::string{}})
        EXPECT_EQ(stamp(inside), "wsse:InvalidSecurity") << inside;
}

TEST_F(wss_token_and_time, the_text_helps_an_honest_sender) {
    auto message = shop_.honest();
    message.created -= std::chrono::hours{1};
    message.expires -= std::chrono::hours{1};
    EXPECT_THAT(shop_.reason(shop_.sign(message)),
                HasSubstr("expired 3300 s ago: compare the clocks"));
    EXPECT_THAT(
        shop_.reason(testing::replaced(shop_.sign(shop_.honest()), "CN/2026 1", "CN/2026 2")),
        HasSubstr("'Body-1'"));
}

}  // namespace
}  // namespace ecert::crypto::wss
