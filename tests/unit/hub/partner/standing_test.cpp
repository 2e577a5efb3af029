#include "hub/partner/standing.hpp"

#include <gtest/gtest.h>

namespace ecert::hub {
namespace {

using engine::standing;

certificate_view delivery(state s) {
    certificate_view v;
    v.envelope = {"CN", "NL", "1", 851, 70};
    v.state = s;
    return v;
}

TEST(standing, delivered_is_what_their_system_has_and_nothing_before) {
    for (const auto s :
         {state::waiting, state::queued, state::sent, state::offered, state::held, state::parked})
        EXPECT_EQ(told_of(delivery(s)).standing, standing::pending) << name_of(s);
    for (const auto s : {state::delivered, state::acknowledged, state::rejected})
        EXPECT_EQ(told_of(delivery(s)).standing, standing::delivered) << name_of(s);
    for (const auto s : {state::refused, state::cancelled})
        EXPECT_EQ(told_of(delivery(s)).standing, standing::failed) << name_of(s);
}

TEST(standing, a_reason_is_told_of_what_failed_alone) {
    EXPECT_EQ(told_of(delivery(state::refused), "no PDF").text, "no PDF");
    EXPECT_EQ(told_of(delivery(state::waiting), "our channel's key").text, "");
}

TEST(standing, a_complaint_is_told_with_the_delivery) {
    auto v = delivery(state::delivered);
    v.received = reception::warned;
    v.received_text = "the seal is missing";
    EXPECT_EQ(told_of(v).standing, standing::warned);
    EXPECT_EQ(told_of(v).text, "the seal is missing");
    v.received = reception::unreadable;
    EXPECT_EQ(told_of(v).standing, standing::unreadable);
}

TEST(standing, an_arrival_is_delivered_for_its_sender_and_pending_for_its_agency) {
    inbound_view v;
    EXPECT_EQ(told_to_sender(v).standing, standing::delivered);
    EXPECT_EQ(told_to_agency(v).standing, standing::pending);
    v.findings = {{"SPS-NUMBER-MISSING", severity::error, "/a", "", ""}};
    EXPECT_EQ(told_to_sender(v).standing, standing::warned);
    EXPECT_NE(told_to_sender(v).text.find("SPS-NUMBER-MISSING"), std::string::npos);
    v.received = reception::plain;
    EXPECT_EQ(told_to_sender(v).standing, standing::delivered) << "the agency could use it";
    EXPECT_EQ(told_to_agency(v).standing, standing::delivered);
    v.received = reception::unreadable;
    EXPECT_EQ(told_to_sender(v).standing, standing::unreadable);
}

TEST(standing, sentences_are_of_errors_whole_and_as_many_as_fit) {
    problems found(1000, {"SPS-NUMBER-MISSING", severity::error, "/a", "", ""});
    found.push_back({"SPS-STATUS-UNKNOWN", severity::warning, "/b", "", ""});
    const auto one = sentences({found.front()});
    const auto all = sentences(found);
    EXPECT_LE(all.size(), 4100u);
    std::size_t told = 0;
    for (auto at = all.find(one); at != all.npos; at = all.find(one, at + 1)) ++told;
    EXPECT_TRUE(
        all.ends_with("And " + std::to_string(1000 - told) + " more: validate it to have all."))
        << all.substr(all.size() - 100);
    EXPECT_EQ(all.size(), told * (one.size() + 1) - 1 +
                              std::string_view{" And 123 more: validate it to have all."}.size());
    EXPECT_EQ(sentences({found.back()}), "");
}

TEST(standing, sentences_are_in_the_language_asked_for) {
    const problem one{"SPS-NUMBER-MISSING", severity::error, "/a", "", ""};
    EXPECT_NE(sentences({one}, language::zh).find(problem_text(one.id, language::zh)),
              std::string::npos);
    EXPECT_NE(sentences(problems(1000, one), language::zh).find("另有"), std::string::npos);
}

TEST(standing, a_withdrawal_that_ended_as_it_came_is_no_failure) {
    auto v = delivery(state::cancelled);
    v.envelope.status = 40;
    custody_view c;
    c.since = v.accepted;
    c.reason = "they never took what it withdraws";
    EXPECT_EQ(told_of(v, c).standing, standing::warned);
    EXPECT_EQ(told_of(v, c).text, c.reason);
    c.since += std::chrono::hours{1};
    EXPECT_EQ(told_of(v, c).standing, standing::failed) << "an operator cancelled it";
    v.envelope.status = 70;
    c.since = v.accepted;
    EXPECT_EQ(told_of(v, c).standing, standing::failed);
    c.last_answer = "no PDF";
    EXPECT_EQ(told_of(v, c).text, c.reason + ": no PDF");
}

TEST(standing, what_was_not_taken_is_failed_and_has_no_number) {
    const auto told = told_refused({"NZ", "CN", "1", 851, 70}, "no certificate");
    EXPECT_EQ(told.standing, standing::failed);
    EXPECT_EQ(told.reference, "");
    EXPECT_EQ(told.text, "no certificate");
}

TEST(standing, of_what_does_not_exist_nothing_is_told_but_the_number_asked_for) {
    const auto told = told_unknown("4711");
    EXPECT_EQ(told.standing, standing::unknown);
    EXPECT_EQ(told.reference, "4711");
    EXPECT_EQ(told.envelope, queue::envelope{});
}

}  // namespace
}  // namespace ecert::hub
