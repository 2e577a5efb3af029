#include "hub/listen/roles.hpp"

#include "tests/unit/hub/listen/pki.hpp"

#include <gtest/gtest.h>

namespace ecert::hub::tests {
namespace {

time_point today() {
    return std::chrono::time_point_cast<duration>(std::chrono::system_clock::now());
}
std::string who(const role& r) {
    if (const auto* a = std::get_if<agency_role>(&r)) return "agency " + a->agency;
    if (const auto* c = std::get_if<channel_role>(&r)) return "channel " + c->channel;
    return "nobody";
}

struct roles_of : testing::Test {
    const pki& keys = pki::made();
    configuration c;

    void agency(const std::string& name, peer_identity_rule rule) {
        c.agencies[name].name = name;
        c.agencies[name].identity.push_back(std::move(rule));
    }
    void channel(const std::string& name, peer_identity_rule rule) {
        c.channels[name].name = name;
        c.channels[name].identity.push_back(std::move(rule));
    }
    std::string role_of(const std::string& name) {
        auto [made, found] = roles::make(c);
        EXPECT_TRUE(found.empty());
        return who(made->of(keys.load(name), today()));
    }
    problems found() { return roles::make(c).second; }
};

TEST_F(roles_of, a_pinned_certificate_is_its_agency) {
    agency("MARA", keys.pinned("mara"));
    channel("nz", keys.pinned("nz"));
    EXPECT_EQ(role_of("mara"), "agency MARA");
    EXPECT_EQ(role_of("nz"), "channel nz");
    EXPECT_EQ(role_of("stranger"), "nobody");
}

TEST_F(roles_of, the_right_ca_with_an_unlisted_subject_is_nobody) {
    agency("MARA", keys.subject("mara", "ca"));
    EXPECT_EQ(role_of("mara"), "agency MARA");
    EXPECT_EQ(role_of("stranger"), "nobody");
}

TEST_F(roles_of, the_right_subject_under_another_ca_is_nobody) {
    agency("MARA", keys.subject("mara", "ca"));
    ASSERT_EQ(keys.load("mara").subject(), keys.load("other/mara").subject());
    EXPECT_EQ(role_of("other/mara"), "nobody");
}

TEST_F(roles_of, pinned_but_expired_is_nobody) {
    agency("MARA", keys.pinned("old"));
    EXPECT_EQ(role_of("old"), "nobody");
    const auto made = roles::make(c).first;
    EXPECT_EQ(who(made->of(keys.load("old"), keys.load("old").not_before() + 1h)), "agency MARA");
}

TEST_F(roles_of, who_is_nobody_is_named_for_the_log) {
    agency("MARA", keys.pinned("mara"));
    const auto r = roles::make(c).first->of(keys.load("stranger"), today());
    ASSERT_TRUE(std::holds_alternative<nobody>(r));
    EXPECT_NE(std::get<nobody>(r).why.find("CN=stranger"), std::string::npos)
        << std::get<nobody>(r).why;
}

TEST_F(roles_of, a_second_identity_of_the_same_agency_is_no_contradiction) {
    agency("MARA", keys.pinned("mara"));
    agency("MARA", keys.subject("mara", "ca"));
    EXPECT_EQ(role_of("mara"), "agency MARA");
}

TEST_F(roles_of, one_identity_in_two_roles_is_a_problem) {
    agency("MARA", keys.pinned("mara"));
    channel("nz", keys.pinned("mara"));
    ASSERT_FALSE(found().empty());
    EXPECT_EQ(found().front().id, "ROLE-IDENTITY-TWICE");
}

TEST_F(roles_of, a_pin_and_a_subject_that_mean_the_same_are_a_problem) {
    agency("MARA", keys.pinned("mara"));
    agency("GACC", keys.subject("mara", "ca"));
    ASSERT_FALSE(found().empty());
    EXPECT_EQ(found().front().id, "ROLE-IDENTITY-TWICE");
}

TEST_F(roles_of, two_agencies_with_one_subject_are_a_problem_said_once) {
    agency("MARA", keys.subject("mara", "ca"));
    agency("GACC", keys.subject("mara", "ca"));
    EXPECT_EQ(found().size(), 1u);
}

TEST_F(roles_of, whoever_would_be_two_is_nobody_all_the_same) {
    agency("MARA", keys.pinned("mara"));
    agency("GACC", keys.subject("mara", "ca"));
    EXPECT_EQ(who(roles::make(c).first->of(keys.load("mara"), today())), "nobody");
}

TEST_F(roles_of, an_identity_that_cannot_be_loaded_is_named) {
    agency("MARA", {"/nowhere/mara.pem", {}, {}});
    ASSERT_EQ(found().size(), 1u);
    EXPECT_EQ(found().front().id, "ROLE-IDENTITY-UNREADABLE");
    EXPECT_EQ(found().front().value, "/nowhere/mara.pem");
}

}  // namespace
}  // namespace ecert::hub::tests
