#include "config/log.hpp"
#include "crypto/xml/document.hpp"
#include "tests/unit/hub/ingest/agency_world.hpp"

#include <unistd.h>

namespace ecert::hub::tests {
namespace {

const crypto::xml::library xml_library;

struct push : agency_world {
    fake_ledger ledger;
    std::optional<accept_request> taken;
    log::capture quiet;

    push() {
        ledger.on_accept = [this](const accept_request& what,
                                  const receipt_writer& write) -> result<accept_result> {
            taken = what;
            const auto receipt = write(
                {id_of(1), id_of(2), 3, what.content->digest(), what.content->size(), what.at});
            return accepted{false, id_of(1), id_of(2), receipt};
        };
        open(ledger);
    }
};

TEST_F(push, a_good_certificate_is_202_with_its_receipt) {
    const auto xml = sample("phyto-851-issued.xml");
    const auto answer = send("gacc", xml);
    ASSERT_EQ(answer.status, 202) << body_of(answer);
    const auto receipt = json_of(answer);
    EXPECT_EQ(text_at(receipt, "/certificate"), queue::to_string(id_of(1)));
    EXPECT_EQ(text_at(receipt, "/delivery"), queue::to_string(id_of(2)));
    EXPECT_EQ(text_at(receipt, "/number"), "CN-PHYTO-2026-000118");
    EXPECT_EQ(text_at(receipt, "/partner"), "NZ");
    EXPECT_EQ(text_at(receipt, "/link"), "3");
    EXPECT_EQ(text_at(receipt, "/sha256"), crypto::sha256_of(xml).hex());
    EXPECT_EQ(text_at(receipt, "/size"), std::to_string(xml.size()));
    EXPECT_EQ(text_at(receipt, "/accepted"), rfc3339(time.now()));
    EXPECT_EQ(text_at(receipt, "/location"), answer.fields.get("Location"));
    EXPECT_EQ(woken, 1u);
}

TEST_F(push, the_ledger_gets_the_very_bytes_and_the_envelope) {
    const auto xml = sample("replacement.xml");
    auto request = pushing("gacc", xml);
    request.field("Idempotency-Key", "k-1").field("Supersedes", queue::to_string(id_of(9)));
    request.field("traceparent", "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01");
    ASSERT_EQ(ask(request).status, 202);
    EXPECT_EQ(crypto::read_all(*taken->content, 1 << 20), xml);
    EXPECT_EQ(taken->agency, "GACC");
    EXPECT_EQ(taken->channel, "nz");
    EXPECT_EQ(taken->envelope, (queue::envelope{"CN", "NZ", "CN-PHYTO-2026-000131", 851, 70}));
    EXPECT_EQ(taken->replaces, std::vector<std::string>{"CN-PHYTO-2026-000118"});
    EXPECT_EQ(taken->idempotency_key, "k-1");
    EXPECT_EQ(taken->supersedes, id_of(9));
    EXPECT_EQ(taken->traceparent, "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01");
}

TEST_F(push, a_repeat_is_200_with_the_stored_receipt_and_wakes_nobody) {
    ledger.on_accept = [](const auto&, const auto&) -> result<accept_result> {
        return accepted{true, id_of(1), id_of(2), R"({"stored":"long ago"})"};
    };
    const auto answer = send("gacc", sample("phyto-851-issued.xml"));
    EXPECT_EQ(answer.status, 200);
    EXPECT_EQ(body_of(answer), R"({"stored":"long ago"})");
    EXPECT_EQ(woken, 0u);
}

TEST_F(push, nothing_is_accepted_that_the_ledger_did_not_keep) {
    ledger.on_accept = [](const auto&, const auto&) -> result<accept_result> {
        return failure{failure_kind::unavailable, "the disk is full"};
    };
    const auto answer = send("gacc", sample("phyto-851-issued.xml"));
    EXPECT_EQ(answer.status, 503);
    EXPECT_TRUE(answer.fields.has("Retry-After"));
    EXPECT_EQ(woken, 0u);
}

TEST_F(push, each_conflict_is_409_and_names_the_other_certificate) {
    const std::pair<accept_conflict, const char*> all[] = {
        {accept_conflict::other_content, "urn:ecert:problem:other-content"},
        {accept_conflict::earlier_link, "urn:ecert:problem:earlier-link"},
        {accept_conflict::key_reused, "urn:ecert:problem:key-reused"},
        {accept_conflict::supersedes_unknown, "urn:ecert:problem:supersedes-unknown"},
        {accept_conflict::closed, "urn:ecert:problem:closed"}};
    for (const auto& [why, type] : all) {
        ledger.on_accept = [why = why](const auto&, const auto&) -> result<accept_result> {
            return conflict{why, id_of(7), "it is there already"};
        };
        const auto answer = send("gacc", sample("phyto-851-issued.xml"));
        EXPECT_EQ(answer.status, 409);
        EXPECT_EQ(text_at(json_of(answer), "/type"), type);
        EXPECT_EQ(text_at(json_of(answer), "/certificate"), queue::to_string(id_of(7)));
    }
}

TEST_F(push, what_came_to_nothing_is_409_with_its_state_reason_and_the_callers_language) {
    ledger.on_accept = [](const auto&, const auto&) -> result<accept_result> {
        return conflict{accept_conflict::closed, id_of(7), "it is refused", state::refused,
                        "unknown consignee \xff"};
    };
    auto request = pushing("gacc", sample("phyto-851-issued.xml"));
    request.field("Accept-Language", "zh");
    const auto answer = ask(request);
    EXPECT_EQ(answer.status, 409);
    const auto told = json_of(answer);
    EXPECT_EQ(text_at(told, "/detail"), "it is refused");
    EXPECT_EQ(text_at(told, "/state"), "refused");
    EXPECT_EQ(text_at(told, "/reason").find("unknown consignee"), 0u);
    EXPECT_EQ(text_at(told, "/errors/0/id"), "REST-CLOSED");
    EXPECT_EQ(text_at(told, "/errors/0/text"), problem_text("REST-CLOSED", language::zh));
    EXPECT_EQ(woken, 0u);
}

TEST_F(push, a_refusal_names_everything_at_once) {
    auto request = pushing("gacc", sample("broken.xml"), "?to=AU");
    request.field("Supersedes", "no id").field("Idempotency-Key", "");
    const auto answer = ask(request);
    EXPECT_EQ(answer.status, 422);
    const auto ids = error_ids(answer);
    for (const auto* id : {"SPS-STATUS-NOT-A-CODE", "SPS-ISSUED-NOT-A-DATE", "SPS-COUNTRY-NOT-ISO",
                           "SPS-CONSIGNEE-MISSING", "SPS-TRANSPORT-MISSING",
                           "SPS-LINE-ORIGIN-MISSING", "SPS-ATTACHMENT-TYPE-LIES",
                           "REST-TYPE-NOT-ACCEPTED", "REST-SUPERSEDES", "REST-IDEMPOTENCY-KEY"})
        EXPECT_NE(ids.find(id), std::string::npos) << id << " is missing among " << ids;
    EXPECT_FALSE(taken);
}

TEST_F(push, a_field_that_stands_twice_is_refused_whichever_was_meant) {
    auto request = pushing("gacc", sample("phyto-851-issued.xml"));
    for (const auto* name : {"Idempotency-Key", "Supersedes"})
        request.field(name, queue::to_string(id_of(9))).another(name, queue::to_string(id_of(8)));
    const auto answer = ask(request);
    EXPECT_EQ(answer.status, 422);
    EXPECT_EQ(error_ids(answer), "REST-IDEMPOTENCY-KEY REST-SUPERSEDES");
    EXPECT_FALSE(taken);
}

TEST_F(push, a_refusal_speaks_the_language_asked_for) {
    auto request = pushing("gacc", replaced(sample("phyto-851-issued.xml"), ">NZ<", ">XX<"));
    request.field("Accept-Language", "zh-CN, en;q=0.5");
    const auto answer = ask(request);
    EXPECT_EQ(answer.fields.get("Content-Language"), "zh");
    EXPECT_EQ(text_at(json_of(answer), "/errors/0/text"),
              problem_text("SPS-COUNTRY-NOT-ISO", language::zh));
}

TEST_F(push, what_is_no_xml_or_another_document_is_422) {
    EXPECT_EQ(error_ids(send("gacc", "")), "REST-BODY-EMPTY");
    EXPECT_EQ(error_ids(send("gacc", "hello")), "XML-NOT-WELL-FORMED");
    EXPECT_EQ(error_ids(send("gacc", "<a/>")), "SPS-NOT-A-CERTIFICATE");
    EXPECT_EQ(error_ids(send("gacc", "<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>")), "XML-DOCTYPE");
    EXPECT_FALSE(taken);
}

TEST_F(push, a_certificate_whose_attachment_is_broken_is_judged_all_the_same) {
    auto xml = replaced(sample("phyto-851-issued.xml"), "JVBERi0", "*VBERi0");
    const auto ids = error_ids(send("gacc", replaced(xml, ">NZ<", ">XX<")));
    EXPECT_NE(ids.find("XML-NOT-BASE64"), std::string::npos) << ids;
    EXPECT_NE(ids.find("SPS-COUNTRY-NOT-ISO"), std::string::npos) << ids;
    EXPECT_NE(ids.find("REST-PARTNER-UNKNOWN"), std::string::npos) << ids;
}

TEST_F(push, warnings_are_kept_and_told_but_refuse_nothing) {
    const auto answer = send("mara", replaced(sample("veterinary-853.xml"), ">853<", ">854<"));
    ASSERT_EQ(answer.status, 202) << body_of(answer);
    EXPECT_EQ(text_at(json_of(answer), "/warnings/0/id"), "SPS-TYPE-UNKNOWN");
    ASSERT_EQ(taken->warnings.size(), 1u);
}

TEST_F(push, an_unknown_partner_is_named_with_those_there_are) {
    const auto by_country = send("mara", replaced(sample("veterinary-853.xml"), ">NZ<", ">FR<"));
    EXPECT_EQ(error_ids(by_country), "REST-PARTNER-UNKNOWN");
    EXPECT_EQ(text_at(json_of(by_country), "/errors/0/expected"), "AU, NZ");
    const auto by_query = send("mara", sample("veterinary-853.xml"), "?to=EU");
    EXPECT_EQ(text_at(json_of(by_query), "/errors/0/path"), "?to");
}

TEST_F(push, to_wins_over_the_import_country_and_says_so) {
    const auto answer = send("mara", sample("veterinary-853.xml"), "?to=AU");
    ASSERT_EQ(answer.status, 202) << body_of(answer);
    EXPECT_EQ(taken->partner, "AU");
    EXPECT_EQ(text_at(json_of(answer), "/warnings/0/id"), "REST-IMPORT-COUNTRY");
}

TEST_F(push, a_partner_gets_only_types_and_statuses_it_takes) {
    EXPECT_EQ(error_ids(send("gacc", sample("phyto-851-to-au.xml"))), "REST-TYPE-NOT-ACCEPTED");
    const auto status =
        replaced(replaced(sample("veterinary-853.xml"), ">NZ<", ">AU<"), ">70<", ">39<");
    EXPECT_EQ(error_ids(send("mara", status)), "REST-STATUS-NOT-ACCEPTED");
}

TEST_F(push, a_number_with_anothers_prefix_is_refused) {
    EXPECT_EQ(error_ids(send("mara", sample("phyto-851-issued.xml"))), "SPS-NUMBER-PREFIX");
    EXPECT_EQ(error_ids(send("gacc", sample("veterinary-853.xml"))), "SPS-NUMBER-PREFIX");
}

TEST_F(push, without_the_translation_the_partner_needs_it_is_422_now) {
    settings.partners["NZ"].translate = "to-version-8";
    open(ledger);
    EXPECT_EQ(error_ids(send("gacc", sample("phyto-851-issued.xml"))), "REST-TRANSLATION");
    EXPECT_FALSE(taken);
}

// A channel whose dialect has one translation: the stylesheet given.
void give_translation(push& world, const std::string& body) {
    const auto folder =
        std::filesystem::temp_directory_path() / ("ecert-xsl-" + std::to_string(::getpid()));
    std::filesystem::create_directories(folder);
    std::ofstream{folder / "to-au.xsl"}
        << "<xsl:stylesheet version='1.0' xmlns:xsl='http://www.w3.org/1999/XSL/Transform'>"
           "<xsl:output method='xml'/>"
        << body << "</xsl:stylesheet>";
    auto loaded = crypto::xml::stylesheet::load(folder / "to-au.xsl", folder);
    std::filesystem::remove_all(folder);
    ASSERT_FALSE(has_errors(loaded.found))
        << loaded.found.front().value << loaded.found.front().expected;
    auto dialect = std::make_shared<engine::dialect>();
    dialect->translations["to-au"] = std::move(loaded.value);
    auto channel = std::make_shared<engine::channel>();
    channel->dialect = dialect;
    world.settings.partners["NZ"].translate = "to-au";
    auto snapshot = std::make_shared<engine::snapshot>();
    snapshot->configuration = std::make_shared<const configuration>(world.settings);
    snapshot->channels["nz"] = channel;
    world.profiles.swap(snapshot);
}

TEST_F(push, a_translation_that_works_lets_the_original_in) {
    give_translation(
        *this,
        "<xsl:template match='@*|node()'><xsl:copy><xsl:apply-templates select='@*|node()'/>"
        "</xsl:copy></xsl:template>");
    EXPECT_EQ(send("gacc", sample("phyto-851-issued.xml")).status, 202);
    EXPECT_EQ(crypto::read_all(*taken->content, 1 << 20), sample("phyto-851-issued.xml"))
        << "never the translation";
}

TEST_F(push, a_certificate_without_a_mapping_is_422_with_the_stylesheets_words) {
    give_translation(
        *this,
        "<xsl:template match='/'><xsl:message terminate='yes'>no mapping for 851</xsl:message>"
        "</xsl:template>");
    const auto answer = send("gacc", sample("phyto-851-issued.xml"));
    EXPECT_EQ(error_ids(answer), "REST-TRANSLATION");
    EXPECT_NE(body_of(answer).find("no mapping for 851"), std::string::npos) << body_of(answer);
}

TEST_F(push, another_media_type_is_415_before_the_body_is_read) {
    auto request = pushing("gacc", "{}");
    request.field("Content-Type", "text/plain");
    EXPECT_EQ(ask(request).status, 415);
    EXPECT_FALSE(request.body_was_read());
}

TEST_F(push, below_the_disk_reserve_it_is_503_before_the_body_is_read) {
    disk_low = true;
    auto request = pushing("gacc", sample("phyto-851-issued.xml"));
    const auto answer = ask(request);
    EXPECT_EQ(answer.status, 503);
    EXPECT_TRUE(answer.fields.has("Retry-After"));
    EXPECT_FALSE(request.body_was_read());
}

TEST_F(push, over_its_rate_an_agency_gets_429_and_others_do_not) {
    limits.requests_per_second = 1;
    open(ledger);
    EXPECT_EQ(send("gacc", sample("phyto-851-issued.xml")).status, 202);
    const auto answer = send("gacc", sample("phyto-851-issued.xml"));
    EXPECT_EQ(answer.status, 429);
    EXPECT_EQ(answer.fields.get("Retry-After"), "1");
    EXPECT_EQ(send("mara", sample("veterinary-853.xml")).status, 202);
    time.advance(1s);
    EXPECT_EQ(send("gacc", sample("phyto-851-issued.xml")).status, 202);
}

TEST_F(push, an_announced_size_over_the_limit_is_413_before_the_body_is_read) {
    auto request = pushing("gacc", "<a/>");
    request.field("Content-Length", std::to_string(limits.certificate_bytes + 1));
    EXPECT_EQ(ask(request).status, 413);
    EXPECT_FALSE(request.body_was_read());
}

TEST_F(push, what_reading_the_body_fails_with_is_answered) {
    const std::pair<failure_kind, int> all[] = {{failure_kind::too_large, 413},
                                                {failure_kind::unavailable, 503},
                                                {failure_kind::deadline, 408},
                                                {failure_kind::invalid, 400}};
    for (const auto& [kind, status] : all) {
        auto request = pushing("gacc", "<a/>");
        request.body_fails({kind, "as the test says"});
        EXPECT_EQ(ask(request).status, status);
    }
}

TEST_F(push, an_unknown_query_parameter_is_refused_not_ignored) {
    const auto answer = send("gacc", sample("phyto-851-issued.xml"), "?To=NZ");
    EXPECT_EQ(error_ids(answer), "REST-PARAMETER");
}

}  // namespace
}  // namespace ecert::hub::tests
