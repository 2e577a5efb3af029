#include "config/load/units.hpp"

#include <gtest/gtest.h>

using namespace ecert;
using namespace ecert::load;
using namespace std::chrono_literals;

TEST(units, durations_are_a_number_and_a_unit) {
    EXPECT_EQ(parse_duration("250ms"), duration{250ms});
    EXPECT_EQ(parse_duration("10s"), duration{10s});
    EXPECT_EQ(parse_duration("5min"), duration{5min});
    EXPECT_EQ(parse_duration("72h"), duration{72h});
    EXPECT_EQ(parse_duration("0s"), duration{0s});
    for (const char* text : {"", "10", "s", "10 s", "10sec", "-1s", "1.5s", "10S", "1h30min", "+1s",
                             "99999999999999999999s", "9223372036854775807s"})
        EXPECT_FALSE(parse_duration(text)) << text;
}

TEST(units, sizes_are_a_number_and_a_binary_unit) {
    EXPECT_EQ(parse_size("512B"), 512u);
    EXPECT_EQ(parse_size("64KiB"), 65'536u);
    EXPECT_EQ(parse_size("110MiB"), 115'343'360u);
    EXPECT_EQ(parse_size("2GiB"), 2'147'483'648u);
    for (const char* text :
         {"110MB", "1kB", "1024", "1 MiB", "-1MiB", "1.5MiB", "9999999999999GiB"})
        EXPECT_FALSE(parse_size(text)) << text;
}

TEST(units, are_written_in_the_largest_unit_that_is_exact) {
    EXPECT_EQ(written(90s), "90s");
    EXPECT_EQ(written(120s), "2min");
    EXPECT_EQ(written(240h), "240h");
    EXPECT_EQ(written(1500ms), "1500ms");
    EXPECT_EQ(written(0ms), "0s");
    EXPECT_EQ(written_size(110ull << 20), "110MiB");
    EXPECT_EQ(written_size(1025), "1025B");
    EXPECT_EQ(written_size(0), "0B");
}

TEST(units, hours_may_pass_midnight_but_not_be_nothing) {
    EXPECT_TRUE(are_hours("08:00-18:00"));
    EXPECT_TRUE(are_hours("22:00-06:00"));
    for (const char* text : {"", "8:00-18:00", "08:00", "08:00-24:00", "08:60-09:00", "08:00-08:00",
                             "08:00 - 18:00", "08:00-18:00-20:00", "ab:cd-ef:gh"})
        EXPECT_FALSE(are_hours(text)) << text;
}

TEST(units, an_endpoint_is_https_or_this_machine) {
    EXPECT_TRUE(is_endpoint("https://example.org/partner"));
    EXPECT_TRUE(is_endpoint("https://[2001:db8::1]:8443/"));
    EXPECT_TRUE(is_endpoint("http://127.0.0.1:8080/"));
    for (const char* text :
         {"", "example.org", "http://example.org/", "https:///path", "ftp://example.org/",
          "https://exa mple.org/", "http://127.0.0.1.example.org/"})
        EXPECT_FALSE(is_endpoint(text)) << text;
}
