#include "hub/inbox/inbox.hpp"

#include "crypto/xml/document.hpp"
#include "hub/inbox/answer.hpp"
#include "hub/listen/view_json.hpp"
#include "tests/unit/hub/listen/fake_incoming.hpp"
#include "tests/unit/hub/listen/fake_ledger.hpp"

#include <gtest/gtest.h>

namespace ecert::hub::tests {
namespace {

const crypto::xml::library xml_library;

struct inbox : testing::Test {
    boost::asio::io_context loop;
    fake_ledger ledger;
    agency_settings agency{.name = "GACC"};
    manual_clock time{time_point{}};
    unsigned woken = 0;
    std::optional<queue::answer> answered;
    const std::string id = queue::to_string(id_of(4));

    inbox() {
        // Responsible is GACC: it reads and answers; who reads all may read; others find nothing.
        ledger.on_inbound = [](uuid asked, const std::string& who,
                               bool read_all) -> result<inbound_view> {
            if (asked != id_of(4) || (who != "GACC" && !read_all))
                return failure{failure_kind::not_found, "no such arrival"};
            return arrived();
        };
        ledger.on_answer = [this](uuid, const std::string& who,
                                  const queue::answer& a) -> result<inbound_view> {
            if (who != "GACC")
                return failure{failure_kind::forbidden, "GACC alone may answer this"};
            if (answered && !(*answered == a))
                return failure{failure_kind::conflict, "it was answered otherwise"};
            answered = a;
            auto v = arrived();
            v.answer_status = a.status;
            v.answer_reason = a.reason;
            return v;
        };
        ledger.on_content = [](const crypto::sha256&) -> result<crypto::source_ptr> {
            return crypto::from_memory("<theirs/>");
        };
    }
    static inbound_view arrived() {
        inbound_view v;
        v.inbound = id_of(4);
        v.partner = "NZ";
        v.agency = "GACC";
        v.envelope = {"NZ", "CN", "NZL-1", 853, 70};
        return v;
    }
    template <class Act>
    http::response call(Act act, fake_incoming request, parameters found) {
        inbox_call c{ledger, agency, time, language::en, "", [this] { ++woken; }};
        return run(loop, act(c, request, found));
    }
    http::response answer(const std::string& json, const std::string& type = "application/json") {
        return call(answer_inbound,
                    fake_incoming{"POST", "/v1/inbox/x/acknowledgement"}.body(type, json), {id});
    }
};

TEST_F(inbox, an_arrival_is_shown_to_the_responsible_agency) {
    const auto r = call(show_inbound, {"GET", "/"}, {id});
    EXPECT_EQ(r.status, 200);
    EXPECT_EQ(text_at(json_of(r), "/inbound"), id);
    EXPECT_EQ(text_at(json_of(r), "/number"), "NZL-1");
    EXPECT_EQ(text_at(json_of(r), "/answer"), "");
    EXPECT_EQ(body_of(call(inbound_content, {"GET", "/"}, {id})), "<theirs/>");
}

TEST_F(inbox, for_another_agency_it_does_not_exist) {
    agency.name = "MARA";
    EXPECT_EQ(call(show_inbound, {"GET", "/"}, {id}).status, 404);
    EXPECT_EQ(call(inbound_content, {"GET", "/"}, {id}).status, 404);
    EXPECT_EQ(answer(R"({"status":"accepted"})").status, 404);
    EXPECT_EQ(call(show_inbound, {"GET", "/"}, {"no-id"}).status, 404);
}

TEST_F(inbox, who_reads_all_may_read_but_not_answer) {
    agency = {.name = "MARA", .read_all_inbox = true};
    EXPECT_EQ(call(show_inbound, {"GET", "/"}, {id}).status, 200);
    EXPECT_EQ(answer(R"({"status":"accepted"})").status, 403);
    EXPECT_EQ(woken, 0u);
}

TEST_F(inbox, the_list_is_asked_for_this_agency) {
    std::pair<std::string, bool> asked;
    ledger.on_inbox = [&](const list_query& q, bool read_all) -> result<page<inbound_view>> {
        asked = {q.agency, read_all};
        page<inbound_view> p;
        p.rows.push_back(arrived());
        return p;
    };
    const auto r = call(list_inbox, {"GET", "/v1/inbox?partner=NZ"}, {});
    EXPECT_EQ(asked, std::pair(std::string{"GACC"}, false));
    EXPECT_EQ(text_at(json_of(r), "/rows/0/inbound"), id);
    EXPECT_EQ(call(list_inbox, {"GET", "/v1/inbox?agency=MARA"}, {}).status, 422);
}

TEST_F(inbox, an_answer_is_kept_and_goes_on_its_way) {
    const auto r = answer(R"({"status":"rejected","reason":"Seal broken","language":"en"})");
    EXPECT_EQ(r.status, 200) << body_of(r);
    EXPECT_EQ(*answered, (queue::answer{41, "Seal broken", "en"}));
    EXPECT_EQ(text_at(json_of(r), "/answer"), "rejected");
    EXPECT_EQ(text_at(json_of(r), "/answer_status"), "41");
    EXPECT_EQ(woken, 1u);
}

TEST_F(inbox, the_same_answer_again_is_the_same_and_another_is_409) {
    EXPECT_EQ(answer(R"({"status":"accepted"})").status, 200);
    EXPECT_EQ(answer(R"({"status":"accepted"})").status, 200);
    EXPECT_EQ(answer(R"({"status":"rejected","reason":"no"})").status, 409);
    EXPECT_EQ(answered->status, 39);
}

TEST_F(inbox, a_wrong_answer_is_told_all_its_faults) {
    EXPECT_EQ(error_ids(answer("[")), "REST-JSON");
    EXPECT_EQ(error_ids(answer("[]")), "REST-JSON");
    EXPECT_EQ(error_ids(answer("{}")), "INBOX-ANSWER-STATUS");
    EXPECT_EQ(error_ids(answer(R"({"status":"rejected"})")), "INBOX-REASON-MISSING");
    EXPECT_EQ(error_ids(answer(R"({"status":"maybe","reason":7})")),
              "INBOX-ANSWER-STATUS REST-JSON");
    EXPECT_EQ(
        error_ids(answer(R"({"status":"accepted","reason":")" + std::string(2001, 'x') + "\"}")),
        "INBOX-REASON-TOO-LONG");
    EXPECT_EQ(answer(R"({"status":"accepted"})", "text/plain").status, 415);
    EXPECT_FALSE(answered);
}

std::string acknowledgement_of(const std::string& status, const std::string& more = "") {
    return "<a:SPSAcknowledgement "
           "xmlns:a='urn:un:unece:uncefact:data:standard:SPSAcknowledgement:17' "
           "xmlns='urn:un:unece:uncefact:data:standard:"
           "ReusableAggregateBusinessInformationEntity:21'><a:SPSAcknowledgementDocument>"
           "<StatusCode>" +
           status + "</StatusCode>" + more +
           "</a:SPSAcknowledgementDocument></a:SPSAcknowledgement>";
}
std::string about(const std::string& number) {
    return "<ReferenceSPSReferencedDocument><ID>" + number +
           "</ID></ReferenceSPSReferencedDocument>";
}

TEST_F(inbox, an_answer_may_be_an_acknowledgement_of_un_cefact) {
    const auto reason = "<ReasonInformation languageID='en'>Seal broken</ReasonInformation>";
    EXPECT_EQ(answer(acknowledgement_of("41", reason + about("NZL-1")), "application/xml").status,
              200);
    EXPECT_EQ(*answered, (queue::answer{41, "Seal broken", "en"}));
    EXPECT_EQ(answer(R"({"status":"rejected","reason":"Seal broken","language":"en"})").status, 200)
        << "the same answer in the other form";
    EXPECT_EQ(answer(acknowledgement_of("39"), "text/xml").status, 409);
}

TEST_F(inbox, issued_is_how_traces_accepts) {
    EXPECT_EQ(answer(acknowledgement_of("70"), "application/xml").status, 200);
    EXPECT_EQ(answered->status, 39);
}

TEST_F(inbox, an_acknowledgement_of_another_certificate_or_of_no_decision_is_refused) {
    const auto xml = [&](const std::string& text) { return error_ids(answer(text, "text/xml")); };
    EXPECT_EQ(xml(acknowledgement_of("39", about("NZL-2"))), "INBOX-OTHER-CERTIFICATE");
    EXPECT_EQ(xml(acknowledgement_of("42")), "INBOX-ANSWER-STATUS");
    EXPECT_EQ(xml(acknowledgement_of("41")), "INBOX-REASON-MISSING");
    EXPECT_EQ(xml("<a/>"), "SPS-NOT-AN-ACKNOWLEDGEMENT");
    EXPECT_EQ(xml("{"), "INBOX-NOT-XML");
    EXPECT_EQ(xml("<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>"), "INBOX-NOT-XML");
    EXPECT_FALSE(answered);
}

TEST(answer, in_a_contracts_fields_is_held_to_the_same) {
    const auto ids = [](const answer_fields& said) {
        std::string all;
        for (const auto& p : read_answer_fields(said, "NZL-1").found)
            all += (all.empty() ? "" : " ") + p.id;
        return all;
    };
    EXPECT_EQ(read_answer_fields({"70", "", "", ""}, "NZL-1").value, (queue::answer{39, "", ""}));
    EXPECT_EQ(read_answer_fields({"41", "pests", "en", ""}, "NZL-1").value,
              (queue::answer{41, "pests", "en"}));
    EXPECT_EQ(ids({"39", "", "", ""}), "");
    EXPECT_EQ(ids({"39x", "", "", ""}), "INBOX-ANSWER-STATUS");
    EXPECT_EQ(ids({"", "", "", ""}), "INBOX-ANSWER-STATUS");
    EXPECT_EQ(ids({"41", "", "", ""}), "INBOX-REASON-MISSING");
    EXPECT_EQ(ids({"41", std::string(2001, 'x'), "", "NZL-2"}),
              "INBOX-OTHER-CERTIFICATE INBOX-REASON-TOO-LONG");
}

TEST_F(inbox, an_answer_of_unknown_code_is_shown_by_its_number) {
    inbound_view v;
    v.answer_status = 42;
    EXPECT_EQ(inbound_json(v, language::en).at("answer"), "42");
}

}  // namespace
}  // namespace ecert::hub::tests
