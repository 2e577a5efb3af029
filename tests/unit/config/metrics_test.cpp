#include "config/metrics.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

using ecert::metrics;
using testing::HasSubstr;
using testing::Not;

TEST(metrics, figures_without_labels_are_there_before_anything_happened) {
    const metrics figures;
    const std::string text = figures.render();
    EXPECT_THAT(text, HasSubstr("ecert_loop_lag_seconds_count 0"));
    EXPECT_THAT(text, HasSubstr("ecert_ledger_commit_seconds_count 0"));
    EXPECT_THAT(text, HasSubstr("ecert_disk_free_bytes 0"));
}

TEST(metrics, counters_add_up_by_label) {
    metrics figures;
    figures.accepted("NPPO");
    figures.accepted("NPPO");
    figures.accepted("customs");
    figures.outcome("NZ", "delivered");
    const std::string text = figures.render();
    EXPECT_THAT(text, HasSubstr("ecert_accepted_total{agency=\"NPPO\"} 2"));
    EXPECT_THAT(text, HasSubstr("ecert_accepted_total{agency=\"customs\"} 1"));
    EXPECT_THAT(text, HasSubstr("class=\"delivered\""));
}

TEST(metrics, gauges_hold_the_last_value) {
    metrics figures;
    figures.work("deliver", "waiting", 7);
    figures.work("deliver", "waiting", 3);
    figures.work("respond", "parked", 1);
    figures.circuit("ippc", 1);
    EXPECT_THAT(figures.render(), HasSubstr("ecert_deliveries{state=\"waiting\"} 3"));
    EXPECT_THAT(figures.render(), HasSubstr("ecert_circuit_open{channel=\"ippc\"} 1"));
}

// A healthy commit and a sick one must not fall into the same bucket, nor a free loop and a blocked
// one.
TEST(metrics, buckets_tell_good_from_bad) {
    metrics figures;
    figures.ledger_commit(0.00015, 3);
    figures.ledger_commit(0.15, 64);
    figures.loop_lag(0.00003);
    figures.loop_lag(0.08);
    const std::string text = figures.render();
    EXPECT_THAT(text, HasSubstr("ecert_ledger_commit_seconds_bucket{le=\"0.0002\"} 1"));
    EXPECT_THAT(text, HasSubstr("ecert_ledger_commit_seconds_bucket{le=\"0.1\"} 1"));
    EXPECT_THAT(text, HasSubstr("ecert_ledger_commit_seconds_bucket{le=\"0.2\"} 2"));
    EXPECT_THAT(text, HasSubstr("ecert_ledger_group_size_bucket{le=\"4\"} 1"));
    EXPECT_THAT(text, HasSubstr("ecert_loop_lag_seconds_bucket{le=\"0.05\"} 1"));
    EXPECT_THAT(text, HasSubstr("ecert_loop_lag_seconds_bucket{le=\"0.1\"} 2"));
}

TEST(metrics, a_hostile_label_cannot_break_the_text) {
    metrics figures;
    figures.refused("a\"} 1\necert_forged 1");
    EXPECT_THAT(figures.render(), Not(HasSubstr("\necert_forged")));
}
