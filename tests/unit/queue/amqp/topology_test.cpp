#include "queue/amqp/topology.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>

using namespace ecert;
using namespace ecert::queue::amqp;
using testing::HasSubstr;

namespace {

std::map<std::string, std::string> as_text(const arguments& all) {
    std::map<std::string, std::string> made;
    for (const auto& [name, value] : all) {
        const auto* text = std::get_if<std::string>(&value);
        made[name] = text ? *text : std::to_string(std::get<std::int64_t>(value));
    }
    return made;
}

}  // namespace

TEST(topology, a_work_queue_is_a_bounded_quorum_queue_that_passes_on_poison) {
    amqp_settings by;
    by.queue_messages = 1'000;
    by.queue_bytes = 5 * mib;
    by.delivery_limit = 7;
    EXPECT_EQ(as_text(arguments_of("work.NL", by)),
              (std::map<std::string, std::string>{{"x-queue-type", "quorum"},
                                                  {"x-max-length", "999"},
                                                  {"x-max-length-bytes", "5242880"},
                                                  {"x-overflow", "reject-publish"},
                                                  {"x-delivery-limit", "7"},
                                                  {"x-dead-letter-exchange", ""},
                                                  {"x-dead-letter-routing-key", "poison"},
                                                  {"x-dead-letter-strategy", "at-least-once"}}));
}

TEST(topology, outcomes_and_poison_are_quorum_queues_without_a_limit_of_any_kind) {
    for (const auto* queue : {"outcomes", "poison"})
        EXPECT_EQ(as_text(arguments_of(queue, {})),
                  (std::map<std::string, std::string>{{"x-queue-type", "quorum"}}));
}

TEST(topology, a_difference_names_the_queue_the_argument_theirs_and_ours) {
    const auto text = difference(
        "work.NL",
        "PRECONDITION_FAILED - inequivalent arg 'x-max-length' for queue 'work.NL' in vhost '/': "
        "received '9999' but current is '5'");
    EXPECT_THAT(text, HasSubstr("work.NL"));
    EXPECT_THAT(text, HasSubstr("another x-max-length"));
    EXPECT_THAT(text, HasSubstr("theirs is '5'"));
    EXPECT_THAT(text, HasSubstr("ours '9999'"));
}

TEST(topology, words_of_another_form_are_handed_on) {
    EXPECT_THAT(difference("work.NL", "PRECONDITION_FAILED - something new"),
                HasSubstr("something new"));
}
