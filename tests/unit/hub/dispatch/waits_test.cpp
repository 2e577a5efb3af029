#include "hub/dispatch/waits.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace ecert::hub {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

const time_point noon = parse_rfc3339("2026-11-26T12:00:00.000Z").value();

due_partner due(const char* partner, std::uint64_t ready) { return {partner, "c", {}, ready}; }

TEST(waits, nothing_waits_where_nothing_is_wrong) {
    EXPECT_THAT(what_waits({}, {5, 2, false}, {}), IsEmpty());
}

TEST(waits, a_lost_broker_is_named_with_the_time_and_the_amount_of_what_waits) {
    const queue::transport_state gone{false, false, "nothing can be published: b1:5672: refused",
                                      noon};
    EXPECT_THAT(what_waits(gone, {5, 2, false}, {}),
                ElementsAre("all work waits for the queue since 2026-11-26T12:00:00.000Z (5 pieces "
                            "for 2 partners due): nothing can be published: b1:5672: refused",
                            "outcomes wait in the queue, too"));
    EXPECT_THAT(what_waits({false, true, "blocked", noon}, {}, {}),
                ElementsAre("all work waits for the queue since 2026-11-26T12:00:00.000Z (nothing "
                            "is due now): blocked"));
}

TEST(waits, outcomes_that_cannot_be_taken_are_told) {
    EXPECT_THAT(what_waits({true, false, "b1:5672: refused", noon}, {5, 2, false}, {}),
                ElementsAre("outcomes wait in the queue since 2026-11-26T12:00:00.000Z: b1:5672: "
                            "refused"));
}

TEST(waits, a_queue_that_differs_and_one_that_takes_nothing_are_told) {
    EXPECT_THAT(
        what_waits({true, true, "the queue work.NZ exists in another form", {}}, {}, {"NL", "NZ"}),
        ElementsAre("a queue cannot be used: the queue work.NZ exists in another form",
                    "work for NL waits for a place in its queue",
                    "work for NZ waits for a place in its queue"));
}

TEST(waits, what_is_due_is_summed_and_said_to_be_more_where_counting_stopped) {
    const auto sum = sum_of({due("NL", 1), due("NZ", 0), due("KE", 1'000)});
    EXPECT_EQ(sum.pieces, 1'001u);
    EXPECT_EQ(sum.partners, 2u);
    EXPECT_TRUE(sum.at_least);
    EXPECT_FALSE(sum_of({due("NL", 999)}).at_least);
    EXPECT_THAT(what_waits({false, true, "gone", {}}, {1, 1, false}, {}),
                ElementsAre("all work waits for the queue (1 piece for 1 partner due): gone"));
}

}  // namespace
}  // namespace ecert::hub
