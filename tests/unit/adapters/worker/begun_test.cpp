#include "adapters/worker/begun.hpp"

#include <gtest/gtest.h>

namespace ecert::worker {
namespace {

using namespace std::chrono_literals;

const auto now = parse_rfc3339("2026-11-24T12:00:00.000Z").value();

queue::task task(const char* name, std::uint32_t attempt = 1, duration until = 2min) {
    queue::task t;
    t.id = queue::derive({name});
    t.attempt = attempt;
    t.start_by = now + until;
    return t;
}

TEST(begun, an_attempt_under_way_is_not_begun_again) {
    begun known;
    const auto first = known.take(task("a"), now);
    EXPECT_TRUE(first);
    EXPECT_FALSE(known.take(task("a"), now));
    EXPECT_FALSE(known.take(task("a"), now + 1h)) << "as long as it takes";
    EXPECT_TRUE(known.take(task("a", 2), now));
    EXPECT_TRUE(known.take(task("b"), now));
}

TEST(begun, one_that_was_settled_is_known_until_it_could_not_begin_any_more) {
    begun known;
    known.take(task("a"), now).settle();
    EXPECT_FALSE(known.take(task("a"), now));
    EXPECT_FALSE(known.take(task("a"), now + 2min));
    EXPECT_TRUE(known.take(task("a"), now + 2min + 1ms));
}

TEST(begun, the_same_number_under_another_time_is_an_attempt_of_a_restored_ledger) {
    begun known;
    const auto under_way = known.take(task("a"), now);
    known.take(task("b"), now).settle();
    EXPECT_TRUE(known.take(task("a", 1, 3min), now));
    EXPECT_TRUE(known.take(task("b", 1, 3min), now));
}

TEST(begun, one_that_was_given_back_must_still_be_done) {
    begun known;
    { const auto broke_off = known.take(task("a"), now); }
    EXPECT_TRUE(known.take(task("a"), now));
}

TEST(begun, forgets_the_first_that_end_when_there_are_too_many) {
    begun known{2};
    known.take(task("late", 1, 3min), now).settle();
    known.take(task("early", 1, 1min), now).settle();
    known.take(task("middle", 1, 2min), now).settle();
    EXPECT_FALSE(known.take(task("late", 1, 3min), now));
    EXPECT_FALSE(known.take(task("middle", 1, 2min), now));
    EXPECT_TRUE(known.take(task("early", 1, 1min), now));
}

TEST(begun, claims_may_outlive_it) {
    begun::claim left, settled;
    {
        begun known;
        left = known.take(task("a"), now);
        settled = known.take(task("b"), now);
    }
    settled.settle();
    EXPECT_FALSE(settled);
    EXPECT_TRUE(left);
}

}  // namespace
}  // namespace ecert::worker
