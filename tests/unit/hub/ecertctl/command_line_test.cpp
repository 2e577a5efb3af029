#include "hub/ecertctl/command_line.hpp"

#include "tests/unit/hub/ecertctl/scripted_node.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <iterator>
#include <sstream>

using namespace ecert;
using ctl::exit_code;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

namespace {

constexpr auto id = "0b4b1f0e-8f3c-5f60-9d5b-1f6f0a1c2d3e";

std::string row(const std::string& number, const std::string& state) {
    return R"({"verb":"deliver","id":"d-)" + number + R"(","certificate":"c","delivery":"d-)" +
           number + R"(","agency":"NPPO","partner":"NZ","channel":"nz","from":"CN",)" +
           R"("to":"NZ","number":")" + number + R"(","type":851,"status":70,"state":")" + state +
           R"(","accepted":"2026-11-24T12:00:00.000Z","size":12,"sha256":"ab","holder":"hub",)" +
           R"("since":"2026-11-24T12:57:00.000Z","last_answer":"503 closed for repair","attempts":4,)" +
           R"("next_try":"2026-11-24T13:00:40.000Z","reason":"","who_must_act":"nobody: it goes on by itself"})";
}

class ecertctl : public testing::Test {
  protected:
    exit_code run(std::vector<std::string> words) {
        out.str("");
        err.str("");
        ctl::session s{out, err, clock, in, false, node.socket};
        return ctl::run_command_line(s, words);
    }
    exit_code as_agency(std::vector<std::string> words) {
        const std::string any = node.file("any.pem", "none");
        for (const auto& word : {std::string{"--url"}, node.url, std::string{"--cert"}, any,
                                 std::string{"--key"}, any, std::string{"--ca"}, any})
            words.push_back(word);
        return run(std::move(words));
    }
    std::vector<std::string> targets() const {
        std::vector<std::string> all;
        for (const auto& q : node.asked()) all.push_back(q.method + ' ' + q.target);
        return all;
    }

    tests::scripted_node node;
    manual_clock clock{parse_rfc3339("2026-11-24T13:00:00Z").value()};
    std::ostringstream out, err;
    language in = language::en;
};

}  // namespace

TEST_F(ecertctl, status_of_a_delivery_is_its_custody_in_times_that_people_say) {
    node.answers(200, row("PC/1", "waiting"));
    EXPECT_EQ(run({"status", id}), exit_code::ok);
    EXPECT_THAT(targets(), ElementsAre("GET /v1/work/" + std::string{id}));
    EXPECT_THAT(out.str(), HasSubstr("holder        hub\n"));
    EXPECT_THAT(out.str(), HasSubstr("since         3 min ago (2026-11-24T12:57:00.000Z)"));
    EXPECT_THAT(out.str(), HasSubstr("last answer   503 closed for repair"));
    EXPECT_THAT(out.str(), HasSubstr("next try      in 40 s"));
    EXPECT_THAT(out.str(), HasSubstr("who must act  nobody: it goes on by itself"));
    EXPECT_THAT(out.str(), Not(HasSubstr("reason")));
}

TEST_F(ecertctl, status_finds_by_certificate_number_with_every_byte_escaped) {
    node.answers(200, R"({"rows":[)" + row("PC/1", "waiting") + R"(],"next":""})");
    EXPECT_EQ(run({"status", "PC/1 &证?"}), exit_code::ok);
    EXPECT_THAT(targets(), ElementsAre("GET /v1/work?number=PC%2F1%20%26%E8%AF%81%3F&limit=1000"));
    EXPECT_THAT(out.str(), HasSubstr("number        PC/1\n"));
    node.answers(200, R"({"rows":[],"next":""})");
    EXPECT_EQ(run({"status", "PC/2"}), exit_code::refused);
}

TEST_F(ecertctl, status_of_the_node_names_what_is_wrong_with_it) {
    node.answers(
        200,
        R"({"node":"CN","at":"2026-11-24T13:00:00.000Z","states":{"waiting":3,"parked":1},"channels":[{"channel":"nz",)"
        R"("window":64,"in_flight":2,"circuit":"open until 13:05","last_failure":"refused","within_hours":false}],)"
        R"("disk":{"folder":"/var/lib/ecert","free_bytes":1073741824,"low":true}})");
    EXPECT_EQ(run({"status"}), exit_code::ok);
    EXPECT_THAT(out.str(), HasSubstr("waiting 3, parked 1"));
    EXPECT_THAT(out.str(), HasSubstr("1.0 GiB free, BELOW ITS RESERVE"));
    EXPECT_THAT(out.str(), HasSubstr("nz       2/64       open until 13:05  closed  refused"));
}

TEST_F(ecertctl, queue_shows_what_the_ledger_knows_beside_what_the_broker_says) {
    node.answers(
        200,
        R"({"kind":"amqp","publishing":true,"consuming":true,"trouble":"","since":null,"waits":[],)"
        R"("outcomes":{"name":"outcomes","ready":1,"unsettled_here":4,"unconfirmed":0,"consumers":1,"trouble":""},)"
        R"("poison":null,"rows":[{"partner":"NZ","due":1000,"due_at_least":true,"in_flight":2,)"
        R"("oldest_due":"2026-11-24T12:57:00.000Z","next_due":null,"channel":"nz","channel_in_flight":3,)"
        R"("window":64,"circuit":"closed","within_hours":true,"served":false,"queue":{"name":"work.NZ",)"
        R"("ready":5,"unsettled_here":0,"unconfirmed":3,"consumers":0,"trouble":""}}],"next":""})");
    EXPECT_EQ(run({"queue"}), exit_code::ok);
    EXPECT_THAT(targets(), ElementsAre("GET /v1/queue"));
    EXPECT_THAT(out.str(), HasSubstr("queue     amqp: well\n"));
    EXPECT_THAT(out.str(), HasSubstr("outcomes  1 ready, 4 being applied\n"));
    EXPECT_THAT(out.str(), HasSubstr("poison    - ready, - being applied\n"));
    EXPECT_THAT(out.str(),
                HasSubstr("NZ       1000+  3 min ago   2          nz       3/64    "
                          "closed   5      3            0          no worker serves it"));
}

TEST_F(ecertctl, queue_names_a_broker_that_is_gone_and_what_waits_for_it) {
    node.answers(200,
                 R"({"kind":"amqp","publishing":false,"trouble":"b1:5672: refused",)"
                 R"("since":"2026-11-24T12:57:00.000Z","waits":["all work waits for the queue"],)"
                 R"("outcomes":null,"poison":null,"rows":[],"next":""})");
    EXPECT_EQ(run({"queue"}), exit_code::ok);
    EXPECT_THAT(out.str(),
                HasSubstr("amqp: TROUBLE since 2026-11-24T12:57:00.000Z: b1:5672: refused\n"));
    EXPECT_THAT(out.str(), HasSubstr("waits     all work waits for the queue\n"));
}

TEST_F(ecertctl, queue_rebuild_says_what_was_in_each_queue_and_fails_when_one_was_not_rebuilt) {
    node.answers(200,
                 R"({"rows":[{"queue":"work.NZ","done":true,"before":7,"after":0,"trouble":""}],)"
                 R"("next":""})");
    EXPECT_EQ(run({"queue", "rebuild", "NZ", "--outcomes", "--reason", "the disk was lost"}),
              exit_code::ok);
    EXPECT_THAT(targets(), ElementsAre("POST /v1/queue/rebuild"));
    EXPECT_EQ(node.asked().back().body,
              R"({"partners":["NZ"],"outcomes":true,"all":false,"reason":"the disk was lost"})");
    EXPECT_THAT(out.str(), HasSubstr("work.NZ  7             0          yes"));
    node.answers(200, R"({"rows":[{"queue":"work.NZ","done":false,"before":7,"after":0,)"
                      R"("trouble":"access refused"}],"next":""})");
    EXPECT_EQ(run({"queue", "rebuild", "--all", "--reason", "x"}), exit_code::refused);
    EXPECT_THAT(out.str(), HasSubstr("NO: access refused"));
}

TEST_F(ecertctl, queue_rebuild_needs_a_reason_and_to_be_told_which) {
    EXPECT_EQ(run({"queue", "rebuild", "NZ"}), exit_code::usage);
    EXPECT_EQ(run({"queue", "rebuild", "--reason", "x"}), exit_code::usage);
    EXPECT_TRUE(node.asked().empty());
}

TEST_F(ecertctl, list_asks_for_unfinished_first_and_says_that_there_is_more) {
    node.answers(
        200, R"({"rows":[)" + row("A", "parked") + "," + row("B", "waiting") + R"(],"next":"n2"})");
    EXPECT_EQ(run({"list", "--state", "parked", "--partner", "NZ"}), exit_code::ok);
    EXPECT_THAT(targets(),
                ElementsAre("GET /v1/work?state=parked&partner=NZ&unfinished=true&limit=100"));
    EXPECT_THAT(out.str(), HasSubstr("\nparked   certificate  NZ       A       851/70       hub"));
    EXPECT_THAT(err.str(), HasSubstr("--all"));
}

TEST_F(ecertctl, our_answers_stand_in_the_list_and_in_the_status) {
    const std::string owed =
        R"({"verb":"respond","owed":"our answer to NZ about certificate NZ/7","id":"i-7","inbound":"i-7",)"
        R"("partner":"NZ","number":"NZ/7","type":851,"status":70,"state":"parked","holder":"operator",)"
        R"("reason":"unrecognised-answer","who_must_act":"operator: add a rule","answer":"accepted"})";
    node.answers(200, R"({"rows":[)" + owed + R"(],"next":""})");
    EXPECT_EQ(run({"list", "--verb", "respond"}), exit_code::ok);
    EXPECT_EQ(targets().back(), "GET /v1/work?verb=respond&unfinished=true&limit=100");
    EXPECT_THAT(out.str(), HasSubstr("\nparked  answer  NZ       NZ/7    851/70       operator"));
    EXPECT_THAT(out.str(), HasSubstr("i-7"));
    node.answers(200, owed);
    EXPECT_EQ(run({"status", id}), exit_code::ok);
    EXPECT_THAT(out.str(), HasSubstr("owed          our answer to NZ about certificate NZ/7\n"));
    EXPECT_THAT(out.str(), HasSubstr("our answer    accepted\n"));
    node.answers(200, R"({"node":"CN","states":{"waiting":3},"owed":{"respond":{"parked":1}}})");
    EXPECT_EQ(run({"status"}), exit_code::ok);
    EXPECT_THAT(out.str(), HasSubstr("answers   parked 1\n"));
}

TEST_F(ecertctl, list_all_follows_every_page) {
    for (const bool json : {false, true}) {
        node.answers(200, R"({"rows":[)" + row("A", "parked") + R"(],"next":"n 2"})");
        node.answers(200, R"({"rows":[)" + row("B", "waiting") + R"(],"next":""})");
        EXPECT_EQ(run(json ? std::vector<std::string>{"list", "--all", "--json"}
                           : std::vector<std::string>{"list", "--all"}),
                  exit_code::ok);
        EXPECT_THAT(out.str(), HasSubstr("d-A"));
        EXPECT_THAT(out.str(), HasSubstr("d-B"));
    }
    EXPECT_EQ(targets().at(1), "GET /v1/work?unfinished=true&limit=1000&cursor=n%202");
}

TEST_F(ecertctl, json_is_the_nodes_answer_unchanged) {
    const std::string text = R"({"rows":[],  "next":"","newer_member":1})";
    node.answers(200, text);
    EXPECT_EQ(run({"list", "--json"}), exit_code::ok);
    EXPECT_EQ(out.str(), text + "\n");
    node.answers(404, R"({"type":"urn:ecert:problem:not-found","status":404,"detail":"no"})");
    EXPECT_EQ(run({"--json", "status", id}), exit_code::refused);
    EXPECT_THAT(out.str(), HasSubstr(R"("detail":"no")"));
}

TEST_F(ecertctl, an_act_sends_its_reason_and_tells_the_new_state) {
    for (const char* verb : {"retry", "hold", "release", "cancel"}) {
        node.answers(200, R"({"state":"held"})");
        EXPECT_EQ(run({verb, id, "--reason", "the \"ministry\" asked"}), exit_code::ok);
        EXPECT_THAT(out.str(), HasSubstr("held"));
        EXPECT_EQ(node.asked().back().target, "/v1/work/" + std::string{id} + '/' + verb);
        EXPECT_EQ(node.asked().back().body, R"({"reason":"the \"ministry\" asked"})");
        EXPECT_EQ(node.asked().back().fields.get("Content-Type"), "application/json");
    }
    EXPECT_EQ(run({"hold", id}), exit_code::usage) << "no reason";
    EXPECT_EQ(node.asked().size(), 4u);
}

TEST_F(ecertctl, a_refusal_tells_every_reason) {
    node.answers(
        422,
        R"({"type":"urn:ecert:problem:x","title":"t","status":422,"detail":"two things","errors":[{"id":"A-B","level":"error",)"
        R"("path":"/x","value":"v","expected":"e","text":"Wrong."},{"id":"C-D","level":"warning","path":"/y","value":"","expected":"","text":"Odd."}]})");
    EXPECT_EQ(run({"status", id}), exit_code::refused);
    EXPECT_THAT(err.str(), HasSubstr("refused (HTTP 422): two things"));
    EXPECT_THAT(err.str(), HasSubstr("error [A-B] /x: Wrong. Found: v. Expected: e."));
    EXPECT_THAT(err.str(), HasSubstr("warning [C-D] /y: Odd.\n"));
}

TEST_F(ecertctl, exit_codes_tell_what_kind_of_failure_it_was) {
    node.answers(503, R"({"title":"busy","status":503})");
    EXPECT_EQ(run({"list"}), exit_code::unreachable);
    node.answers(200, "no json");
    EXPECT_EQ(run({"list"}), exit_code::unreachable);
    node.answers(422, R"({"type":"urn:ecert:problem:configuration","detail":"kept"})");
    EXPECT_EQ(run({"reload"}), exit_code::broken);
    EXPECT_EQ(run({"list", "--socket", "/no/such/socket"}), exit_code::unreachable);
    EXPECT_THAT(err.str(), HasSubstr("/no/such/socket"));
    EXPECT_EQ(run({}), exit_code::usage);
    EXPECT_EQ(run({"lst"}), exit_code::usage);
    EXPECT_EQ(run({"list", "--stat", "parked"}), exit_code::usage);
    EXPECT_EQ(run({"--help"}), exit_code::ok);
    EXPECT_THAT(out.str(), HasSubstr("Exit codes: 0 done, 1 refused"));
}

TEST_F(ecertctl, a_broken_audit_trail_is_exit_code_four) {
    node.answers(200, R"({"events":12,"whole":true,"broken_at":0,"text":""})");
    EXPECT_EQ(run({"audit", "verify"}), exit_code::ok);
    EXPECT_THAT(out.str(), HasSubstr("12 events is whole"));
    node.answers(200, R"({"events":12,"whole":false,"broken_at":7,"text":"hash differs"})");
    EXPECT_EQ(run({"audit", "verify"}), exit_code::broken);
    EXPECT_THAT(out.str(), HasSubstr("BROKEN at event 7: hash differs"));
    node.answers(200, R"({"events":12})");
    EXPECT_EQ(run({"audit", "verify", "--json"}), exit_code::broken) << "silence is no proof";
}

TEST_F(ecertctl, events_are_told_in_order) {
    node.answers(
        200,
        R"({"events":[{"sequence":1,"at":"2026-11-24T12:00:00.000Z","kind":"accepted","actor":"agency:NPPO","detail":{"a":1}},)"
        R"({"sequence":2,"at":"2026-11-24T12:00:01.000Z","kind":"held","actor":"operator:root","detail":{}}]})");
    EXPECT_EQ(run({"events", id}), exit_code::ok);
    EXPECT_THAT(out.str(), HasSubstr("accepted  agency:NPPO    {\"a\":1}\n"));
    EXPECT_LT(out.str().find("accepted"), out.str().find("held"));
}

TEST_F(ecertctl, foreign_text_cannot_steer_the_terminal) {
    node.answers(200,
                 R"({"rows":[)" + row("\\u001b[2J\\u0007\\u202e", "parked") + R"(],"next":""})");
    EXPECT_EQ(run({"list"}), exit_code::ok);
    EXPECT_THAT(out.str(), Not(HasSubstr("\x1b")));
    EXPECT_THAT(out.str(), Not(HasSubstr("\x07")));
    EXPECT_THAT(out.str(), Not(HasSubstr("\xE2\x80\xAE")));
}

TEST_F(ecertctl, asks_in_the_language_of_its_user) {
    in = language::zh;
    node.answers(200, R"({"rows":[]})");
    run({"channels"});
    EXPECT_EQ(node.asked().back().fields.get("Accept-Language"), "zh");
}

TEST_F(ecertctl, submit_pushes_the_bytes_of_each_file) {
    const std::string one = node.file("1.xml", "<a/>"), two = node.file("2.xml", "<b>\r\n</b>");
    node.answers(202, R"({"certificate":"c1","partner":"NZ"})");
    node.answers(200, R"({"certificate":"c2","partner":"NZ"})");
    EXPECT_EQ(as_agency({"submit", one, two, "--to", "NZ"}), exit_code::ok) << err.str();
    ASSERT_EQ(node.asked().size(), 2u);
    EXPECT_EQ(node.asked()[0].target, "/v1/certificates?to=NZ");
    EXPECT_EQ(node.asked()[0].body, "<a/>");
    EXPECT_EQ(node.asked()[0].fields.get("Content-Type"), "application/xml");
    EXPECT_EQ(node.asked()[1].body, "<b>\r\n</b>");
    EXPECT_THAT(out.str(), HasSubstr("1.xml: accepted as certificate c1 for NZ\n"));
    EXPECT_THAT(out.str(), HasSubstr("2.xml: was accepted before as certificate c2 for NZ\n"));
}

TEST_F(ecertctl, one_refused_file_does_not_stop_the_others_but_is_told_by_the_exit_code) {
    const std::string file = node.file("1.xml", "<a/>");
    node.answers(422, R"({"status":422,"detail":"The certificate was not taken"})");
    node.answers(202, R"({"certificate":"c1","partner":"NZ"})");
    EXPECT_EQ(as_agency({"submit", file, file}), exit_code::refused);
    EXPECT_EQ(node.asked().size(), 2u);
}

TEST_F(ecertctl, submit_hands_on_key_and_predecessor_for_one_file_only) {
    const std::string file = node.file("1.xml", "<a/>");
    node.answers(202, R"({"certificate":"c1"})");
    EXPECT_EQ(as_agency({"submit", file, "--idempotency-key", "k1", "--supersedes", id}),
              exit_code::ok);
    EXPECT_EQ(node.asked().back().fields.get("Idempotency-Key"), "k1");
    EXPECT_EQ(node.asked().back().fields.get("Supersedes"), id);
    EXPECT_EQ(as_agency({"submit", file, file, "--idempotency-key", "k1"}), exit_code::usage);
    EXPECT_EQ(as_agency({"submit", file + ".gone"}), exit_code::usage);
    EXPECT_EQ(node.asked().size(), 1u);
}

TEST_F(ecertctl, get_writes_the_certificates_very_bytes) {
    node.answers(200, std::string("<c>\r\n\0</c>", 11));
    const std::string to = node.file("got.xml", "old and longer than what comes");
    EXPECT_EQ(as_agency({"get", id, "--content", to}), exit_code::ok) << err.str();
    EXPECT_THAT(targets(), ElementsAre("GET /v1/certificates/" + std::string{id} + "/content"));
    std::ifstream in_file{to, std::ios::binary};
    EXPECT_EQ((std::string{std::istreambuf_iterator<char>{in_file}, {}}),
              std::string("<c>\r\n\0</c>", 11));
}

TEST_F(ecertctl, config_check_needs_no_node) {
    EXPECT_EQ(run({"config", "check", "--config",
                   std::string{ECERT_SOURCE_DIR} + "/tests/unit/config/planted"}),
              exit_code::broken);
    EXPECT_THAT(out.str(), HasSubstr("partners/NZ.toml:2 channel"));
    EXPECT_THAT(out.str(), HasSubstr("12 errors, 0 warnings"));
    EXPECT_TRUE(node.asked().empty());
}
