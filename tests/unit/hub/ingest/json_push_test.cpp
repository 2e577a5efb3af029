// A certificate inside JSON is the certificate: the same bytes, digest and receipt as without.
#include "hub/ingest/json_push.hpp"

#include "config/log.hpp"
#include "crypto/base64.hpp"
#include "crypto/xml/document.hpp"
#include "tests/unit/hub/ingest/agency_world.hpp"

namespace ecert::hub::tests {
namespace {

const crypto::xml::library xml_library;

struct json_form : agency_world {
    fake_ledger ledger;
    std::optional<accept_request> taken;
    log::capture quiet;
    const std::string xml = sample("phyto-851-issued.xml");

    json_form() {
        ledger.on_accept = [this](const accept_request& what,
                                  const receipt_writer& write) -> result<accept_result> {
            taken = what;
            return accepted{false, id_of(1), id_of(2),
                            write({id_of(1), id_of(2), 1, what.content->digest(),
                                   what.content->size(), what.at})};
        };
        limits.json_bytes = 64 * kib;
        open(ledger);
    }
    http::response send_json(const std::string& json, const std::string& query = "") {
        fake_incoming request{"POST", "/v1/certificates" + query};
        request.from(keys.load("gacc")).body("application/json; charset=utf-8", json);
        return ask(request);
    }
    static std::string content(const std::string& bytes) {
        return R"("content":")" + crypto::base64_encode(bytes) + "\"";
    }
};

TEST_F(json_form, its_content_is_taken_as_if_it_were_the_body) {
    const auto answer =
        send_json(R"({"to":"NZ","number":"CN-PHYTO-2026-000118","type":851,"status":70,)" +
                  content(xml) + "}");
    ASSERT_EQ(answer.status, 202) << body_of(answer);
    EXPECT_EQ(crypto::read_all(*taken->content, 1 << 20), xml);
    EXPECT_EQ(taken->content->digest(), crypto::sha256_of(xml));
    EXPECT_EQ(taken->envelope, (queue::envelope{"CN", "NZ", "CN-PHYTO-2026-000118", 851, 70}));
    const auto as_json = body_of(answer);
    const auto as_xml = body_of(send("gacc", xml));
    EXPECT_EQ(as_json, as_xml) << "the very same receipt";
}

TEST_F(json_form, content_alone_is_enough) {
    EXPECT_EQ(send_json("{" + content(xml) + "}").status, 202);
    EXPECT_EQ(send_json(R"({"to":null,"number":null,)" + content(xml) + " }\n").status, 202);
}

TEST_F(json_form, what_cannot_be_unpacked_for_want_of_disk_is_503) {
    limits.json_bytes = 4 * mib;
    spool = "/dev/null/full";
    open(ledger);
    const auto answer = send_json("{" + content(xml + std::string(2 * mib, ' ')) + "}");
    EXPECT_EQ(answer.status, 503) << body_of(answer);
    EXPECT_TRUE(answer.fields.has("Retry-After"));
}

TEST_F(json_form, base64_may_have_line_ends_and_escapes) {
    auto base64 = crypto::base64_encode(xml);
    for (std::size_t at = 76; at < base64.size(); at += 78) base64.insert(at, "\\n");
    for (auto at = base64.find('/'); at != base64.npos; at = base64.find('/', at + 2))
        base64.insert(at, "\\");
    EXPECT_EQ(send_json(R"({"content":")" + base64 + "\"}").status, 202);
    EXPECT_EQ(crypto::read_all(*taken->content, 1 << 20), xml);
}

TEST_F(json_form, what_it_says_of_the_certificate_is_held_against_it) {
    const auto answer =
        send_json(R"({"number":"CN-1","type":657,"status":40,)" + content(xml) + "}");
    EXPECT_EQ(answer.status, 422);
    EXPECT_EQ(error_ids(answer), "SPS-ENVELOPE-NUMBER SPS-ENVELOPE-TYPE SPS-ENVELOPE-STATUS");
    EXPECT_EQ(text_at(json_of(answer), "/errors/0/path"), "/number");
    EXPECT_EQ(text_at(json_of(answer), "/errors/0/value"), "CN-1");
    EXPECT_EQ(text_at(json_of(answer), "/errors/0/expected"), "CN-PHYTO-2026-000118");
    EXPECT_FALSE(taken);
}

TEST_F(json_form, the_partner_is_named_inside_or_in_the_query) {
    const auto vet = content(sample("veterinary-853.xml"));
    const auto unknown = send_json(R"({"to":"XX",)" + content(xml) + "}");
    EXPECT_EQ(error_ids(unknown), "REST-PARTNER-UNKNOWN");
    EXPECT_EQ(text_at(json_of(unknown), "/errors/0/path"), "/to");
    const auto in_query = send_json("{" + content(xml) + "}", "?to=XX");
    EXPECT_EQ(text_at(json_of(in_query), "/errors/0/path"), "?to");
    EXPECT_EQ(error_ids(send_json(R"({"to":"NZ",)" + content(xml) + "}", "?to=AU")),
              "REST-PARAMETER");
    EXPECT_EQ(send_json(R"({"to":"NZ",)" + content(xml) + "}", "?to=NZ").status, 202);
}

TEST_F(json_form, all_that_is_wrong_is_said_at_once) {
    const auto answer =
        send_json(R"({"too":"NZ","type":"851","number":[1,{"to":"x"}],"status":70.5,)" +
                  content(replaced(xml, ">NZ<", ">QQ<")) + "}");
    EXPECT_EQ(answer.status, 422);
    EXPECT_EQ(error_ids(answer),
              "SPS-COUNTRY-NOT-ISO REST-PARTNER-UNKNOWN REST-JSON-MEMBER REST-JSON-MEMBER "
              "REST-JSON-MEMBER REST-JSON-MEMBER");
}

TEST_F(json_form, what_is_no_such_object_is_422) {
    for (const auto* body :
         {"[", "", "{", "7", "\"x\"", "null", "[1]", "{\"content\":\"QUJD\"", "{} x"})
        EXPECT_NE(error_ids(send_json(body)).find("REST-JSON"), std::string::npos) << body;
    EXPECT_EQ(error_ids(send_json("{}")), "REST-CONTENT-MISSING");
    EXPECT_EQ(error_ids(send_json(R"({"content":null})")), "REST-JSON-MEMBER");
    EXPECT_EQ(error_ids(send_json(R"({"content":"@@"})")), "REST-CONTENT-NOT-BASE64");
    EXPECT_EQ(error_ids(send_json(R"({"content":"QUI"})")), "REST-CONTENT-NOT-BASE64");
    EXPECT_EQ(error_ids(send_json(R"({"content":""})")), "REST-CONTENT-MISSING");
    EXPECT_NE(error_ids(send_json("{" + content(xml) + "," + content(xml) + "}"))
                  .find("REST-JSON-MEMBER"),
              std::string::npos);
    EXPECT_FALSE(taken);
}

TEST_F(json_form, content_over_its_limit_is_413_and_says_which) {
    const auto room = limits.json_bytes - xml.size();
    const auto padded = [&](std::size_t more) {
        return replaced(xml, "</rsm:SPSCertificate>",
                        std::string(more, ' ') + "</rsm:SPSCertificate>");
    };
    EXPECT_EQ(send_json("{" + content(padded(room)) + "}").status, 202);
    const auto answer = send_json("{" + content(padded(room + 1)) + "}");
    EXPECT_EQ(answer.status, 413);
    EXPECT_NE(body_of(answer).find("limits.json_bytes"), std::string::npos);
    EXPECT_EQ(send_json(std::string(largest_json_body(limits) + 1, ' ')).status, 413);
    EXPECT_EQ(send("gacc", padded(room + 1)).status, 202) << "as the body it is not too large";
}

TEST_F(json_form, long_names_and_texts_cost_nothing_and_are_refused) {
    const std::string long_text(40'000, 'x');
    EXPECT_EQ(error_ids(send_json("{\"" + long_text + "\":1," + content(xml) + "}")),
              "REST-JSON-MEMBER");
    EXPECT_EQ(error_ids(send_json(R"({"number":")" + long_text + "\"," + content(xml) + "}")),
              "REST-JSON-MEMBER");
    EXPECT_EQ(error_ids(send_json(std::string(1000, '[') + std::string(1000, ']'))).substr(0, 9),
              "REST-JSON");
}

TEST_F(json_form, other_media_types_are_415) {
    fake_incoming request{"POST", "/v1/certificates"};
    request.from(keys.load("gacc")).body("text/json", "{}");
    EXPECT_EQ(ask(request).status, 415);
}

// As an agency's policy says.
TEST_F(json_form, a_strict_agencys_warnings_refuse_and_a_lenient_ones_errors_do_not) {
    const auto odd = replaced(xml, "<ram:ID>NZ</ram:ID>", "<ram:Name/><ram:ID>NZ</ram:ID>");
    const auto wrong = replaced(xml, ">Southern Harvest Imports Limited<", "><");
    EXPECT_EQ(send("gacc", odd).status, 202);
    EXPECT_EQ(error_ids(send("gacc", wrong)), "SPS-CONSIGNEE-MISSING");
    settings.agencies["GACC"].validation = strictness::strict;
    open(ledger);
    EXPECT_NE(error_ids(send("gacc", odd)).find("SPS-SCHEMA-"), std::string::npos);
    settings.agencies["GACC"].validation = strictness::lenient;
    open(ledger);
    const auto answer = send("gacc", wrong);
    EXPECT_EQ(answer.status, 202) << body_of(answer);
    EXPECT_EQ(text_at(json_of(answer), "/warnings/0/id"), "SPS-CONSIGNEE-MISSING");
    EXPECT_EQ(error_ids(send("gacc", replaced(xml, ">CN<", ">AU<"))),
              "SPS-EXPORT-COUNTRY-NOT-OURS");
}

TEST_F(json_form, a_lenient_agency_still_says_whom_it_is_for) {
    settings.agencies["GACC"].validation = strictness::lenient;
    open(ledger);
    const auto nowhere = replaced(xml, "<ram:ID>NZ</ram:ID>", "<ram:ID/>");
    const auto ids = error_ids(send("gacc", nowhere));
    EXPECT_NE(ids.find("REST-PARTNER-MISSING"), std::string::npos) << ids;
    EXPECT_EQ(send("gacc", nowhere, "?to=NZ").status, 202);
}

}  // namespace
}  // namespace ecert::hub::tests
