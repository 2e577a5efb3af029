#include "hub/dispatch/window.hpp"

#include <gtest/gtest.h>

#include <map>

namespace ecert::hub {
namespace {

std::map<std::string, unsigned> counts(const std::vector<grant>& grants) {
    std::map<std::string, unsigned> all;
    for (const auto& g : grants) all[g.partner] += g.count;
    return all;
}
using by_partner = std::map<std::string, unsigned>;

TEST(window, partners_share_the_room_evenly) {
    window w;
    w.configure(64, true);
    EXPECT_EQ(counts(w.share(12, {{"NL", 100}, {"NZ", 100}, {"KE", 100}})),
              (by_partner{{"NL", 4}, {"NZ", 4}, {"KE", 4}}));
}

TEST(window, what_one_does_not_need_goes_to_the_others) {
    window w;
    w.configure(64, true);
    EXPECT_EQ(counts(w.share(12, {{"NL", 100}, {"NZ", 2}})), (by_partner{{"NL", 10}, {"NZ", 2}}));
    EXPECT_TRUE(w.share(12, {}).empty());
    EXPECT_TRUE(w.share(0, {{"NL", 100}}).empty());
}

TEST(window, single_places_go_round_by_turns) {
    window w;
    w.configure(64, true);
    std::string order;
    for (int i = 0; i < 6; ++i) order += w.share(1, {{"A", 9}, {"B", 9}, {"C", 9}}).at(0).partner;
    EXPECT_EQ(order, "ABCABC");
}

TEST(window, a_partner_that_comes_and_goes_does_not_stop_the_turns) {
    window w;
    w.configure(64, true);
    EXPECT_EQ(w.share(1, {{"B", 9}}).at(0).partner, "B");
    EXPECT_EQ(w.share(1, {{"A", 9}, {"C", 9}}).at(0).partner, "C");
    EXPECT_EQ(w.share(1, {{"A", 9}, {"B", 9}}).at(0).partner, "A");
}

TEST(window, who_has_less_in_flight_goes_first) {
    window w;
    w.configure(64, true);
    EXPECT_EQ(counts(w.share(4, {{"NL", 100, 10}, {"NZ", 100, 0}})), (by_partner{{"NZ", 4}}));
}

TEST(window, a_backlog_of_one_leaves_room_for_the_others) {
    window w;
    w.configure(64, true);
    EXPECT_EQ(counts(w.share(64, {{"NL", 100'000}})), (by_partner{{"NL", 48}}));
    EXPECT_EQ(counts(w.share(16, {{"NL", 100'000, 48}, {"NZ", 3}})), (by_partner{{"NZ", 3}}));
}

TEST(window, alone_on_a_channel_a_partner_has_it_all) {
    window w;
    w.configure(64, false);
    EXPECT_EQ(counts(w.share(64, {{"NL", 100}})), (by_partner{{"NL", 64}}));
}

TEST(window, higher_priority_goes_first_and_cannot_take_everything) {
    window w;
    w.configure(8, true);
    EXPECT_EQ(counts(w.share(4, {{"NL", 9, 0, 0}, {"NZ", 9, 0, 5}})), (by_partner{{"NZ", 4}}));
    EXPECT_EQ(counts(w.share(8, {{"NL", 9, 0, 0}, {"NZ", 9, 0, 5}})),
              (by_partner{{"NL", 2}, {"NZ", 6}}));
}

TEST(window, of_one_place_still_serves_everybody) {
    window w;
    w.configure(1, true);
    EXPECT_EQ(w.share(1, {{"A", 9}, {"B", 9}}).at(0).partner, "A");
    EXPECT_EQ(w.share(1, {{"A", 9}, {"B", 9}}).at(0).partner, "B");
}

}  // namespace
}  // namespace ecert::hub
