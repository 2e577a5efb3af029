// An independent implementation agrees: xmlsec1 verifies what we sign, and we verify what it signs.
#include "tests/unit/crypto/wss/workshop.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <cstdlib>

namespace ecert::crypto::wss {
namespace {

using testing::replaced;
using testing::soap12;
using testing::the_workshop;

class wss_xmlsec : public ::testing::Test {
  protected:
    void SetUp() override {
        if (std::system("xmlsec1 --version > /dev/null 2>&1") != 0)
            GTEST_SKIP() << "xmlsec1 is not installed: nothing independent checks the signatures";
    }
    static std::string ids() {
        std::string all;
        for (const auto* local : {"MessageID", "To", "Action", "RelatesTo"})
            all += fmt::format(" --id-attr:Id {}:{}", wsa_ns, local);
        return all + fmt::format(
                         " --id-attr:Id {}:Timestamp --id-attr:Id {}:BinarySecurityToken "
                         "--id-attr:Id {}:Body",
                         wsu_ns, wsse_ns, soap12);
    }
    bool xmlsec_accepts(const std::string& message) {
        shop_.pki().write(shop_.pki() / "message.xml", message);
        try {
            shop_.pki().run("xmlsec1 --verify --pubkey-cert-pem CN.pem" + ids() + " message.xml");
        } catch (const std::runtime_error&) {
            return false;
        }
        return true;
    }
    // A message of our shape with every digest and the signature left to xmlsec1.
    std::string signed_by_xmlsec(testing::recipe of) {
        auto whole = shop_.sign(of);
        for (std::string_view tag : {"ds:DigestValue", "ds:SignatureValue"})
            for (std::size_t at = 0;
                 (at = whole.find(fmt::format("<{}>", tag), at)) != std::string::npos;) {
                at += tag.size() + 2;
                whole.erase(at, whole.find('<', at) - at);
            }
        shop_.pki().write(shop_.pki() / "template.xml", whole);
        return shop_.pki().run("xmlsec1 --sign --privkey-pem CN.key" + ids() + " template.xml");
    }
    testing::workshop& shop_ = the_workshop();
};

TEST_F(wss_xmlsec, accepts_what_the_node_signs) {
    auto message = shop_.honest();
    EXPECT_TRUE(xmlsec_accepts(shop_.sign_by_the_node(message)));
    message.envelope_start = fmt::format(
        R"(<x:Envelope xmlns:x="{0}" xmlns="urn:default" xmlns:wsu="urn:a" xmlns:ds="urn:b">)",
        soap12);
    EXPECT_TRUE(xmlsec_accepts(shop_.sign_by_the_node(message)));
    EXPECT_FALSE(
        xmlsec_accepts(replaced(shop_.sign_by_the_node(message), "CN/2026 1", "CN/2026 2")));
}

TEST_F(wss_xmlsec, signs_what_the_node_accepts) {
    EXPECT_EQ(shop_.reason(signed_by_xmlsec(shop_.honest())), "");
}

TEST_F(wss_xmlsec, signs_untidy_messages_that_the_node_accepts) {
    auto message = shop_.honest();
    message.envelope_start =
        fmt::format("<S:Envelope xmlns:q=\"urn:q\" xmlns:S='{}'  xmlns='urn:default'\n>", soap12);
    message.body.text = fmt::format(
        "<S:Body  xmlns:b='urn:b' q:z='1' wsu:Id='Body-1' a=\"&lt;&#9;&quot;&#x4e2d;\" "
        "xmlns:wsu='{}'>\n"
        "  <e:content xmlns:e='urn:ecert:node'><![CDATA[<a> & b]]>\r\n "
        "&#13;\xE6\xB5\xB7</e:content><b:x/><plain y='1' x='2'>t<in xmlns=''/></plain>\n</S:Body>",
        wsu_ns);
    const auto made = signed_by_xmlsec(message);
    EXPECT_EQ(shop_.reason(made), "");
    EXPECT_EQ(shop_.verdict(replaced(made, "<b:x/>", "<b:y/>")), "wsse:FailedCheck");
}

TEST_F(wss_xmlsec, signs_with_prefix_lists_that_the_node_honours) {
    auto message = shop_.honest();
    message.envelope_start = fmt::format(
        R"(<s:Envelope xmlns:s="{}" xmlns:q="urn:q" xmlns="urn:default" xmlns:xsd="urn:x">)",
        soap12);
    const auto with = [](std::string_view list) {
        return fmt::format(
            R"(<ds:Transform Algorithm="http://www.w3.org/2001/10/xml-exc-c14n#">)"
            R"(<ec:InclusiveNamespaces xmlns:ec="http://www.w3.org/2001/10/xml-exc-c14n#" )"
            R"(PrefixList="{}"></ec:InclusiveNamespaces></ds:Transform>)",
            list);
    };
    for (const auto* list : {"q", "q xsd", "xsd unbound q", "#default", "s #default q"}) {
        message.edit_references = [&](std::vector<testing::signed_reference>& all) {
            for (auto& one : all)
                if (one.uri == "#Body-1" || one.uri == "#To-1") one.transforms = with(list);
        };
        const auto made = signed_by_xmlsec(message);
        EXPECT_EQ(shop_.reason(made), "") << list;
        EXPECT_TRUE(xmlsec_accepts(made)) << list;
    }
}

}  // namespace
}  // namespace ecert::crypto::wss
