// A partner with a valid key and bad manners: everything here is signed properly, and refused for
// its form.
#include "tests/unit/crypto/wss/impolite_partner.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

namespace ecert::crypto::wss {
namespace {

using testing::recipe;
using testing::signed_reference;

constexpr auto exclusive = "http://www.w3.org/2001/10/xml-exc-c14n#";

using wss_refusals = testing::impolite_partner;

TEST_F(wss_refusals, the_untouched_recipe_is_accepted) {
    EXPECT_EQ(verdict_of([](recipe&) {}), "");
}

TEST_F(wss_refusals, every_part_must_be_signed) {
    for (const auto* uri :
         {"#Body-1", "#stamp", "#token", "#To-1", "#MessageID-1", "#Action-1", "#RelatesTo-1"})
        EXPECT_EQ(verdict_without(uri), "wsse:InvalidSecurity") << uri;
}

TEST_F(wss_refusals, an_addressing_header_of_any_name_must_be_signed) {
    const auto unsigned_header = [&](const std::string& text) {
        auto message = shop_.honest();
        return shop_.verdict(
            testing::replaced(shop_.sign(message), "<wsse:Security ", text + "<wsse:Security "));
    };
    EXPECT_EQ(
        unsigned_header(
            R"(<wsa:ReplyTo xmlns:wsa="http://www.w3.org/2005/08/addressing"></wsa:ReplyTo>)"),
        "wsse:InvalidSecurity");
    EXPECT_EQ(
        unsigned_header(R"(<wsa:To xmlns:wsa="http://www.w3.org/2005/08/addressing">x</wsa:To>)"),
        "wsse:InvalidSecurity");
    EXPECT_EQ(unsigned_header(R"(<t:trace xmlns:t="urn:trace">x</t:trace>)"), "");
}

TEST_F(wss_refusals, addressing_headers_stand_once) {
    EXPECT_EQ(verdict_of([](recipe& r) {
                  auto second = testing::addressing("To", "https://elsewhere.example");
                  second.id = "To-2";
                  second.text = testing::replaced(second.text, "To-1", "To-2");
                  r.headers.push_back(second);
              }),
              "wsse:InvalidSecurity");
}

TEST_F(wss_refusals, a_message_without_a_signature_is_refused) {
    auto message = shop_.honest();
    EXPECT_EQ(shop_.verdict(shop_.envelope(message, "", message.body.text)),
              "wsse:InvalidSecurity");
    EXPECT_EQ(
        shop_.verdict(shop_.envelope(message, fmt::format(R"(<w:Security xmlns:w="{}"/>)", wsse_ns),
                                     message.body.text)),
        "wsse:InvalidSecurity");
}

TEST_F(wss_refusals, weak_or_unknown_algorithms_are_refused) {
    const auto method = [&](const std::string& uri) {
        return verdict_of([&](recipe& r) { r.signature_method = uri; });
    };
    for (const auto* uri : {"http://www.w3.org/2000/09/xmldsig#hmac-sha1",
                            "http://www.w3.org/2001/04/xmldsig-more#hmac-sha256",
                            "http://www.w3.org/2000/09/xmldsig#rsa-sha1",
                            "http://www.w3.org/2000/09/xmldsig#dsa-sha1",
                            "http://www.w3.org/2001/04/xmldsig-more#rsa-md5", "", " "})
        EXPECT_EQ(method(uri), "wsse:UnsupportedAlgorithm") << uri;
    for (const auto* uri :
         {"http://www.w3.org/TR/2001/REC-xml-c14n-20010315", "http://www.w3.org/2006/12/xml-c14n11",
          "http://www.w3.org/2001/10/xml-exc-c14n#WithComments"})
        EXPECT_EQ(verdict_of([&](recipe& r) { r.canonicalisation = uri; }),
                  "wsse:UnsupportedAlgorithm")
            << uri;
    for (const auto* uri :
         {"http://www.w3.org/2000/09/xmldsig#sha1", "http://www.w3.org/2001/04/xmldsig-more#md5"})
        EXPECT_EQ(verdict_with([&](signed_reference& r) { r.digest_method = uri; }),
                  "wsse:UnsupportedAlgorithm")
            << uri;
}

TEST_F(wss_refusals, transforms_other_than_one_exclusive_canonicalisation_are_refused) {
    const auto with = [&](const std::string& transforms) {
        return verdict_with([&](signed_reference& r) { r.transforms = transforms; });
    };
    const auto one = [](const std::string& uri, const std::string& inside = "") {
        return fmt::format(R"(<ds:Transform Algorithm="{}">{}</ds:Transform>)", uri, inside);
    };
    for (const auto* uri : {"http://www.w3.org/TR/1999/REC-xslt-19991116",
                            "http://www.w3.org/TR/1999/REC-xpath-19991116",
                            "http://www.w3.org/2002/06/xmldsig-filter2",
                            "http://www.w3.org/2000/09/xmldsig#enveloped-signature",
                            "http://www.w3.org/2000/09/xmldsig#base64",
                            "http://www.w3.org/TR/2001/REC-xml-c14n-20010315",
                            "http://docs.oasis-open.org/wss/2004/01/"
                            "oasis-200401-wss-soap-message-security-1.0#STR-Transform"})
        EXPECT_EQ(with(one(uri)), "wsse:UnsupportedAlgorithm") << uri;
    EXPECT_EQ(with(""), "wsse:InvalidSecurity");
    EXPECT_EQ(with(one(exclusive) + one(exclusive)), "wsse:InvalidSecurity");
    EXPECT_EQ(with(one(exclusive, R"(<ds:XPath>true()</ds:XPath>)")), "wsse:InvalidSecurity");
    EXPECT_EQ(with(one(exclusive, R"(<ec:InclusiveNamespaces PrefixList="a" )"
                                  R"(xmlns:ec="http://www.w3.org/2001/10/xml-exc-c14n#">)"
                                  "<x></x></ec:InclusiveNamespaces>")),
              "wsse:InvalidSecurity");
}

TEST_F(wss_refusals, references_go_to_an_id_of_the_message_and_nowhere_else) {
    for (const auto* uri : {"", "#", "file:///etc/hostname", "http://127.0.0.1/x", "Body-1",
                            "#xpointer(/)", "#xpointer(id('Body-1'))", "cid:part1"})
        EXPECT_EQ(verdict_with([&](signed_reference& r) { r.uri = uri; }), "wsse:InvalidSecurity")
            << uri;
    EXPECT_EQ(verdict_with([&](signed_reference& r) { r.uri = "#nowhere"; }), "wsse:FailedCheck");
}

TEST_F(wss_refusals, a_reference_without_uri_is_refused) {
    const auto message = shop_.sign(shop_.honest());
    EXPECT_NE(shop_.verdict(
                  testing::replaced(message, R"(<ds:Reference URI="#Body-1">)", "<ds:Reference>")),
              "");
}

TEST_F(wss_refusals, other_nodes_must_not_be_signed_in_place_of_the_right_ones) {
    const auto other = std::string{R"(<t:x xmlns:t="urn:t" xmlns:wsu=")"} + std::string{wsu_ns} +
                       R"(" wsu:Id="other">x</t:x>)";
    EXPECT_EQ(verdict_of([&](recipe& r) {
                  r.headers.push_back({"other", other});
              }),
              "wsse:InvalidSecurity");
    EXPECT_EQ(verdict_of([](recipe& r) {
                  r.edit_references = [](std::vector<signed_reference>& all) {
                      all.push_back(all.front());
                  };
              }),
              "wsse:InvalidSecurity");
}

TEST_F(wss_refusals, many_references_are_refused_before_any_is_digested) {
    EXPECT_EQ(verdict_of([](recipe& r) {
                  r.edit_references = [](std::vector<signed_reference>& all) {
                      all.resize(25, all.front());
                  };
              }),
              "wsse:InvalidSecurity");
}

TEST_F(wss_refusals, the_security_header_holds_nothing_else) {
    const auto name_token =
        std::string{R"(<wsse:UsernameToken><wsse:Username>x</wsse:Username></wsse:UsernameToken>)"};
    EXPECT_EQ(verdict_of([&](recipe& r) { r.in_security = name_token; }), "wsse:InvalidSecurity");
    EXPECT_EQ(verdict_of([&](recipe& r) {
                  r.in_security = fmt::format(
                      R"(<wsu:Timestamp xmlns:wsu="{}"><wsu:Created/></wsu:Timestamp>)", wsu_ns);
              }),
              "wsse:InvalidSecurity");
    EXPECT_EQ(verdict_of([&](recipe& r) { r.in_signature = "<ds:Object>x</ds:Object>"; }),
              "wsse:InvalidSecurity");
}

TEST_F(wss_refusals, a_header_for_another_actor_is_not_ours) {
    const auto role = [&](const std::string& value) {
        return verdict_of([&](recipe& r) {
            r.security_attributes =
                fmt::format(R"(xmlns:q="{}" q:role="{}")", testing::soap12, value);
        });
    };
    EXPECT_EQ(role("http://www.w3.org/2003/05/soap-envelope/role/next"), "wsse:InvalidSecurity");
    EXPECT_EQ(role("http://www.w3.org/2003/05/soap-envelope/role/ultimateReceiver"), "");
}

}  // namespace
}  // namespace ecert::crypto::wss
