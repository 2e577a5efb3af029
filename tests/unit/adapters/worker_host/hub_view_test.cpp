#include "adapters/worker_host/hub_view.hpp"

#include <gtest/gtest.h>

namespace ecert::worker {
namespace {

const failure away{failure_kind::unavailable, "connection refused"};
const failure refused{failure_kind::forbidden, "it answered 403"};

std::string events(hub_view& view, const result<queue::heartbeat_answer>& said) {
    std::string all;
    for (const auto& n : view.take(said))
        all += std::string{n.event} + (n.text.empty() ? "" : ": " + n.text) + "; ";
    return all;
}

queue::heartbeat_answer differing(std::vector<std::string> what) { return {{}, std::move(what)}; }

TEST(hub_view, a_hub_out_of_reach_is_told_once_and_its_return_too) {
    hub_view view;
    EXPECT_EQ(events(view, away), "hub_out_of_reach: connection refused; ");
    EXPECT_EQ(events(view, failure{failure_kind::unavailable, "no answer in time"}), "");
    EXPECT_EQ(events(view, differing({})), "hub_reached; ");
    EXPECT_EQ(events(view, differing({})), "");
    EXPECT_EQ(events(view, away), "hub_out_of_reach: connection refused; ");
}

TEST(hub_view, a_hub_that_refuses_us_is_another_thing_than_one_out_of_reach) {
    hub_view view;
    EXPECT_EQ(events(view, away), "hub_out_of_reach: connection refused; ");
    EXPECT_EQ(events(view, refused), "hub_refuses: it answered 403; ");
    EXPECT_EQ(events(view, refused), "");
}

TEST(hub_view, what_differs_is_told_once_for_each_change) {
    hub_view view;
    EXPECT_EQ(events(view, differing({"clock"})), "hub_reached; hub_differs: clock; ");
    EXPECT_EQ(events(view, differing({"clock"})), "");
    EXPECT_EQ(events(view, differing({"profile", "clock"})), "hub_differs: profile; ");
    EXPECT_EQ(events(view, differing({"profile"})), "");
    EXPECT_EQ(events(view, differing({})), "hub_agrees; ");
    EXPECT_EQ(events(view, differing({"clock"})), "hub_differs: clock; ");
}

TEST(hub_view, what_differs_is_not_told_again_because_the_hub_was_away) {
    hub_view view;
    events(view, differing({"clock"}));
    events(view, away);
    EXPECT_EQ(events(view, differing({"clock"})), "hub_reached; ");
}

}  // namespace
}  // namespace ecert::worker
