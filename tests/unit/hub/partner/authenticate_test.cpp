#include "hub/partner/request.hpp"

#include <gtest/gtest.h>

namespace ecert::hub {
namespace {

engine::snapshot world() {
    auto c = std::make_shared<configuration>();
    c->node.name = "CN";
    c->node.default_agency = "gacc";
    c->partners["NZ"] = {.name = "NZ", .channel = "nz"};
    c->partners["FR"] = {.name = "FR", .channel = "traces", .address = "EU-FR"};
    c->partners["NL"] = {.name = "NL", .channel = "traces"};
    engine::snapshot s;
    s.configuration = c;
    return s;
}

queue::envelope from(const std::string& sender, const std::string& to = "CN") {
    return {sender, to, "1", 851, 70};
}

TEST(authenticate, a_channel_of_one_partner_is_that_partner) {
    const auto who = authenticate(world(), "nz", from("NZ"));
    ASSERT_TRUE(who);
    EXPECT_EQ(*who, "NZ");
}

TEST(authenticate, from_of_another_country_is_refused_with_the_code_it_must_be) {
    const auto who = authenticate(world(), "nz", from("AU"));
    ASSERT_FALSE(who);
    EXPECT_EQ(who.error().subcode, "Forbidden");
    EXPECT_NE(who.error().text.find("NZ"), std::string::npos);
}

TEST(authenticate, on_a_shared_channel_from_names_a_partner_of_that_channel) {
    EXPECT_EQ(*authenticate(world(), "traces", from("EU-FR")), "FR");
    EXPECT_EQ(*authenticate(world(), "traces", from("NL")), "NL");
    EXPECT_FALSE(authenticate(world(), "traces", from("NZ")));
    EXPECT_FALSE(authenticate(world(), "traces", from("FR")))
        << "its address on the channel is EU-FR";
}

TEST(authenticate, to_must_be_this_node) {
    const auto who = authenticate(world(), "nz", from("NZ", "AU"));
    ASSERT_FALSE(who);
    EXPECT_TRUE(who.error().sender);
}

TEST(authenticate, of_an_envelope_of_ours_its_receiver_is_told_by) {
    const auto told = [](const std::string& from_, const std::string& to) {
        return authenticate_receiver(world(), "traces", {from_, to, "1", 851, 70});
    };
    EXPECT_EQ(*told("CN", "EU-FR"), "FR");
    EXPECT_FALSE(told("CN", "NZ")) << "of another channel";
    EXPECT_FALSE(told("NL", "EU-FR")) << "not ours";
}

TEST(authenticate, a_channel_speaks_for_all_its_partners) {
    EXPECT_EQ(partners_of(world(), "traces"), (std::vector<std::string>{"FR", "NL"}));
    EXPECT_EQ(partners_of(world(), "nz"), std::vector<std::string>{"NZ"});
    EXPECT_TRUE(partners_of(world(), "none").empty());
}

TEST(fault_of, what_passes_by_itself_is_the_receivers_and_says_when) {
    const auto busy = fault_of({failure_kind::unavailable, "the disk is full"});
    EXPECT_FALSE(busy.sender);
    EXPECT_TRUE(busy.retry_after_seconds);
    EXPECT_TRUE(fault_of({failure_kind::too_large, "over 110 MiB"}).sender);
    const auto ours = fault_of({failure_kind::internal, "SELECT * FROM secret"});
    EXPECT_EQ(ours.text.find("SELECT"), std::string::npos) << "the inside is not shown";
    EXPECT_EQ(ours.text.find("nothing was stored"), std::string::npos) << "perhaps it was";
}

TEST(responsible_agency, the_first_whose_rule_matches_else_the_default) {
    configuration c;
    c.node.default_agency = "gacc";
    c.agencies["a-plants"] = {.name = "a-plants", .inbox = {{.types = {851, 657}}}};
    c.agencies["b-vets"] = {.name = "b-vets", .inbox = {{.types = {853}, .from = {"NZ"}}}};
    EXPECT_EQ(responsible_agency(c, {"NZ", "CN", "1", 851, 70}).agency, "a-plants");
    EXPECT_EQ(responsible_agency(c, {"NZ", "CN", "1", 853, 70}).agency, "b-vets");
    const auto nobody_asked_for = responsible_agency(c, {"AU", "CN", "1", 853, 70});
    EXPECT_EQ(nobody_asked_for.agency, "gacc");
    EXPECT_FALSE(nobody_asked_for.by_rule);
}

}  // namespace
}  // namespace ecert::hub
