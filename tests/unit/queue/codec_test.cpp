#include "queue/wire/codec.hpp"

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <sstream>

namespace ecert::queue {
namespace {

using testing::HasSubstr;

crypto::sha256 digest_of_all(std::uint8_t value) {
    crypto::sha256 d;
    d.bytes.fill(value);
    return d;
}

uuid id(const char* text) {
    uuid read{};
    EXPECT_TRUE(parse_uuid(text, read));
    return read;
}

time_point at(const char* text) { return parse_rfc3339(text).value(); }

std::string golden(const std::string& name) {
    std::ifstream file{std::string{ECERT_SOURCE_DIR} + "/tests/unit/queue/golden/" + name};
    EXPECT_TRUE(file) << name;
    std::ostringstream text;
    text << file.rdbuf();
    std::string all = text.str();
    if (all.ends_with('\n')) all.pop_back();  // the file ends with a newline, the message does not
    return all;
}

task minimal_task() {
    task t;
    t.verb = verb::list;
    t.id = id("11111111-1111-5111-8111-111111111111");
    t.message = id("22222222-2222-5222-8222-222222222222");
    t.attempt = 1;
    t.start_by = at("2026-11-24T23:12:02.123Z");
    t.work = 1;
    t.partner = "NL";
    t.channel = "ippc";
    t.dialect = digest_of_all(0xd1);
    t.profile = digest_of_all(0xf0);
    t.envelope = {"CN", "NL", "", 0, 0};
    return t;
}

task full_task() {
    task t = minimal_task();
    t.verb = verb::respond;
    t.relates_to = id("33333333-3333-5333-8333-333333333333");
    t.attempt = 4'294'967'295;
    t.work = 9'223'372'036'854'775'807;
    t.envelope = {"CN", "NL", "编号/2026\\0017 \"A\"", 851, 70};
    t.content = content_ref{5, digest_of_all(0x01), std::string{"\x00\xff<a>", 5}};
    t.translation = content_ref{109'051'904, digest_of_all(0x02), std::nullopt};
    t.reference = std::string{
        "r\xe9"
        "f",
        3};
    t.answer = answer{41, "soil found", "en"};
    t.traceparent = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
    t.suspect = true;
    return t;
}

// A field of its own: the first files stay as they were fixed.
task task_with_token() {
    task t = full_task();
    t.token = "RUNTAWsx";
    return t;
}

// What pulling brought, in files of its own.
task task_of_pulling() {
    task t = minimal_task();
    t.verb = verb::confirm;
    t.confirmation = confirmation{confirmation_kind::warning, "№ 7: no signature"};
    t.page = "p\xff";
    t.expects = 115'343'360;
    t.reference = "HUB-77";
    return t;
}

outcome minimal_outcome() {
    outcome o;
    o.id = id("11111111-1111-5111-8111-111111111111");
    o.attempt = 1;
    o.work = 1;
    o.partner = "NL";
    o.channel = "ippc";
    o.what = outcome_class::returned;
    return o;
}

outcome full_outcome() {
    outcome o = minimal_outcome();
    o.what = outcome_class::misconfigured;
    o.scope = outcome_scope::channel;
    o.reference = "HUB-77";
    o.text = "401: неизвестный сертификат";
    o.retry_after = duration{90'000};
    o.peer_digest = digest_of_all(0xaa);
    o.translation = content_ref{3, digest_of_all(0x03), "abc"};
    o.exchange.request_head = "POST / HTTP/1.1\r\n\r\n<s:Envelope>";
    o.exchange.request_tail = "</s:Envelope>";
    o.exchange.request_digest = digest_of_all(0x04);
    o.exchange.request_size = 4096;
    o.exchange.status = 401;
    o.exchange.reply = std::string{"\x80\x00no", 4};
    o.exchange.reply_digest = digest_of_all(0x05);
    o.exchange.tls_peer = "CN=hub,O=IPPC";
    o.exchange.started = at("2026-11-24T23:12:00.000Z");
    o.exchange.ended = at("2026-11-24T23:12:01.500Z");
    o.traceparent = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
    return o;
}

outcome outcome_of_pulling() {
    outcome o = minimal_outcome();
    o.what = outcome_class::done;
    o.warning = "DeliveredWithWarnings";
    const envelope theirs{"NL", "CN", "NL/1", 851, 70};
    o.listing = listing{{{theirs, "HUB-77"}, {theirs, "\xff"}}, "2", true, 3};
    o.listing->envelopes.back().envelope.number = "NL/2";
    o.fetched = fetched{theirs, content_ref{3, digest_of_all(0x09), "abc"}};
    return o;
}

std::string with(const std::string& document, std::string_view name, boost::json::value value) {
    auto object = boost::json::parse(document).as_object();
    object[name] = std::move(value);
    return boost::json::serialize(object);
}

std::string without(const std::string& document, std::string_view name) {
    auto object = boost::json::parse(document).as_object();
    object.erase(name);
    return boost::json::serialize(object);
}

TEST(codec, task_is_written_byte_for_byte_as_version_1_was_fixed) {
    EXPECT_EQ(encode(minimal_task()), golden("task_v1_minimal.json"));
    EXPECT_EQ(encode(full_task()), golden("task_v1_full.json"));
    EXPECT_EQ(encode(task_with_token()), golden("task_v1_token.json"));
    EXPECT_EQ(encode(task_of_pulling()), golden("task_v1_pull.json"));
}

TEST(codec, outcome_is_written_byte_for_byte_as_version_1_was_fixed) {
    EXPECT_EQ(encode(minimal_outcome()), golden("outcome_v1_minimal.json"));
    EXPECT_EQ(encode(full_outcome()), golden("outcome_v1_full.json"));
    EXPECT_EQ(encode(outcome_of_pulling()), golden("outcome_v1_pull.json"));
}

TEST(codec, golden_files_are_read_back_whole) {
    EXPECT_EQ(decode_task(golden("task_v1_minimal.json")).value(), minimal_task());
    EXPECT_EQ(decode_task(golden("task_v1_full.json")).value(), full_task());
    EXPECT_EQ(decode_task(golden("task_v1_token.json")).value(), task_with_token());
    EXPECT_EQ(decode_outcome(golden("outcome_v1_minimal.json")).value(), minimal_outcome());
    EXPECT_EQ(decode_outcome(golden("outcome_v1_full.json")).value(), full_outcome());
    EXPECT_EQ(decode_task(golden("task_v1_pull.json")).value(), task_of_pulling());
    EXPECT_EQ(decode_outcome(golden("outcome_v1_pull.json")).value(), outcome_of_pulling());
}

TEST(codec, every_verb_and_class_survives_the_way) {
    for (auto v :
         {verb::deliver, verb::track, verb::list, verb::fetch, verb::confirm, verb::respond}) {
        task t = minimal_task();
        t.verb = v;
        EXPECT_EQ(decode_task(encode(t)).value().verb, v);
    }
    for (int c = 0; c <= static_cast<int>(outcome_class::returned); ++c) {
        outcome o = minimal_outcome();
        o.what = static_cast<outcome_class>(c);
        EXPECT_EQ(decode_outcome(encode(o)).value().what, o.what);
    }
}

TEST(codec, bytes_that_are_no_text_survive_the_way) {
    task t = minimal_task();
    t.envelope.number = std::string{"\xff\x00/\xc0\x80", 5};
    EXPECT_EQ(decode_task(encode(t)).value(), t);
}

TEST(codec, a_list_is_bounded_and_every_fault_in_it_is_named) {
    outcome o = minimal_outcome();
    o.listing.emplace().envelopes.resize(most_listed);
    EXPECT_EQ(decode_outcome(encode(o)).value(), o);
    o.listing->envelopes.emplace_back();
    EXPECT_THAT(decode_outcome(encode(o)).error().text, HasSubstr("listing.envelopes: more than"));
    const auto faulty = decode_outcome(
        with(encode(minimal_outcome()), "listing", {{"envelopes", {7, {{"reference", "HUB-1"}}}}}));
    ASSERT_TRUE(faulty.has_error());
    EXPECT_THAT(faulty.error().text, HasSubstr("listing.envelopes[0]: must be an object"));
    EXPECT_THAT(faulty.error().text, HasSubstr("listing.envelopes[1].envelope: is missing"));
}

TEST(codec, what_to_confirm_is_never_guessed) {
    const auto read = decode_task(
        with(golden("task_v1_pull.json"), "confirmation", {{"how", "perhaps"}, {"text", ""}}));
    ASSERT_TRUE(read.has_error());
    EXPECT_THAT(read.error().text, HasSubstr("confirmation.how"));
}

TEST(codec, unknown_fields_are_ignored) {
    const auto later = with(golden("task_v1_full.json"), "colour", {{"hue", 7}});
    EXPECT_EQ(decode_task(later).value(), full_task());
    EXPECT_EQ(decode_outcome(with(golden("outcome_v1_full.json"), "colour", 1)).value(),
              full_outcome());
}

TEST(codec, unknown_version_is_told_apart) {
    const auto newer = decode_task(with(golden("task_v1_full.json"), "v", 2));
    ASSERT_TRUE(newer.has_error());
    EXPECT_EQ(newer.error().kind, failure_kind::conflict);
    EXPECT_THAT(newer.error().text, HasSubstr("version 2"));
    EXPECT_EQ(decode_outcome(R"({"v":0})").error().kind, failure_kind::conflict);
}

TEST(codec, what_is_no_document_is_invalid_and_says_so) {
    for (auto bytes : {"", "{", "[]", "7", "null", "{\"v\":\"1\"}", "{}", "\xff", "{\"v\":1}{}"}) {
        const auto read = decode_task(bytes);
        ASSERT_TRUE(read.has_error()) << bytes;
        EXPECT_EQ(read.error().kind, failure_kind::invalid) << bytes;
        EXPECT_TRUE(decode_outcome(bytes).has_error()) << bytes;
    }
}

TEST(codec, every_missing_field_of_a_task_is_named) {
    const auto read = decode_task(R"({"v":1,"envelope":{}})");
    ASSERT_TRUE(read.has_error());
    for (auto name : {"verb", "task", "message", "attempt", "start_by", "work", "partner",
                      "channel", "dialect", "profile", "envelope.from", "envelope.to",
                      "envelope.number", "envelope.type", "envelope.status"})
        EXPECT_THAT(read.error().text, HasSubstr(std::string{name} + ": is missing"));
}

TEST(codec, every_missing_field_of_an_outcome_is_named) {
    const auto read = decode_outcome(R"({"v":1})");
    ASSERT_TRUE(read.has_error());
    for (auto name : {"task", "attempt", "work", "partner", "channel", "class"})
        EXPECT_THAT(read.error().text, HasSubstr(std::string{name} + ": is missing"));
}

TEST(codec, a_field_of_another_form_is_named) {
    const std::string whole = golden("task_v1_full.json");
    const std::pair<const char*, boost::json::value> wrong[] = {
        {"verb", "send"},
        {"verb", 1},
        {"task", "not-a-uuid"},
        {"attempt", -1},
        {"attempt", 4'294'967'296},
        {"attempt", 1.5},
        {"start_by", "yesterday"},
        {"work", "1"},
        {"partner", nullptr},
        {"dialect", "abc"},
        {"envelope", 3},
        {"content", "x"},
        {"content", {{"size", -1}, {"digest", std::string(64, '0')}}},
        {"suspect", 1},
        {"answer", boost::json::array{}},
        {"relates_to", 5},
        {"reference", {{"base64", "?"}}}};
    for (const auto& [name, value] : wrong) {
        const auto read = decode_task(with(whole, name, value));
        ASSERT_TRUE(read.has_error()) << name << " " << value;
        EXPECT_THAT(read.error().text, HasSubstr(name)) << value;
    }
}

TEST(codec, inline_bytes_agree_with_their_size_and_have_a_limit) {
    const std::string zeros(64, '0');
    const auto shorter = with(golden("task_v1_full.json"), "content",
                              {{"size", 4}, {"digest", zeros}, {"bytes", "YWJj"}});
    EXPECT_THAT(decode_task(shorter).error().text, HasSubstr("content.bytes: differ from size"));
    task t = minimal_task();
    t.content = content_ref{inline_limit + 1, {}, std::string(inline_limit + 1, 'x')};
    EXPECT_THAT(decode_task(encode(t)).error().text, HasSubstr("content.bytes"));
    t.content = content_ref{inline_limit, {}, std::string(inline_limit, 'x')};
    EXPECT_EQ(decode_task(encode(t)).value(), t);
}

TEST(codec, an_outcome_is_not_lost_over_an_absurd_retry_after) {
    const auto text = golden("outcome_v1_full.json");
    EXPECT_EQ(decode_outcome(with(text, "retry_after_ms", -5)).value().retry_after, duration{0});
    EXPECT_EQ(
        decode_outcome(with(text, "retry_after_ms", 9'223'372'036'854'775'807)).value().retry_after,
        duration{std::chrono::hours{366 * 24}});
}

TEST(codec, an_outcome_without_exchange_or_scope_is_read) {
    auto text = without(without(golden("outcome_v1_full.json"), "exchange"), "scope");
    outcome expected = full_outcome();
    expected.exchange = {};
    expected.scope = outcome_scope::task;
    EXPECT_EQ(decode_outcome(text).value(), expected);
}

}  // namespace
}  // namespace ecert::queue
