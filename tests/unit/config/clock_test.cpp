#include "config/clock.hpp"

#include <gtest/gtest.h>

using namespace ecert;
using namespace std::chrono_literals;

namespace {
time_point at(std::string_view text) { return parse_rfc3339(text).value(); }
}  // namespace

TEST(clock, writes_utc_with_milliseconds) {
    EXPECT_EQ(rfc3339(time_point{0ms}), "1970-01-01T00:00:00.000Z");
    EXPECT_EQ(rfc3339(time_point{1795561922123ms}), "2026-11-24T23:12:02.123Z");
    EXPECT_EQ(rfc3339(time_point{-1ms}), "1969-12-31T23:59:59.999Z");
}

TEST(clock, reads_what_it_writes) {
    for (const duration d :
         {0ms, 1ms, 999ms, 1795561922123ms, -62167219200000ms, 253402300799999ms})
        EXPECT_EQ(at(rfc3339(time_point{d})), time_point{d}) << d.count();
}

TEST(clock, any_offset_is_the_same_instant) {
    const time_point utc = at("2026-11-24T23:12:02Z");
    EXPECT_EQ(at("2026-11-25T07:12:02+08:00"), utc);
    EXPECT_EQ(at("2026-11-24T18:12:02-05:00"), utc);
    EXPECT_EQ(at("2026-11-25T04:57:02+05:45"), utc);
    EXPECT_EQ(at("2026-11-24t23:12:02z"), utc);
}

TEST(clock, fractions_of_any_length_are_cut_to_milliseconds) {
    const time_point whole = at("2026-11-24T23:12:02Z");
    EXPECT_EQ(at("2026-11-24T23:12:02.5Z"), whole + 500ms);
    EXPECT_EQ(at("2026-11-24T23:12:02.07Z"), whole + 70ms);
    EXPECT_EQ(at("2026-11-24T23:12:02.1239999999Z"), whole + 123ms);
}

TEST(clock, a_leap_second_is_the_second_after_it) {
    EXPECT_EQ(at("2016-12-31T23:59:60Z"), at("2017-01-01T00:00:00Z"));
}

TEST(clock, refuses_what_is_no_date_of_the_calendar_or_no_rfc3339) {
    for (const char* text :
         {"", "2026", "2026-11-24", "2026-11-24T23:12:02", "2026-13-01T00:00:00Z",
          "2026-02-29T00:00:00Z", "2026-11-24T24:00:00Z", "2026-11-24T23:60:00Z",
          "2026-11-24T23:12:61Z", "2026-11-24T23:12:02.Z", "2026-11-24 23:12:02Z",
          "2026-11-24T23:12:02+0800", "2026-11-24T23:12:02+24:00", "2026-11-24T23:12:02+08:60",
          "2026-11-24T23:12:02Zx", "+026-11-24T23:12:02Z"})
        EXPECT_FALSE(parse_rfc3339(text)) << text;
    EXPECT_TRUE(parse_rfc3339("2028-02-29T00:00:00Z"));
}

TEST(clock, manual_clock_moves_only_when_told) {
    manual_clock clock{time_point{1000ms}};
    const auto before = clock.steady();
    clock.advance(5s);
    EXPECT_EQ(clock.now(), time_point{6000ms});
    EXPECT_EQ(clock.steady() - before, 5s);
    clock.jump_wall(-10s);
    EXPECT_EQ(clock.now(), time_point{-4000ms});
    EXPECT_EQ(clock.steady() - before, 5s);
}

TEST(clock, the_machine_knows_the_time_in_whole_milliseconds) {
    EXPECT_GT(machine_clock().now(), at("2024-01-01T00:00:00Z"));
    const auto first = machine_clock().steady();
    EXPECT_GE(machine_clock().steady(), first);
}
