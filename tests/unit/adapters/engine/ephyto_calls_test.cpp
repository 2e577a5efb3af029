// What the built-in `ephyto` writes, and what it makes of answers that carry more than a word.
#include "tests/unit/adapters/engine/two_nodes.hpp"

#include <gmock/gmock.h>

namespace ecert::tests {
namespace {

using queue::outcome_class;
using queue::verb;
using testing::HasSubstr;

std::string reply_with(const std::string& inside) {
    return "<soap:Envelope xmlns:soap='http://schemas.xmlsoap.org/soap/envelope/'><soap:Body>" +
           inside + "</soap:Body></soap:Envelope>";
}

std::string response(const std::string& operation, const std::string& inside) {
    return reply_with("<" + operation +
                      "Response xmlns='http://ephyto.ippc.int/' "
                      "xmlns:h='http://ephyto.ippc.int/HUB.Entities'>" +
                      inside + "</" + operation + "Response>");
}

std::string header(const std::string& hub_number, const std::string& number = "NL/1") {
    return "<h:From>NL</h:From><h:To>CN</h:To><h:CertificateType>851</h:CertificateType>"
           "<h:CertificateStatus>70</h:CertificateStatus><h:NPPOCertificateNumber>" +
           number + "</h:NPPOCertificateNumber><h:hubDeliveryNumber>" + hub_number +
           "</h:hubDeliveryNumber>";
}

std::string pulled(const std::string& hub_number, const std::string& content) {
    return response("PULLSingleImportEnvelope", "<PULLSingleImportEnvelopeResult>" +
                                                    header(hub_number) + content +
                                                    "</PULLSingleImportEnvelopeResult>");
}

class ephyto_calls : public testing::Test {
  protected:
    ephyto_calls() : nodes{load_dialect(built_in_dialects(), "ephyto")} {
        nodes.on_the_way_there = [this](std::string bytes) { return sent = std::move(bytes); };
        nodes.on_the_way_back = [this](http::response r) {
            r.status = status;
            return with_text(std::move(r), answer);
        };
    }
    static queue::task task_of(verb v) {
        auto t = two_nodes::delivery(*crypto::from_memory("<a/>"));
        t.verb = v;
        t.reference = "HUB-1";
        return t;
    }
    queue::outcome call(queue::task what, crypto::source_ptr content = nullptr) {
        return nodes.run([&]() -> awaitable<queue::outcome> {
            co_return co_await engine::call(nodes.tools(), nodes.caller_, nodes.to_, what, content,
                                            nullptr, nullptr, &fetched);
        });
    }
    std::string text_fetched() const { return crypto::read_all(*fetched, 16 * mib); }

    std::string sent, answer = reply_with("");
    int status = 200;
    crypto::source_ptr fetched;
    two_nodes nodes;
};

TEST_F(ephyto_calls, a_certificate_goes_out_as_the_contract_orders_it) {
    const std::string certificate = "<?xml version='1.0'?><c a=\"1\">&amp; \xE7\xBC\x96 ]]></c>";
    auto t = task_of(verb::deliver);
    t.envelope.number = "CN/7 <&\"'>";
    nodes.to_.address = "NL2";
    call(t, crypto::from_memory(certificate));
    EXPECT_THAT(sent, HasSubstr("<e:ValidateAndDeliverEnvelope xmlns:e=\"http://ephyto.ippc.int/\">"
                                "<e:envelope>"));
    EXPECT_THAT(sent,
                HasSubstr("<h:From xmlns:h=\"http://ephyto.ippc.int/HUB.Entities\">CN</h:From>"));
    EXPECT_THAT(sent, HasSubstr(">NL2</h:To>"));
    EXPECT_THAT(sent,
                HasSubstr("&lt;c a=\"1\"&gt;&amp;amp; \xE7\xBC\x96 ]]&gt;&lt;/c&gt;</h:Content>"));
    EXPECT_EQ(nodes.sent_with.get("SOAPAction"),
              "\"http://ephyto.ippc.int/IDeliveryService/ValidateAndDeliverEnvelope\"");
    EXPECT_THAT(std::string{nodes.sent_with.get("Content-Type")}, HasSubstr("text/xml"));
    const auto order = {
        "From", "To", "CertificateType", "CertificateStatus", "NPPOCertificateNumber", "Content"};
    std::size_t at = 0;
    for (const auto* name : order) {
        const auto next = sent.find("<h:" + std::string{name}, at);
        ASSERT_NE(next, std::string::npos) << name << " in " << sent;
        at = next;
    }
}

TEST_F(ephyto_calls, how_it_was_received_chooses_the_confirmation) {
    const std::pair<queue::confirmation, const char*> table[] = {
        {{queue::confirmation_kind::plain, ""}, "<e:AcknowledgeEnvelopeReceipt "},
        {{queue::confirmation_kind::warning, "page <2>"}, "<e:warningMessage>page &lt;2&gt;<"},
        {{queue::confirmation_kind::failed, "no XML"}, "<e:message>no XML<"}};
    for (const auto& [told, words] : table) {
        auto t = task_of(verb::confirm);
        t.confirmation = told;
        call(t);
        EXPECT_THAT(sent, HasSubstr(words));
        EXPECT_THAT(sent, HasSubstr("<e:hubTrackingNumber>HUB-1</e:hubTrackingNumber>"));
    }
    const auto o = call(task_of(verb::confirm));
    EXPECT_EQ(o.what, outcome_class::misconfigured) << "never guessed";
}

TEST_F(ephyto_calls, without_a_number_of_theirs_it_is_looked_for_and_with_one_asked_for) {
    auto t = task_of(verb::track);
    call(t);
    EXPECT_THAT(sent, HasSubstr("GetEnvelopeTrackingInfo"));
    t.reference.clear();
    call(t);
    EXPECT_THAT(sent, HasSubstr("GetUnderDeliveryEnvelope"));
}

TEST_F(ephyto_calls, a_number_is_data_in_every_question) {
    auto t = task_of(verb::track);
    t.reference.clear();
    t.envelope.number = "x' or '1'='1";
    answer = response("GetUnderDeliveryEnvelope",
                      "<GetUnderDeliveryEnvelopeResult><h:EnvelopeHeader>" + header("HUB-5") +
                          "</h:EnvelopeHeader></GetUnderDeliveryEnvelopeResult>");
    EXPECT_EQ(call(t).what, outcome_class::absent);
}

TEST_F(ephyto_calls, a_list_names_what_waits) {
    answer = response("GetImportEnvelopeHeaders",
                      "<GetImportEnvelopeHeadersResult><h:EnvelopeHeader>" + header("HUB-5") +
                          "</h:EnvelopeHeader><h:EnvelopeHeader>" + header("HUB-6", "NL &amp; 2") +
                          "</h:EnvelopeHeader></GetImportEnvelopeHeadersResult>");
    const auto o = call(task_of(verb::list));
    EXPECT_EQ(o.what, outcome_class::done);
    ASSERT_TRUE(o.listing);
    ASSERT_EQ(o.listing->envelopes.size(), 2u);
    EXPECT_EQ(o.listing->envelopes[1].reference, "HUB-6");
    EXPECT_EQ(o.listing->envelopes[1].envelope, (queue::envelope{"NL", "CN", "NL & 2", 851, 70}));
    EXPECT_FALSE(o.listing->cut);
}

TEST_F(ephyto_calls, what_cannot_be_fetched_is_counted_and_white_space_is_none_of_a_value) {
    answer =
        response("GetImportEnvelopeHeaders",
                 "<GetImportEnvelopeHeadersResult><h:EnvelopeHeader>" + header("") +
                     "</h:EnvelopeHeader><h:EnvelopeHeader>" + header(std::string(600, '1')) +
                     "</h:EnvelopeHeader><h:EnvelopeHeader><h:From>\n NL </h:From><h:To> CN</h:To>"
                     "<h:CertificateType> 851 </h:CertificateType><h:CertificateStatus>\n70"
                     "</h:CertificateStatus><h:NPPOCertificateNumber> NL  1\n"
                     "</h:NPPOCertificateNumber><h:hubDeliveryNumber> HUB-7 "
                     "</h:hubDeliveryNumber></h:EnvelopeHeader>"
                     "</GetImportEnvelopeHeadersResult>");
    const auto o = call(task_of(verb::list));
    ASSERT_TRUE(o.listing);
    EXPECT_EQ(o.listing->left_out, 2u);
    ASSERT_EQ(o.listing->envelopes.size(), 1u);
    EXPECT_EQ(o.listing->envelopes[0].reference, "HUB-7");
    EXPECT_EQ(o.listing->envelopes[0].envelope, (queue::envelope{"NL", "CN", "NL  1", 851, 70}));
}

TEST_F(ephyto_calls, a_list_is_read_in_parts_where_an_outcome_is_full) {
    std::string all = "<GetImportEnvelopeHeadersResult>";
    for (std::size_t i = 0; i <= queue::most_listed; ++i)
        all += "<h:EnvelopeHeader>" + header("HUB-" + std::to_string(i)) + "</h:EnvelopeHeader>";
    answer = response("GetImportEnvelopeHeaders", all + "</GetImportEnvelopeHeadersResult>");
    auto t = task_of(verb::list);
    auto o = call(t);
    ASSERT_TRUE(o.listing);
    EXPECT_EQ(o.listing->envelopes.size(), queue::most_listed);
    EXPECT_FALSE(o.listing->cut) << "the rest is asked for";
    t.page = o.listing->next;
    o = call(t);
    ASSERT_TRUE(o.listing);
    ASSERT_EQ(o.listing->envelopes.size(), 1u);
    EXPECT_EQ(o.listing->envelopes[0].reference, "HUB-1000");
    EXPECT_EQ(o.listing->next, "");
    t.page = "5000";
    o = call(t);
    ASSERT_TRUE(o.listing);
    EXPECT_TRUE(o.listing->envelopes.empty()) << "it is shorter now: from the beginning again";
    EXPECT_EQ(o.listing->next, "");
}

TEST_F(ephyto_calls, content_comes_as_text_as_base64_or_in_cdata_and_is_the_same) {
    const std::string bytes = "<c>\xE7\xBC\x96 &amp;</c>";
    for (const auto& written : {"&lt;c&gt;\xE7\xBC\x96 &amp;amp;&lt;/c&gt;" + std::string{},
                                crypto::base64_encode(bytes), "<![CDATA[" + bytes + "]]>"}) {
        answer = pulled("HUB-1", "<h:Content>" + written + "</h:Content>");
        const auto o = call(task_of(verb::fetch));
        ASSERT_EQ(o.what, outcome_class::done) << o.text;
        ASSERT_TRUE(o.fetched && o.fetched->content);
        EXPECT_EQ(text_fetched(), bytes);
        EXPECT_EQ(o.fetched->content->digest, crypto::sha256_of(bytes));
        EXPECT_EQ(o.fetched->content->bytes, bytes);
        EXPECT_EQ(o.fetched->envelope.number, "NL/1");
    }
}

TEST_F(ephyto_calls, large_content_is_named_and_does_not_travel_in_the_outcome) {
    const std::string bytes = "<c>" + std::string(3 * mib, 'x') + "</c>";
    answer = pulled("HUB-1", "<h:Content><![CDATA[" + bytes + "]]></h:Content>");
    const auto o = call(task_of(verb::fetch));
    ASSERT_TRUE(o.fetched && o.fetched->content);
    EXPECT_EQ(o.fetched->content->size, bytes.size());
    EXPECT_FALSE(o.fetched->content->bytes);
    EXPECT_EQ(fetched->digest(), crypto::sha256_of(bytes));
    EXPECT_FALSE(fetched->in_memory());
}

TEST_F(ephyto_calls, a_certificate_at_its_limit_comes_as_base64_too) {
    nodes.limits_.certificate_bytes = 2 * mib;
    nodes.caller_->profile.reply_limit = 64 * kib;
    const auto certificate = "<c>" + std::string(2 * mib - 10, 'x') + "</c>";
    answer = pulled("HUB-1", "<h:Content>" + crypto::base64_encode(certificate) + "</h:Content>");
    EXPECT_GT(answer.size(), 2 * mib + 600 * kib);
    const auto o = call(task_of(verb::fetch));
    EXPECT_EQ(o.what, outcome_class::done) << o.text;
    EXPECT_EQ(text_fetched(), certificate);
}

// Asked again it would be as large.
TEST_F(ephyto_calls, an_answer_over_its_limit_waits_for_a_person_and_names_the_limit) {
    nodes.limits_.certificate_bytes = 256 * kib;
    nodes.caller_->profile.reply_limit = 64 * kib;
    answer = pulled("HUB-1", "<h:Content>" + std::string(2 * mib, 'x') + "</h:Content>");
    auto o = call(task_of(verb::fetch));
    EXPECT_EQ(o.what, outcome_class::unrecognised);
    EXPECT_THAT(o.text, HasSubstr("limits.certificate_bytes"));
    answer = pulled("HUB-1", "<h:Content>" + std::string(512 * kib, 'x') + "</h:Content>");
    o = call(task_of(verb::fetch));
    EXPECT_EQ(o.what, outcome_class::unrecognised);
    EXPECT_THAT(o.text, HasSubstr("limits.certificate_bytes"));
    for (const auto v : {verb::list, verb::track}) {
        o = call(task_of(v));
        EXPECT_EQ(o.what, outcome_class::unrecognised);
        EXPECT_THAT(o.text, HasSubstr("reply_limit in channels/nz.toml"));
    }
    auto content = crypto::from_memory("<a/>");
    EXPECT_EQ(call(task_of(verb::deliver), content).what, outcome_class::ambiguous)
        << "they may have it";
}

TEST_F(ephyto_calls, an_envelope_without_content_says_so) {
    for (const auto* nothing : {"", "<h:Content/>"}) {
        answer = pulled("HUB-1", nothing);
        const auto o = call(task_of(verb::fetch));
        ASSERT_EQ(o.what, outcome_class::done) << o.text;
        ASSERT_TRUE(o.fetched);
        EXPECT_FALSE(o.fetched->content);
    }
}

TEST_F(ephyto_calls, what_comes_without_its_number_is_known_by_its_envelope) {
    answer = pulled("", "<h:Content>&lt;c/&gt;</h:Content>");
    auto t = task_of(verb::fetch);
    t.envelope = {"NL", "CN", "NL/1", 851, 70};
    const auto o = call(t);
    EXPECT_EQ(o.what, outcome_class::done) << o.text;
    EXPECT_EQ(o.reference, "HUB-1");
    EXPECT_TRUE(o.fetched);
    t.envelope.number = "NL/2";
    EXPECT_EQ(call(t).what, outcome_class::unrecognised);
}

TEST_F(ephyto_calls, what_was_not_asked_for_is_not_taken) {
    answer = pulled("HUB-2", "<h:Content>&lt;c/&gt;</h:Content>");
    const auto other = call(task_of(verb::fetch));
    EXPECT_EQ(other.what, outcome_class::unrecognised);
    EXPECT_THAT(other.text, HasSubstr("HUB-2"));
    EXPECT_FALSE(other.fetched);
    answer = pulled("HUB-1", "<h:Content>&lt;c/&gt;</h:Content><h:Content>&lt;d/&gt;</h:Content>");
    EXPECT_EQ(call(task_of(verb::fetch)).what, outcome_class::unrecognised);
}

TEST_F(ephyto_calls, an_acknowledgement_carries_our_authority_s_answer) {
    auto t = task_of(verb::respond);
    t.answer = queue::answer{41, "soil <found>", "en"};
    call(t);
    EXPECT_THAT(sent, HasSubstr("<e:CountryResponseEnvelope>"));
    EXPECT_THAT(sent, HasSubstr(">41</ram:StatusCode>"));
    EXPECT_THAT(sent, HasSubstr("languageID=\"en\">soil &lt;found&gt;</ram:ReasonInformation>"));
}

}  // namespace
}  // namespace ecert::tests
