// Signature wrapping: a message that was signed honestly is rearranged by somebody without a key,
// so that the signature still covers the old parts while a careless receiver reads others.
#include "tests/unit/crypto/wss/workshop.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

namespace ecert::crypto::wss {
namespace {

using testing::replaced;
using testing::the_workshop;

class wss_wrapping : public ::testing::Test {
  protected:
    wss_wrapping() : message_{shop_.honest()} {
        for (const auto& one : message_.headers) headers_ += one.text;
        security_ = shop_.security(message_);
        forged_body_ =
            replaced(replaced(message_.body.text, "CN/2026 1", "CN/2026 666"), "Body-1", "Body-2");
    }
    std::string verdict(const std::string& header, const std::string& body) {
        return shop_.verdict(shop_.envelope(message_, header, body));
    }
    static std::string wrapped(const std::string& inside) {
        return R"(<w:Wrapper xmlns:w="urn:w">)" + inside + "</w:Wrapper>";
    }
    // An element without its id.
    static std::string anonymous(const std::string& part, const std::string& id) {
        return replaced(part, fmt::format(R"( wsu:Id="{}")", id), "");
    }

    testing::workshop& shop_ = the_workshop();
    testing::recipe message_;
    std::string headers_, security_, forged_body_;
};

TEST_F(wss_wrapping, the_untouched_message_is_accepted) {
    EXPECT_EQ(verdict(headers_ + security_, message_.body.text), "");
}

TEST_F(wss_wrapping, the_signed_body_moved_into_a_wrapper_does_not_vouch_for_another) {
    for (const auto& forged : {forged_body_, anonymous(forged_body_, "Body-2")}) {
        EXPECT_NE(verdict(headers_ + security_ + wrapped(message_.body.text), forged), "");
        EXPECT_NE(verdict(wrapped(message_.body.text) + headers_ + security_, forged), "");
        const auto inside = replaced(forged, "</s:Body>", message_.body.text + "</s:Body>");
        EXPECT_NE(verdict(headers_ + security_, inside), "");
    }
}

TEST_F(wss_wrapping, the_signed_body_hidden_in_the_security_header_does_not_vouch_for_another) {
    const auto object =
        replaced(security_, "</ds:Signature>",
                 "<ds:Object>" + message_.body.text + "</ds:Object></ds:Signature>");
    EXPECT_NE(verdict(headers_ + object, forged_body_), "");
    const auto beside =
        replaced(security_, "</wsse:Security>", message_.body.text + "</wsse:Security>");
    EXPECT_NE(verdict(headers_ + beside, forged_body_), "");
    const auto in_key_info =
        replaced(security_, "</ds:KeyInfo>", message_.body.text + "</ds:KeyInfo>");
    EXPECT_NE(verdict(headers_ + in_key_info, forged_body_), "");
}

TEST_F(wss_wrapping, an_id_that_stands_twice_is_refused_wherever_the_second_is) {
    const auto same_id = replaced(forged_body_, "Body-2", "Body-1");
    EXPECT_EQ(verdict(headers_ + security_ + wrapped(message_.body.text), same_id),
              "wsse:InvalidSecurity");
    for (const auto* attribute : {R"(Id="Body-1")", R"(ID="Body-1")", R"(xml:id="Body-1")"}) {
        const auto twin = fmt::format("<w:x xmlns:w=\"urn:w\" {}/>", attribute);
        EXPECT_EQ(verdict(headers_ + security_ + twin, message_.body.text), "wsse:InvalidSecurity")
            << attribute;
    }
}

TEST_F(wss_wrapping, an_id_of_another_kind_is_not_what_a_reference_means) {
    for (const auto* attribute : {R"(Id="Body-1")", R"(ID="Body-1")", R"(xml:id="Body-1")"}) {
        const auto body = replaced(message_.body.text, R"(wsu:Id="Body-1")", attribute);
        EXPECT_NE(verdict(headers_ + security_, body), "") << attribute;
    }
}

TEST_F(wss_wrapping, two_bodies_or_two_headers_are_refused) {
    EXPECT_NE(verdict(headers_ + security_, message_.body.text + forged_body_), "");
    EXPECT_NE(verdict(headers_ + security_, forged_body_ + message_.body.text), "");
    const auto soap = std::string{testing::soap12};
    const auto header = [&](const std::string& inside) {
        return "<s:Header>" + inside + "</s:Header>";
    };
    const auto envelope = [&](const std::string& inside) {
        return R"(<s:Envelope xmlns:s=")" + soap + "\">" + inside + "</s:Envelope>";
    };
    EXPECT_EQ(shop_.verdict(envelope(header(headers_ + security_) + message_.body.text)), "");
    EXPECT_NE(shop_.verdict(envelope(header(headers_) + header(security_) + message_.body.text)),
              "");
    EXPECT_NE(
        shop_.verdict(envelope(header(headers_ + security_) + message_.body.text + header(""))),
        "");
    EXPECT_NE(
        shop_.verdict(envelope(header(headers_ + security_) + message_.body.text + wrapped(""))),
        "");
    EXPECT_NE(shop_.verdict(envelope(wrapped(message_.body.text) + header(headers_ + security_) +
                                     forged_body_)),
              "");
    EXPECT_NE(shop_.verdict(envelope(message_.body.text + header(headers_ + security_))), "");
}

TEST_F(wss_wrapping, two_security_headers_are_refused_wherever_the_second_is) {
    const auto empty = fmt::format(R"(<w:Security xmlns:w="{}"/>)", wsse_ns);
    EXPECT_EQ(verdict(headers_ + security_ + empty, message_.body.text), "wsse:InvalidSecurity");
    EXPECT_EQ(verdict(empty + headers_ + security_, message_.body.text), "wsse:InvalidSecurity");
    EXPECT_EQ(verdict(headers_ + security_ + wrapped(empty), message_.body.text),
              "wsse:InvalidSecurity");
    EXPECT_EQ(verdict(headers_ + wrapped(security_), message_.body.text), "wsse:InvalidSecurity");
    EXPECT_EQ(verdict(headers_ + wrapped(security_) + empty, message_.body.text),
              "wsse:InvalidSecurity");
}

TEST_F(wss_wrapping, an_old_timestamp_does_not_hide_behind_a_new_one) {
    using std::chrono::hours;
    message_.created -= hours{5};
    message_.expires -= hours{5};
    const auto old = shop_.security(message_);
    const auto begin = old.find("<wsu:Timestamp"), end = old.find("</wsu:Timestamp>") + 16;
    const auto stamp = old.substr(begin, end - begin);
    const auto fresh =
        fmt::format(R"(<wsu:Timestamp xmlns:wsu="{}"><wsu:Created>{}</wsu:Created>)"
                    "<wsu:Expires>{}</wsu:Expires></wsu:Timestamp>",
                    wsu_ns, rfc3339(shop_.now()), rfc3339(shop_.now() + std::chrono::minutes{5}));
    EXPECT_EQ(verdict(headers_ + old, message_.body.text), "wsu:MessageExpired");
    EXPECT_NE(verdict(headers_ + replaced(old, stamp, fresh) + wrapped(stamp), message_.body.text),
              "");
    EXPECT_NE(verdict(headers_ + replaced(old, stamp, fresh + stamp), message_.body.text), "");
    EXPECT_NE(verdict(headers_ +
                          replaced(old, stamp,
                                   replaced(fresh, "</wsu:Timestamp>", stamp + "</wsu:Timestamp>")),
                      message_.body.text),
              "");
}

TEST_F(wss_wrapping, a_signed_address_moved_away_does_not_vouch_for_another) {
    const auto& to = message_.headers[1];
    const auto forged = replaced(replaced(to.text, "nz.example", "zz.example"), "To-1", "To-2");
    const auto moved = replaced(headers_, to.text, "");
    EXPECT_EQ(verdict(moved + forged + wrapped(to.text) + security_, message_.body.text),
              "wsse:InvalidSecurity");
    EXPECT_EQ(verdict(moved + wrapped(to.text) + security_, message_.body.text),
              "wsse:InvalidSecurity");
    EXPECT_EQ(verdict(moved + security_, message_.body.text), "wsse:FailedCheck");
    const auto in_body = replaced(message_.body.text, "</s:Body>", to.text + "</s:Body>");
    EXPECT_NE(verdict(moved + forged + security_, in_body), "");
}

TEST_F(wss_wrapping, a_token_moved_away_does_not_vouch_for_another) {
    const auto begin = security_.find("<wsse:BinarySecurityToken"),
               end = security_.find("</wsse:BinarySecurityToken>") + 27;
    const auto token = security_.substr(begin, end - begin);
    const auto other = replaced(token, R"(wsu:Id="token")", R"(wsu:Id="token-2")");
    EXPECT_NE(
        verdict(headers_ + replaced(security_, token, other) + wrapped(token), message_.body.text),
        "");
    EXPECT_NE(verdict(headers_ + replaced(security_, token, token + other), message_.body.text),
              "");
}

TEST_F(wss_wrapping, content_outside_of_the_body_is_refused) {
    auto received =
        shop_.read(shop_.envelope(message_, headers_ + security_, message_.body.text)).value();
    ASSERT_TRUE(verify(received, shop_.policy(), shop_.now()));
    received.contents.push_back({received.tree.root().children().front(), nullptr});
    EXPECT_FALSE(verify(received, shop_.policy(), shop_.now()));
}

}  // namespace
}  // namespace ecert::crypto::wss
