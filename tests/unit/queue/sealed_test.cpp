#include "queue/wire/sealed.hpp"

#include "queue/wire/codec.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <regex>

using namespace ecert;
using namespace ecert::queue;

namespace {

std::shared_ptr<const crypto::seal_keys> keys(const std::string& lines) {
    return std::make_shared<const crypto::seal_keys>(crypto::seal_keys::parse(lines).value());
}

const auto masters = keys("k1 * " + crypto::base64_encode(std::string(32, 'm')) + '\n');
const message_codec hub{masters};
const message_codec worker{keys(masters->lines_for("NL").value().reveal())};

task a_task() {
    task t;
    t.verb = verb::deliver;
    t.id = derive({"a task"});
    t.message = derive({"a message"});
    t.attempt = 3;
    t.work = 17;
    t.partner = "NL";
    t.channel = "ippc";
    t.start_by = parse_rfc3339("2026-11-24T12:00:00.000Z").value();
    return t;
}

outcome an_outcome() {
    outcome o;
    o.id = derive({"a task"});
    o.attempt = 3;
    o.work = 17;
    o.partner = "NL";
    o.channel = "ippc";
    o.what = outcome_class::delivered;
    return o;
}

std::string with(const std::string& message, const char* what, const char* instead) {
    return std::regex_replace(message, std::regex{what}, instead,
                              std::regex_constants::format_first_only);
}

template <class T>
void expect_refused(const result<T>& got, failure_kind kind) {
    ASSERT_FALSE(got);
    EXPECT_EQ(got.error().kind, kind) << got.error().text;
}

}  // namespace

TEST(sealed, tasks_and_outcomes_travel_both_ways) {
    EXPECT_EQ(worker.decode_task(hub.encode(a_task()).value(), "NL").value(), a_task());
    EXPECT_EQ(hub.decode_outcome(worker.encode(an_outcome()).value()).value(), an_outcome());
}

TEST(sealed, the_broker_reads_ids_and_nothing_else) {
    auto t = a_task();
    t.envelope.number = "GACC-2026-SECRET";
    const auto message = hub.encode(t).value();
    EXPECT_THAT(message, testing::Not(testing::HasSubstr("SECRET")));
    const auto head = head_of(message);
    ASSERT_TRUE(head);
    EXPECT_EQ(head->kind, "task");
    EXPECT_EQ(head->partner, "NL");
    EXPECT_EQ(head->id, t.id);
    EXPECT_EQ(head->work, 17);
    EXPECT_EQ(head->attempt, 3u);
    EXPECT_EQ(head->what, "deliver");
}

TEST(sealed, a_head_that_was_changed_does_not_open) {
    const auto message = hub.encode(a_task()).value();
    const std::pair<const char*, const char*> changes[] = {{"\"attempt\":3", "\"attempt\":4"},
                                                           {"\"work\":17", "\"work\":18"},
                                                           {"\"deliver\"", "\"track\""},
                                                           {"\"id\":\"[0-9a-f]", "\"id\":\"0"},
                                                           {"\\{", "{ "}};
    for (const auto& [what, instead] : changes) {
        const auto changed = with(message, what, instead);
        if (changed != message)
            expect_refused(worker.decode_task(changed, "NL"), failure_kind::untrusted);
    }
    expect_refused(worker.decode_task(with(message, "NL", "NZ"), "NZ"), failure_kind::not_found);
    expect_refused(hub.decode_task(with(message, "NL", "NZ"), "NZ"), failure_kind::untrusted);
}

TEST(sealed, the_seal_of_one_attempt_does_not_fit_another) {
    auto later = a_task();
    later.attempt = 4;
    const auto first = hub.encode(a_task()).value(), second = hub.encode(later).value();
    const auto head = second.substr(0, second.find('\n') + 1);
    const auto seal = first.substr(first.find('\n') + 1);
    expect_refused(worker.decode_task(head + seal, "NL"), failure_kind::untrusted);
}

TEST(sealed, a_task_is_no_outcome_and_an_outcome_no_task) {
    const auto task = hub.encode(a_task()).value(), outcome = worker.encode(an_outcome()).value();
    expect_refused(hub.decode_outcome(task), failure_kind::untrusted);
    expect_refused(worker.decode_task(outcome, "NL"), failure_kind::untrusted);
    expect_refused(hub.decode_outcome(with(task, "\"task\"", "\"outcome\"")),
                   failure_kind::untrusted);
}

TEST(sealed, a_task_in_another_partners_queue_is_refused) {
    expect_refused(hub.decode_task(hub.encode(a_task()).value(), "NZ"), failure_kind::untrusted);
}

TEST(sealed, what_is_not_sealed_is_refused_where_there_are_keys) {
    expect_refused(worker.decode_task(encode(a_task()), "NL"), failure_kind::untrusted);
    expect_refused(hub.decode_outcome(encode(an_outcome())), failure_kind::untrusted);
}

TEST(sealed, a_worker_speaks_for_its_own_partners_alone) {
    auto o = an_outcome();
    o.partner = "NZ";
    expect_refused(worker.encode(o), failure_kind::not_found);
    // By its own key, naming another's work inside.
    const auto inside = encode(o);
    const auto head = with(worker.encode(an_outcome()).value(), "\n[^]*", "\n");
    const auto forged =
        head + keys(masters->lines_for("NL").value().reveal())->seal("NL", head, inside).value();
    expect_refused(hub.decode_outcome(forged), failure_kind::untrusted);
}

TEST(sealed, no_beginning_of_a_message_is_trusted) {
    const auto message = hub.encode(a_task()).value();
    for (std::size_t size = 0; size < message.size(); ++size)
        expect_refused(worker.decode_task(message.substr(0, size), "NL"), failure_kind::untrusted);
}

TEST(sealed, a_head_with_rubbish_for_a_seal_is_not_trusted) {
    const auto message = hub.encode(a_task()).value();
    const auto head = message.substr(0, message.find('\n') + 1);
    for (const char* rubbish : {"", "x", "no seal at all, but as long as one would be"})
        expect_refused(worker.decode_task(head + rubbish, "NL"), failure_kind::untrusted);
}

TEST(sealed, without_keys_it_is_the_plain_codec) {
    const message_codec plain;
    EXPECT_EQ(plain.encode(a_task()).value(), encode(a_task()));
    EXPECT_EQ(plain.decode_task(encode(a_task()), "NL").value(), a_task());
    EXPECT_EQ(plain.decode_outcome(encode(an_outcome())).value(), an_outcome());
}

TEST(sealed, renewed_keys_are_those_of_every_copy_of_the_codec) {
    const message_codec one{keys("old * " + crypto::base64_encode(std::string(32, 'o')) + '\n')};
    const auto copy = one;
    const auto before = copy.encode(a_task()).value();
    one.renew(keys("new * " + crypto::base64_encode(std::string(32, 'n')) + '\n'));
    expect_refused(copy.decode_task(before, "NL"), failure_kind::not_found);
    EXPECT_TRUE(copy.decode_task(copy.encode(a_task()).value(), "NL"));
}
