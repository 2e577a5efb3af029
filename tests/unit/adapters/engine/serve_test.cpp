// The serve role over the built-in `ephyto`: requests as clients of that contract write them, and
// what they are answered.
#include "config/log.hpp"
#include "tests/unit/adapters/engine/two_nodes.hpp"

#include <gmock/gmock.h>

namespace ecert::tests {
namespace {

using testing::HasSubstr;
using testing::Not;

const std::string soap11 = "http://schemas.xmlsoap.org/soap/envelope/";
const std::string soap12 = "http://www.w3.org/2003/05/soap-envelope";

struct serving : testing::Test {
    two_nodes nodes{load_dialect(built_in_dialects(), "ephyto")};

    static std::string message(const std::string& inside, const std::string& soap = soap11) {
        return "<s:Envelope xmlns:s='" + soap +
               "' xmlns:e='http://ephyto.ippc.int/' xmlns:h='http://ephyto.ippc.int/HUB.Entities'>"
               "<s:Body>" +
               inside + "</s:Body></s:Envelope>";
    }
    static std::string deliver(const std::string& content) {
        return "<e:DeliverEnvelope><e:env><h:From>NZ</h:From><h:To>CN</h:To><h:CertificateType>851"
               "</h:CertificateType><h:CertificateStatus>70</h:CertificateStatus>"
               "<h:NPPOCertificateNumber>NZ/1</h:NPPOCertificateNumber>" +
               content + "</e:env></e:DeliverEnvelope>";
    }
    using read_result = boost::system::result<engine::served, engine::fault>;
    read_result read(const std::string& text, const std::string& type = "text/xml") {
        return nodes.run([&]() -> awaitable<read_result> {
            http::request_head head;
            head.fields.set("Content-Type", type);
            co_return co_await engine::read_request(nodes.tools(), nodes.server_channel_, head,
                                                    crypto::from_memory(text));
        });
    }
    std::string content_of(const std::string& element) {
        const auto asked = read(message(deliver(element)));
        if (!asked) return "refused: " + asked.error().text;
        if (!asked->content) return "none";
        return crypto::read_all(*asked->content, 1 << 20);
    }
    http::response answer(const engine::served& to, engine::reply_material what) {
        return nodes.run([&]() -> awaitable<http::response> {
            auto body =
                co_await engine::render(nodes.tools(), nodes.server_channel_, to, std::move(what));
            co_return co_await engine::write_reply(nodes.tools(), nodes.server_channel_, to,
                                                   std::move(body).value());
        });
    }
    http::response refuse(engine::fault why) {
        return nodes.run([&]() -> awaitable<http::response> {
            co_return co_await engine::write_fault(nodes.tools(), nodes.server_channel_, "",
                                                   std::move(why));
        });
    }
};

TEST_F(serving, content_is_base64_or_text_whichever_it_can_be) {
    EXPECT_EQ(content_of("<h:Content>&lt;a/&gt;</h:Content>"), "<a/>");
    EXPECT_EQ(content_of("<h:Content><![CDATA[<a/>]]></h:Content>"), "<a/>");
    EXPECT_EQ(content_of("<h:Content>PGEv\nPg==</h:Content>"), "<a/>");
    EXPECT_EQ(content_of("<h:Content> \n &lt;?xml version='1.0'?>&lt;a/>\n</h:Content>"),
              "<?xml version='1.0'?><a/>\n");
    EXPECT_EQ(content_of("<h:Content>\n&lt;a/></h:Content>"), "\n<a/>") << "as it is";
    EXPECT_EQ(content_of("<h:Content/>"), "");
    EXPECT_EQ(content_of(""), "none");
    EXPECT_THAT(content_of("<h:Content>a</h:Content><h:Content>b</h:Content>"),
                HasSubstr("refused: Content stands twice"));
}

TEST_F(serving, what_stands_twice_is_refused_and_neither_is_taken) {
    const auto refused = read(message(deliver("<h:From>AU</h:From>")));
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().text, "From stands twice in env");
    EXPECT_FALSE(
        read(message("<e:GetEnvelopeTrackingInfo><e:hubTrackingNumber>1</e:hubTrackingNumber>"
                     "<e:hubTrackingNumber>2</e:hubTrackingNumber></e:GetEnvelopeTrackingInfo>")));
    EXPECT_TRUE(read(message(
        deliver("<h:Forwardings><h:EnvelopeForwarding/><h:EnvelopeForwarding/></h:Forwardings>"
                "<From xmlns='urn:other'>AU</From>"))));
}

TEST_F(serving, both_versions_are_read_and_each_is_answered_in_its_own) {
    for (const auto& soap : {soap11, soap12}) {
        const auto asked = read(message(deliver("<h:Content>&lt;a/&gt;</h:Content>"), soap));
        ASSERT_TRUE(asked) << asked.error().text;
        EXPECT_EQ(asked->operation->name, "DeliverEnvelope");
        EXPECT_EQ(asked->envelope, (queue::envelope{"NZ", "CN", "NZ/1", 851, 70}));
        engine::reply_material one;
        one.envelopes.push_back({asked->envelope, "4711", engine::standing::delivered});
        const auto text = text_of(answer(*asked, std::move(one)));
        EXPECT_THAT(text, HasSubstr(soap));
        EXPECT_THAT(text, HasSubstr(">Delivered</h:HUBTrackingInfo>"));
        EXPECT_THAT(text, HasSubstr(">4711</h:hubDeliveryNumber>"));
        EXPECT_THAT(text, Not(HasSubstr("wsu:Id")));
    }
}

TEST_F(serving, what_cannot_be_read_is_answered_in_the_version_its_media_type_says) {
    EXPECT_EQ(read("no xml").error().spoken, engine::soap_version::v1_1);
    EXPECT_EQ(read("no xml", "application/soap+xml; charset=utf-8").error().spoken,
              engine::soap_version::v1_2);
    const auto unknown = read(message("<e:Nothing/>", soap12), "text/xml");
    ASSERT_FALSE(unknown);
    EXPECT_EQ(unknown.error().spoken, engine::soap_version::v1_2);
    EXPECT_EQ(unknown.error().subcode, "ActionNotSupported");
}

TEST_F(serving, a_fault_has_the_contracts_detail) {
    const auto eleven = text_of(refuse({true, "Forbidden", "From <must> be NZ", {}}));
    EXPECT_THAT(eleven, HasSubstr("<detail><e:HubWebException"));
    EXPECT_THAT(eleven, HasSubstr("<e:message>From &lt;must&gt; be NZ</e:message>"));
    EXPECT_THAT(eleven, HasSubstr("<faultcode>s:Client.Forbidden</faultcode>"));
    auto twelve = refuse({true, "Forbidden", "no", {}, {}, engine::soap_version::v1_2});
    EXPECT_EQ(twelve.status, 400);
    EXPECT_THAT(text_of(twelve), HasSubstr("<s:Detail><e:HubWebException"));
    EXPECT_EQ(refuse({true, "Forbidden", "no", {}}).status, 500);
}

// What was sent is quoted, cut, and never inside a character.
TEST_F(serving, a_fault_is_xml_whatever_it_quotes) {
    std::string type;
    for (int i = 0; i < 14; ++i) type += "\u4e2d";
    const auto asked = read(replaced(message(deliver("")), ">851<", ">" + type + "<"));
    ASSERT_FALSE(asked);
    EXPECT_THAT(asked.error().text, HasSubstr("\u4e2d"));
    for (const auto& why :
         {asked.error(), engine::fault{true, "Invalid", "quoted: \xE4\xB8 \x01 <", {}}}) {
        const auto told = crypto::xml::document::parse(text_of(refuse(why)), {});
        ASSERT_TRUE(told) << text_of(refuse(why));
    }
}

TEST_F(serving, a_long_explanation_is_cut_and_a_long_number_refused) {
    std::string words;
    while (words.size() < 10'000) words += "\u4e2d";
    const auto failed = [&](const std::string& number, const std::string& why) {
        return read(message("<e:AcknowledgeFailedEnvelopeReceipt><e:hubTrackingNumber>" + number +
                            "</e:hubTrackingNumber><e:message>" + why +
                            "</e:message></e:AcknowledgeFailedEnvelopeReceipt>"));
    };
    const auto asked = failed("7", words);
    ASSERT_TRUE(asked) << asked.error().text;
    const auto& text = asked->fields.at("text");
    EXPECT_GT(text.size(), 4000u);
    EXPECT_TRUE(words.starts_with(text));
    EXPECT_TRUE(crypto::xml::is_xml_text(text));
    EXPECT_FALSE(failed(words, "why"));
}

TEST_F(serving, what_cannot_be_unpacked_for_want_of_disk_is_come_again_later) {
    const log::capture lines;
    auto full = nodes.tools();
    full.spool_folder = "/dev/null/full";
    const auto content = crypto::base64_encode("<c>" + std::string(2 * mib, 'x') + "</c>");
    const auto asked = nodes.run([&]() -> awaitable<read_result> {
        co_return co_await engine::read_request(
            full, nodes.server_channel_, {},
            crypto::from_memory(message(deliver("<h:Content>" + content + "</h:Content>"))));
    });
    ASSERT_FALSE(asked);
    EXPECT_FALSE(asked.error().sender);
    EXPECT_TRUE(asked.error().retry_after_seconds);
    EXPECT_THAT(asked.error().text, Not(HasSubstr("/dev")));
    EXPECT_THAT(lines.lines(), HasSubstr("/dev/null/full"));
}

// Whoever calls us reads a detail as a judgement of what was sent.
TEST_F(serving, what_is_not_the_senders_fault_has_no_detail) {
    for (const auto& why : {engine::fault{false, "Busy", "below its reserve", 30},
                            engine::fault{false, "Internal", "the node could not do it", {}}}) {
        const auto told = text_of(refuse(why));
        EXPECT_THAT(told, HasSubstr(why.text));
        EXPECT_THAT(told, Not(HasSubstr("HubWebException")));
    }
}

TEST_F(serving, a_fault_may_quote_anything) {
    for (const auto& quoted : {std::string{"type is no code: '\xE4\xB8"}, std::string{"a\x01z"},
                               std::string(1 << 20, '&')}) {
        const auto no = refuse({true, "InvalidMessage", quoted, {}});
        const auto parsed = crypto::xml::document::parse(text_of(no), {});
        ASSERT_TRUE(parsed) << parsed.error().text;
        EXPECT_LT(text_of(no).size(), 1u << 20);
    }
}

TEST_F(serving, a_page_of_envelopes_carries_each_content_in_its_place) {
    const auto asked = read(message("<e:PULLImportEnvelope/>"));
    ASSERT_TRUE(asked) << asked.error().text;
    EXPECT_EQ(asked->operation->verb, engine::serve_verb::fetch);
    EXPECT_EQ(asked->operation->variant, "all");
    engine::reply_material page;
    for (const std::string content : {"<first/>", "\xEF\xBB\xBF<second/>", "<third/>"})
        page.envelopes.push_back({{"CN", "NZ", "n", 851, 70},
                                  "7",
                                  engine::standing::pending,
                                  "",
                                  crypto::from_memory(content)});
    const auto text = text_of(answer(*asked, std::move(page)));
    const auto first = text.find("&lt;first/&gt;"), second = text.find(">77u/PHNlY29uZC8+<"),
               third = text.find("&lt;third/&gt;");
    EXPECT_LT(first, second) << text;
    EXPECT_LT(second, third) << "what XML text cannot carry goes as base64";
    EXPECT_NE(third, text.npos);
    EXPECT_THAT(text, HasSubstr("<e:PULLImportEnvelopesResult>"));
}

TEST_F(serving, their_words_are_put_into_ours_and_only_exact_ones_count) {
    const auto told = [&](const std::string& word) {
        const auto asked = read(
            message("<e:SetTrackingInfoUpdate><e:header><h:From>CN</h:From><h:To>NZ</h:To>"
                    "<h:CertificateType>851</h:CertificateType><h:CertificateStatus>70"
                    "</h:CertificateStatus><h:NPPOCertificateNumber>1</h:NPPOCertificateNumber>"
                    "<h:HUBTrackingInfo>" +
                    word + "</h:HUBTrackingInfo></e:header></e:SetTrackingInfoUpdate>"));
        if (!asked) return asked.error().text;
        EXPECT_EQ(asked->fields.at("tracking_word"), word);
        return asked->fields.at("tracking");
    };
    EXPECT_EQ(told("Delivered"), "delivered");
    EXPECT_EQ(told("DeliveredNotReadable"), "unreadable");
    EXPECT_EQ(told("delivered"), "");
    EXPECT_EQ(told("DeliveredSoon"), "");
}

TEST_F(serving, a_header_that_must_be_understood_and_is_not_is_refused) {
    const auto refused = read(replaced(message("<e:PULLImportEnvelope/>"), "<s:Body>",
                                       "<s:Header><x:a xmlns:x='urn:x' s:mustUnderstand='1'/>"
                                       "</s:Header><s:Body>"));
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().subcode, "MustUnderstand");
}

TEST_F(serving, an_answer_that_must_go_elsewhere_is_refused_and_one_that_may_is_given_here) {
    const auto with = [](const std::string& must, const std::string& address) {
        auto text = message("<e:GetUnderDeliveryEnvelope/>");
        return text.insert(text.find("<s:Body>"),
                           "<s:Header><a:ReplyTo xmlns:a='http://www.w3.org/2005/08/addressing'" +
                               must + "><a:Address>" + address +
                               "</a:Address></a:ReplyTo></s:Header>");
    };
    const std::string must = " s:mustUnderstand='1'", elsewhere = "http://evil.example/";
    const auto refused = read(with(must, elsewhere));
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().subcode, "MustUnderstand");
    EXPECT_TRUE(read(with("", elsewhere)));
    EXPECT_TRUE(read(with(must, "http://www.w3.org/2005/08/addressing/anonymous")));
}

TEST_F(serving, the_description_carries_the_address_escaped) {
    const auto described =
        engine::describe(*load_dialect(built_in_dialects(), "ephyto"), "https://a/\"><x/>");
    const auto text = text_of(described);
    EXPECT_THAT(text, HasSubstr("location=\"https://a/&quot;>&lt;x/>\""));
    EXPECT_THAT(text, Not(HasSubstr("urn:ecert:address")));
}

}  // namespace
}  // namespace ecert::tests
