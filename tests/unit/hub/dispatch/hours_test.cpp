#include "hub/dispatch/hours.hpp"

#include <gtest/gtest.h>

namespace ecert::hub {
namespace {

time_point at(const char* text) { return parse_rfc3339(text).value(); }

TEST(hours, empty_is_always) {
    const auto h = hours::parse("").value();
    EXPECT_TRUE(h.open(at("2026-11-24T03:00:00Z")));
    EXPECT_EQ(h.next_opening(at("2026-11-24T03:00:00Z")), at("2026-11-24T03:00:00Z"));
}

TEST(hours, a_day_opens_with_its_first_minute_and_closes_with_its_last) {
    const auto h = hours::parse("08:00-18:30").value();
    EXPECT_FALSE(h.open(at("2026-11-24T07:59:59.999Z")));
    EXPECT_TRUE(h.open(at("2026-11-24T08:00:00Z")));
    EXPECT_TRUE(h.open(at("2026-11-24T18:29:59.999Z")));
    EXPECT_FALSE(h.open(at("2026-11-24T18:30:00Z")));
}

TEST(hours, past_midnight_is_open_on_both_sides_of_it) {
    const auto h = hours::parse("22:00-06:00").value();
    EXPECT_TRUE(h.open(at("2026-11-24T23:00:00Z")));
    EXPECT_TRUE(h.open(at("2026-11-24T05:59:00Z")));
    EXPECT_FALSE(h.open(at("2026-11-24T06:00:00Z")));
    EXPECT_EQ(h.next_opening(at("2026-11-24T06:00:00Z")), at("2026-11-24T22:00:00Z"));
}

TEST(hours, the_next_opening_is_today_or_tomorrow) {
    const auto h = hours::parse("08:00-18:00").value();
    EXPECT_EQ(h.next_opening(at("2026-12-31T05:00:00Z")), at("2026-12-31T08:00:00Z"));
    EXPECT_EQ(h.next_opening(at("2026-12-31T18:00:00Z")), at("2027-01-01T08:00:00Z"));
    EXPECT_EQ(h.next_opening(at("2026-12-31T09:00:00Z")), at("2026-12-31T09:00:00Z"));
}

TEST(hours, a_day_may_end_at_24_00) {
    const auto h = hours::parse("18:00-24:00").value();
    EXPECT_TRUE(h.open(at("2026-11-24T23:59:59.999Z")));
    EXPECT_FALSE(h.open(at("2026-11-25T00:00:00Z")));
    EXPECT_TRUE(hours::parse("00:00-24:00").value().open(at("2026-11-25T00:00:00Z")));
}

TEST(hours, what_is_of_another_form_is_not_read) {
    for (auto text : {"8-18", "08:00", "08:00-18:0", "25:00-26:00", "08:60-18:00", "08:00 18:00",
                      "24:01-08:00", "aa:00-18:00", "08:00-18:00 ", "-8:00-18:00"})
        EXPECT_FALSE(hours::parse(text)) << text;
}

}  // namespace
}  // namespace ecert::hub
