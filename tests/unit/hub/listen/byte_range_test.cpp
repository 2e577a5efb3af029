#include "hub/listen/byte_range.hpp"

#include <gtest/gtest.h>

namespace ecert::hub {
namespace {

TEST(byte_range, is_read_as_rfc_9110_says) {
    const struct {
        const char* field;
        std::uint64_t all;
        asked_range is;
    } table[] = {
        {"bytes=0-", 10, byte_range{0, 10}},  {"bytes=4-", 10, byte_range{4, 6}},
        {"bytes=9-", 10, byte_range{9, 1}},   {"bytes=2-5", 10, byte_range{2, 4}},
        {"bytes=2-99", 10, byte_range{2, 8}}, {"bytes=-3", 10, byte_range{7, 3}},
        {"bytes=-99", 10, byte_range{0, 10}}, {"bytes=10-", 10, no_such_range{}},
        {"bytes=10-20", 10, no_such_range{}}, {"bytes=-0", 10, no_such_range{}},
        {"bytes=0-", 0, no_such_range{}},     {"", 10, whole_body{}},
        {"bytes=", 10, whole_body{}},         {"bytes=-", 10, whole_body{}},
        {"bytes=5-2", 10, whole_body{}},      {"bytes=1-2,4-5", 10, whole_body{}},
        {"bytes=1 -2", 10, whole_body{}},     {"bytes=+1-2", 10, whole_body{}},
        {"bytes=0x1-", 10, whole_body{}},     {"bytes=99999999999999999999-", 10, whole_body{}},
        {"items=0-1", 10, whole_body{}},
    };
    for (const auto& row : table) EXPECT_TRUE(range_of(row.field, row.all) == row.is) << row.field;
}

}  // namespace
}  // namespace ecert::hub
