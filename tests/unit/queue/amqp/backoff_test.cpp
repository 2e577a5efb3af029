#include "queue/amqp/backoff.hpp"

#include <gtest/gtest.h>

#include <limits>

using namespace ecert;
using namespace ecert::queue::amqp;

namespace {

constexpr duration first{500}, longest{30'000};

}  // namespace

TEST(backoff, each_round_waits_twice_as_long_up_to_the_longest) {
    const long long table[] = {0, 500, 1'000, 2'000, 4'000, 8'000, 16'000, 30'000, 30'000};
    for (unsigned rounds = 0; rounds < std::size(table); ++rounds)
        EXPECT_EQ(pause_after(rounds, first, longest, 0).count(), table[rounds]) << rounds;
}

TEST(backoff, no_number_of_rounds_overflows) {
    EXPECT_EQ(pause_after(std::numeric_limits<unsigned>::max(), first, longest, 0), longest);
    EXPECT_EQ(pause_after(1'000'000, duration{1}, duration::max() / 4, 0).count(),
              static_cast<duration::rep>(static_cast<double>((duration::max() / 4).count())));
}

TEST(backoff, jitter_spreads_by_a_fifth_and_no_more) {
    EXPECT_EQ(pause_after(2, first, longest, -1).count(), 800);
    EXPECT_EQ(pause_after(2, first, longest, 1).count(), 1'200);
    EXPECT_EQ(pause_after(2, first, longest, 7).count(), 1'200);
}

TEST(backoff, a_first_pause_over_the_longest_is_the_longest) {
    EXPECT_EQ(pause_after(1, duration{9'000}, duration{2'000}, 0).count(), 2'000);
}
