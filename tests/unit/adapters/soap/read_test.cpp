#include "adapters/soap/read.hpp"

#include <gtest/gtest.h>

namespace ecert::soap {
namespace {

const crypto::xml::library xml;

std::string envelope(version v, const std::string& header, const std::string& body) {
    return "<s:Envelope xmlns:s=\"" + std::string{namespace_of(v)} + "\"><s:Header>" + header +
           "</s:Header><s:Body>" + body + "</s:Body></s:Envelope>";
}

result<received> read_text(version v, const std::string& text) {
    crypto::xml::message_options options;
    options.spool_folder = std::filesystem::temp_directory_path();
    options.content = {{"urn:d", "Content"}};
    return read(crypto::from_memory(text), v, options);
}

TEST(soap_read, addressing_content_and_body_are_found) {
    const auto message = envelope(
        version::v1_2,
        "<a:MessageID xmlns:a=\"http://www.w3.org/2005/08/addressing\">urn:uuid:1</a:MessageID>"
        "<a:RelatesTo xmlns:a=\"http://www.w3.org/2005/08/addressing\">urn:uuid:2</a:RelatesTo>",
        "<x xmlns=\"urn:d\"><Content>a&lt;b</Content></x>");
    const auto read = read_text(version::v1_2, message);
    ASSERT_TRUE(read) << read.error().text;
    EXPECT_EQ(read->addressing.message_id, "urn:uuid:1");
    EXPECT_EQ(read->addressing.relates_to, "urn:uuid:2");
    EXPECT_EQ(read->addressing.action, "");
    ASSERT_EQ(read->message.contents.size(), 1u);
    EXPECT_EQ(crypto::read_all(*read->message.contents[0].content, 100), "a<b");
    EXPECT_FALSE(read->fault);
}

TEST(soap_read, the_other_version_is_told_apart) {
    for (const auto v : {version::v1_1, version::v1_2}) {
        const auto read = read_text(v, envelope(other(v), "", "<x/>"));
        ASSERT_FALSE(read);
        EXPECT_EQ(read.error().kind, failure_kind::conflict);
    }
}

TEST(soap_read, what_is_no_soap_is_invalid) {
    for (const auto* text : {"", "no xml", "<html/>", "<s:Envelope xmlns:s=\"urn:x\"/>"}) {
        const auto read = read_text(version::v1_2, text);
        ASSERT_FALSE(read) << text;
        EXPECT_NE(read.error().kind, failure_kind::conflict) << text;
    }
}

TEST(soap_read, headers_that_demand_to_be_understood_are_named) {
    const std::string ns{namespace_of(version::v1_2)};
    const auto message =
        envelope(version::v1_2,
                 "<h:A xmlns:h=\"urn:h\" s:mustUnderstand=\"true\"/><h:B xmlns:h=\"urn:h\" "
                 "s:mustUnderstand=\"0\"/>"
                 "<h:C xmlns:h=\"urn:h\" s:mustUnderstand=\"1\" s:role=\"urn:somebody:else\"/>"
                 "<h:D xmlns:h=\"urn:h\" s:mustUnderstand=\"1\" s:role=\"" +
                     ns + "/role/ultimateReceiver\"/>",
                 "<x/>");
    const auto read = read_text(version::v1_2, message);
    ASSERT_TRUE(read) << read.error().text;
    EXPECT_EQ(read->demanded, (std::vector<std::string>{"{urn:h}A", "{urn:h}D"}));
}

TEST(soap_read, content_types_follow_the_version) {
    EXPECT_EQ(content_type(version::v1_1, "urn:a"), "text/xml; charset=utf-8");
    EXPECT_EQ(content_type(version::v1_2, "urn:a"),
              "application/soap+xml; charset=utf-8; action=\"urn:a\"");
}

}  // namespace
}  // namespace ecert::soap
