#include "crypto/xml/conversions.hpp"

#include <gtest/gtest.h>

namespace ecert::crypto::xml {
namespace {

TEST(convert_date, every_form_of_every_writing) {
    struct row {
        const char *text, *date, *datetime, *utc, *compact;
    };
    for (const row& r : {
             row{"2025-06-01", "2025-06-01", "2025-06-01T00:00:00", "2025-06-01T00:00:00Z",
                 "20250601000000"},
             row{"2025-06-01Z", "2025-06-01", "2025-06-01T00:00:00Z", "2025-06-01T00:00:00Z",
                 "20250601000000"},
             row{" 2025-06-01T10:20 ", "2025-06-01", "2025-06-01T10:20:00", "2025-06-01T10:20:00Z",
                 "20250601102000"},
             row{"2025-06-01T10:20:30.123", "2025-06-01", "2025-06-01T10:20:30",
                 "2025-06-01T10:20:30Z", "20250601102030"},
             row{"2025-01-01T03:00:00+08:00", "2025-01-01", "2025-01-01T03:00:00+08:00",
                 "2024-12-31T19:00:00Z", "20250101030000"},
             row{"2024-02-28T23:30:00-03:30", "2024-02-28", "2024-02-28T23:30:00-03:30",
                 "2024-02-29T03:00:00Z", "20240228233000"},
             row{"20250601", "2025-06-01", "2025-06-01T00:00:00", "2025-06-01T00:00:00Z",
                 "20250601000000"},
             row{"202506011020", "2025-06-01", "2025-06-01T10:20:00", "2025-06-01T10:20:00Z",
                 "20250601102000"},
             row{"20250601102030", "2025-06-01", "2025-06-01T10:20:30", "2025-06-01T10:20:30Z",
                 "20250601102030"},
         }) {
        EXPECT_EQ(convert_date(r.text, "date"), r.date) << r.text;
        EXPECT_EQ(convert_date(r.text, "datetime"), r.datetime) << r.text;
        EXPECT_EQ(convert_date(r.text, "utc"), r.utc) << r.text;
        EXPECT_EQ(convert_date(r.text, "compact"), r.compact) << r.text;
    }
}

TEST(convert_date, what_is_no_date_is_empty) {
    for (const auto* text : {"", "yesterday", "2025-02-29", "2025-13-01", "2025-6-1", "01/06/2025",
                             "2025-06-01T25:00:00", "2025-06-01T10", "2025-06-01T10:20:30+8",
                             "2025-06-01x", "20250601Z", "2025060110", "202506011020301"})
        EXPECT_EQ(convert_date(text, "date"), "") << text;
}

TEST(convert_date, an_unknown_form_is_said) {
    EXPECT_EQ(convert_date("2025-06-01", "long"), std::nullopt);
}

TEST(convert_number, plain_keeps_the_value) {
    EXPECT_EQ(convert_number("+001.50", "plain"), "1.5");
    EXPECT_EQ(convert_number("12345678901234567890.1000", "plain"), "12345678901234567890.1");
    EXPECT_EQ(convert_number("-0.00", "plain"), "0");
    EXPECT_EQ(convert_number(".5", "plain"), "0.5");
    EXPECT_EQ(convert_number("7.", "plain"), "7");
}

TEST(convert_number, rounding_goes_away_from_zero) {
    EXPECT_EQ(convert_number("2.5", "integer"), "3");
    EXPECT_EQ(convert_number("-2.5", "integer"), "-3");
    EXPECT_EQ(convert_number("999.999", "2"), "1000.00");
    EXPECT_EQ(convert_number("0.004", "2"), "0.00");
    EXPECT_EQ(convert_number("-0.004", "2"), "0.00");
    EXPECT_EQ(convert_number("1.2", "3"), "1.200");
    EXPECT_EQ(convert_number("0.6", "0"), "1");
}

TEST(convert_number, what_is_no_number_is_empty) {
    for (const auto* text : {"", "x", "1e3", "1,5", "1.2.3", "--1", ".", "-", "1 2"})
        EXPECT_EQ(convert_number(text, "plain"), "") << text;
    EXPECT_EQ(convert_number("1", "roman"), std::nullopt);
}

}  // namespace
}  // namespace ecert::crypto::xml
