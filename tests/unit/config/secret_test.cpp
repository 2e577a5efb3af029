#include "config/secret.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <sstream>

using ecert::secret;

TEST(secret, prints_stars_and_reveals_only_when_asked) {
    const secret password{"swordfish"};
    std::ostringstream out;
    out << password;
    EXPECT_EQ(out.str(), "***");
    EXPECT_EQ(fmt::format("{}", password), "***");
    EXPECT_EQ(password.reveal(), "swordfish");
}

TEST(secret, is_wiped_when_it_dies) {
    alignas(secret) unsigned char memory[sizeof(secret)];
    auto* short_one = new (memory) secret{"swordfish"};  // short: inside the object
    short_one->~secret();
    EXPECT_EQ(std::string_view(reinterpret_cast<char*>(memory), sizeof memory).find("sword"),
              std::string_view::npos);
}

TEST(secret, assignment_replaces_the_value) {
    secret one{"first"};
    const secret other{"second"};
    one = other;
    EXPECT_EQ(one.reveal(), "second");
    EXPECT_EQ(other.reveal(), "second");
    one = secret{};
    EXPECT_TRUE(one.empty());
}
