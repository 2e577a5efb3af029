#include "queue/wire/codec.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace ecert::queue {
namespace {

using testing::HasSubstr;

time_point at(const char* text) { return parse_rfc3339(text).value(); }

crypto::sha256 digest(std::uint8_t value) {
    crypto::sha256 d;
    d.bytes.fill(value);
    return d;
}

heartbeat full() {
    return {"worker-1",
            "0.1.0",
            at("2026-11-25T00:00:00.000Z"),
            at("2026-11-25T00:10:00.500Z"),
            7,
            "no broker answers",
            {{"NZ", "nz", digest(1), digest(2)}},
            {{"cn", at("2027-11-25T00:00:00.000Z")}}};
}

// The bytes both sides of an older and a newer release must go on to understand.
constexpr std::string_view golden =
    R"({"v":1,"adapter":"worker-1","version":"0.1.0","started":"2026-11-25T00:00:00.000Z",)"
    R"("now":"2026-11-25T00:10:00.500Z","in_flight":7,"partners":[{"partner":"NZ","channel":"nz",)"
    R"("dialect":"0101010101010101010101010101010101010101010101010101010101010101",)"
    R"("profile":"0202020202020202020202020202020202020202020202020202020202020202"}],)"
    R"("keys":[{"id":"cn","not_after":"2027-11-25T00:00:00.000Z"}],)"
    R"("queue_trouble":"no broker answers"})";

TEST(heartbeat, is_written_as_version_1_fixes_it) { EXPECT_EQ(encode(full()), golden); }

TEST(heartbeat, comes_back_as_it_was) {
    EXPECT_EQ(decode_heartbeat(golden).value(), full());
    auto last = full();
    last.stopping = true;
    EXPECT_EQ(decode_heartbeat(encode(last)).value(), last);
    const heartbeat_answer answer{at("2026-11-25T00:10:00.500Z"), {"the clock is 6000 ms behind"}};
    EXPECT_EQ(decode_heartbeat_answer(encode(answer)).value(), answer);
}

TEST(heartbeat, everything_wrong_is_said_at_once) {
    const auto read = decode_heartbeat(
        R"({"v":1,"adapter":5,"version":"1","started":"then","now":"2026-11-25T00:00:00Z",)"
        R"("in_flight":-1,"partners":[7],"keys":{}})");
    ASSERT_FALSE(read);
    for (const char* part : {"adapter", "started", "in_flight", "partners[0]", "keys"})
        EXPECT_THAT(read.error().text, HasSubstr(part));
}

TEST(heartbeat, of_another_version_is_told_apart) {
    EXPECT_EQ(decode_heartbeat(R"({"v":2})").error().kind, failure_kind::conflict);
}

}  // namespace
}  // namespace ecert::queue
