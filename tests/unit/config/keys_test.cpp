// Every member of every settings struct is a key of its file, and the other way round.
#include "config/load/keys.hpp"

#include <boost/pfr/core.hpp>

#include <gtest/gtest.h>

#include <set>

using namespace ecert;
using namespace ecert::load;

namespace {

template <class Settings>
constexpr std::size_t keys = std::tuple_size_v<decltype(keys_of<Settings>::all)>;
template <class Settings>
constexpr std::size_t members = boost::pfr::tuple_size_v<Settings>;
constexpr std::size_t stem = 1;  // name or id: given by the file or table, no key

template <class Settings>
std::size_t distinct_names() {
    std::set<std::string_view> names;
    for_each_key<Settings>([&](const auto& k) { names.insert(k.name); });
    return names.size();
}

}  // namespace

TEST(keys, every_member_has_its_key) {
    EXPECT_EQ(members<peer_identity_rule>, keys<peer_identity_rule>);
    EXPECT_EQ(members<listener_settings>, keys<listener_settings>);
    EXPECT_EQ(members<limit_settings>, keys<limit_settings>);
    EXPECT_EQ(members<dispatch_settings>, keys<dispatch_settings>);
    EXPECT_EQ(members<node_settings>, keys<node_settings>);
    EXPECT_EQ(members<inbox_rule>, keys<inbox_rule>);
    EXPECT_EQ(members<agency_settings>, keys<agency_settings> + stem);
    EXPECT_EQ(members<partner_settings>, keys<partner_settings> + stem);
    EXPECT_EQ(members<retry_settings>, keys<retry_settings>);
    EXPECT_EQ(members<circuit_settings>, keys<circuit_settings>);
    EXPECT_EQ(members<channel_settings>, keys<channel_settings> + stem);
    EXPECT_EQ(members<key_settings>, keys<key_settings> + stem);
}

TEST(keys, no_name_stands_twice) {
    EXPECT_EQ(distinct_names<node_settings>(), keys<node_settings>);
    EXPECT_EQ(distinct_names<limit_settings>(), keys<limit_settings>);
    EXPECT_EQ(distinct_names<partner_settings>(), keys<partner_settings>);
    EXPECT_EQ(distinct_names<channel_settings>(), keys<channel_settings>);
}

// A range that its own default breaks could never be written down.
TEST(keys, defaults_are_in_their_ranges) {
    const auto holds = [](const auto& settings) {
        for_each_key<std::decay_t<decltype(settings)>>([&](const auto& k) {
            using value = std::decay_t<decltype(settings.*k.member)>;
            if (!k.checks.bounded) return;
            double number = k.checks.least;
            if constexpr (std::is_arithmetic_v<value>)
                number = static_cast<double>(settings.*k.member);
            if constexpr (std::is_same_v<value, duration>)
                number = static_cast<double>((settings.*k.member).count());
            EXPECT_GE(number, k.checks.least) << k.name;
            EXPECT_LE(number, k.checks.most) << k.name;
        });
    };
    holds(node_settings{});
    holds(listener_settings{});
    holds(limit_settings{});
    holds(dispatch_settings{});
    holds(partner_settings{});
    holds(channel_settings{});
    holds(retry_settings{});
    holds(circuit_settings{});
}
