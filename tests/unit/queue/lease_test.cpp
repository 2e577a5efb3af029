#include "queue/lease.hpp"

#include <gtest/gtest.h>

namespace ecert::queue {
namespace {

const dispatch_settings settings{
    .start_by = 2min, .attempt_limit = 60s, .attempt_limit_per_mib = 1s, .skew = 60s};

TEST(lease, is_the_time_to_begin_the_limit_and_the_skew) {
    EXPECT_EQ(lease_of(0, settings), 4min);
    EXPECT_EQ(lease_of(1, settings), 4min + 1s) << "a MiB that was begun counts";
    EXPECT_EQ(lease_of(104 * mib, settings), 4min + 104s);
}

TEST(lease, of_a_task_is_the_lease_that_was_given_for_it) {
    const time_point given{duration{1'000'000}};
    task t;
    t.start_by = given + settings.start_by;
    EXPECT_EQ(lease_end(t, settings), given + lease_of(0, settings)) << "an asking carries nothing";
    t.content = content_ref{3 * mib, {}, {}};
    EXPECT_EQ(lease_end(t, settings), given + lease_of(3 * mib, settings));
    t.translation = content_ref{5 * mib, {}, {}};
    EXPECT_EQ(lease_end(t, settings), given + lease_of(5 * mib, settings)) << "the larger counts";
}

TEST(lease, of_a_fetch_has_the_time_of_what_may_come) {
    const time_point given{duration{1'000'000}};
    task t;
    t.start_by = given + settings.start_by;
    t.expects = 110 * mib;
    EXPECT_EQ(lease_end(t, settings), given + lease_of(110 * mib, settings));
}

TEST(lease, is_never_shorter_than_what_its_attempt_may_take) {
    for (std::uint64_t size :
         std::initializer_list<std::uint64_t>{0, 1, 1023, mib - 1, mib, mib + 1, 104 * mib})
        EXPECT_GE(lease_of(size, settings),
                  settings.start_by + attempt_limit(size, settings) + settings.skew)
            << size;
}

}  // namespace
}  // namespace ecert::queue
