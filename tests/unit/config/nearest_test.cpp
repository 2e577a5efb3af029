#include "config/load/nearest.hpp"

#include <gtest/gtest.h>

using ecert::load::nearest;

namespace {
constexpr std::string_view known[] = {"tls_certificate", "tls_ca", "window", "rate", "hours"};
}

TEST(nearest, a_slip_of_the_finger_finds_its_key) {
    EXPECT_EQ(nearest("windwo", known), "window");
    EXPECT_EQ(nearest("tls_certifcate", known), "tls_certificate");
    EXPECT_EQ(nearest("tls-ca", known), "tls_ca");
    EXPECT_EQ(nearest("hour", known), "hours");
}

TEST(nearest, what_is_far_from_everything_finds_nothing) {
    EXPECT_EQ(nearest("proxy_password", known), "");
    EXPECT_EQ(nearest(std::string(100'000, 'x'), known), "");
}
