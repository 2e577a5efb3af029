#include "adapters/worker/worker.hpp"

#include "queue/embedded/embedded.hpp"
#include "tests/unit/adapters/engine/two_nodes.hpp"
#include "tests/unit/adapters/worker/scripted_queue.hpp"

#include <algorithm>

namespace ecert::tests {
namespace {

using queue::outcome_class;
using queue::publication;
using steps = std::vector<std::string>;

// The hub's store of content over the inline limit.
struct hub_content final : worker::content_access {
    std::map<std::string, crypto::source_ptr> all;
    std::vector<crypto::source_ptr> stored;
    std::function<void()> when_storing = [] {};
    bool reachable = true;
    awaitable<result<crypto::source_ptr>> fetch(const queue::task&,
                                                const queue::content_ref& what) override {
        if (!reachable || !all.contains(what.digest.hex()))
            co_return failure{failure_kind::unavailable, "the hub is away"};
        co_return all.at(what.digest.hex());
    }
    awaitable<result<void>> store(const queue::task&, crypto::source_ptr what) override {
        when_storing();
        if (!reachable) co_return failure{failure_kind::unavailable, "the hub is away"};
        stored.push_back(what);
        co_return result<void>{};
    }
};

// A peer that takes everything and never answers.
struct silent_client final : http::client {
    explicit silent_client(boost::asio::any_io_executor on) : never{on, std::chrono::hours{1}} {}
    awaitable<http::reply_received> send(http::call) override {
        co_await never.async_wait(boost::asio::as_tuple(boost::asio::use_awaitable));
        co_return http::reply_received{};
    }
    void close() override {}
    boost::asio::steady_timer never;
};

// A hub that takes the question and never answers.
struct silent_hub final : worker::content_access {
    explicit silent_hub(boost::asio::any_io_executor on) : never{on, std::chrono::hours{1}} {}
    awaitable<result<crypto::source_ptr>> fetch(const queue::task&,
                                                const queue::content_ref&) override {
        co_await never.async_wait(boost::asio::as_tuple(boost::asio::use_awaitable));
        co_return failure{failure_kind::unavailable, "the hub is silent"};
    }
    awaitable<result<void>> store(const queue::task&, crypto::source_ptr) override {
        co_return failure{failure_kind::unavailable, "the hub is silent"};
    }
    boost::asio::steady_timer never;
};

struct worker_test : testing::Test {
    explicit worker_test(const char* dialect = "node")
        : nodes{load_dialect(built_in_dialects(), dialect)} {}
    two_nodes nodes;
    scripted_queue queue{nodes.loop_.get_executor()};
    hub_content content;
    engine::snapshots profiles;
    worker::worker_settings settings;
    std::unique_ptr<worker::workers> working;
    std::vector<std::string> reached;

    void SetUp() override {
        settings.publish_pause = duration{1};
        settings.publish_tries = 2;
        settings.reached = [this](const char* point) { queue.note(point); };
    }
    void TearDown() override {
        working.reset();
        nodes.loop_.restart();
        nodes.loop_.poll();
    }

    void install() {
        auto told = std::make_shared<configuration>();
        told->node.name = "CN";
        told->partners["NZ"] = nodes.to_;
        auto made = std::make_shared<engine::snapshot>();
        made->configuration = told;
        made->channels["nz"] = nodes.caller_;
        profiles.swap(made);
    }

    queue::task task(const std::string& certificate) {
        auto t = two_nodes::delivery(*crypto::from_memory(certificate));
        t.start_by = machine_clock().now() + duration{60'000};
        t.work = 7;
        t.dialect = nodes.caller_->dialect->digest;
        t.profile = engine::profile_digest(nodes.caller_->profile, nodes.to_);
        t.content =
            queue::content_ref{certificate.size(), crypto::sha256_of(certificate), certificate};
        return t;
    }

    std::size_t count(const char* what) const {
        return static_cast<std::size_t>(std::ranges::count(queue.done, what));
    }
    std::size_t settled() const { return count("ack") + count("give back"); }

    // Turns the loop until so many messages are settled one way or the other.
    awaitable<void> until_settled(std::size_t messages, duration within = duration{30'000}) {
        boost::asio::steady_timer turn{nodes.loop_};
        const auto until = std::chrono::steady_clock::now() + within;
        while (settled() < messages && std::chrono::steady_clock::now() < until) {
            turn.expires_after(std::chrono::milliseconds{2});
            co_await turn.async_wait(boost::asio::use_awaitable);
        }
    }
    void begin() {
        if (!profiles.current()) install();
        working = worker::make_workers(nodes.loop_.get_executor(), queue, profiles, content,
                                       nodes.tools(), settings);
        working->serve({"NZ"});
    }

    // Works until the task is settled one way or the other.
    void work(std::string body, bool again = false) {
        begin();
        queue.put(std::move(body), again);
        nodes.run([&]() -> awaitable<void> {
            co_await until_settled(1);
            while (count("ack") && !count("after-ack")) co_await until_settled(100, duration{2});
            co_await working->stop(duration{1000});
        });
        ASSERT_TRUE(settled());
    }
    const queue::outcome& outcome() const { return queue.outcomes.at(0); }
};

TEST_F(worker_test, an_outcome_is_confirmed_before_its_task_is_acknowledged) {
    const auto t = task("<certificate/>");
    work(queue::encode(t));
    EXPECT_EQ(queue.done, (steps{"before-send", "after-send", "before-outcome", "publish",
                                 "after-outcome", "ack", "after-ack"}));
    EXPECT_EQ(outcome().what, outcome_class::delivered) << outcome().text;
    EXPECT_EQ(outcome().id, t.id);
    EXPECT_EQ(outcome().attempt, 1u);
    EXPECT_EQ(outcome().work, 7);
    EXPECT_EQ(outcome().partner, "NZ");
    EXPECT_EQ(outcome().channel, "nz");
}

TEST_F(worker_test, an_outcome_that_is_not_confirmed_gives_its_task_back) {
    for (const auto answer :
         {publication::unconfirmed, publication::refused, publication::returned}) {
        queue.done.clear();
        queue.answers = {answer, answer};
        work(queue::encode(task("<certificate/>")));
        EXPECT_EQ(queue.done, (steps{"before-send", "after-send", "before-outcome", "publish",
                                     "publish", "give back"}));
    }
}

TEST_F(worker_test, a_publish_is_tried_again_before_the_attempt_is_wasted) {
    queue.answers = {publication::unconfirmed};
    work(queue::encode(task("<certificate/>")));
    EXPECT_EQ(queue.done.back(), "after-ack");
    EXPECT_EQ(queue.outcomes.size(), 2u);
    EXPECT_EQ(queue.outcomes[0], queue.outcomes[1]);
}

TEST_F(worker_test, a_message_that_comes_twice_is_sent_once) {
    const auto t = task("<certificate/>");
    begin();
    nodes.run([&]() -> awaitable<void> {
        queue.put(queue::encode(t));
        queue.put(queue::encode(t), true);  // while the first is under way
        co_await until_settled(2);
        queue.put(queue::encode(t));  // and after it has ended
        co_await until_settled(3);
        auto next = t;
        next.attempt = 2;
        queue.put(queue::encode(next));
        co_await until_settled(4);
        co_await working->stop(duration{1000});
    });
    EXPECT_EQ(count("before-send"), 2u);
    EXPECT_EQ(count("ack"), 4u);
    ASSERT_EQ(queue.outcomes.size(), 2u);
    EXPECT_EQ(queue.outcomes[0].attempt, 1u);
    EXPECT_EQ(queue.outcomes[1].attempt, 2u);
}

TEST_F(worker_test, what_went_back_to_its_queue_is_done_when_it_comes_again) {
    const auto t = task("<certificate/>");
    queue.answers = {publication::unconfirmed, publication::unconfirmed};
    begin();
    nodes.run([&]() -> awaitable<void> {
        queue.put(queue::encode(t));
        co_await until_settled(1);
        queue.put(queue::encode(t), true);
        co_await until_settled(2);
        co_await working->stop(duration{1000});
    });
    EXPECT_EQ(count("give back"), 1u);
    EXPECT_EQ(count("before-send"), 2u);
    EXPECT_EQ(queue.done.back(), "after-ack");
}

TEST_F(worker_test, a_task_taken_too_late_is_handed_back_unspent) {
    auto t = task("<certificate/>");
    t.start_by = machine_clock().now() - duration{1};
    work(queue::encode(t));
    EXPECT_EQ(outcome().what, outcome_class::returned);
    EXPECT_FALSE(nodes.seen);
    EXPECT_EQ(queue.done,
              (steps{"before-outcome", "publish", "after-outcome", "ack", "after-ack"}));
}

TEST_F(worker_test, what_was_planned_with_other_profiles_is_handed_back) {
    const auto returned = [&](auto change) {
        queue.done.clear();
        queue.outcomes.clear();
        auto t = task("<certificate/>");
        change(t);
        work(queue::encode(t));
        EXPECT_FALSE(nodes.seen);
        return queue.outcomes.at(0).what == outcome_class::returned &&
               queue.done.back() == "after-ack";
    };
    EXPECT_TRUE(returned([](auto& t) { t.dialect = crypto::sha256_of("other"); }));
    EXPECT_TRUE(returned([](auto& t) { t.profile = crypto::sha256_of("other"); }));
    EXPECT_TRUE(returned([](auto& t) { t.partner = "XX"; }));
    EXPECT_TRUE(returned([](auto& t) { t.channel = "other"; }));
}

TEST_F(worker_test, a_task_of_another_version_is_handed_back_to_whom_it_names) {
    const auto t = task("<certificate/>");
    auto body = queue::encode(t);
    body = replaced(body, "\"v\":1", "\"v\":2");
    work(body);
    EXPECT_EQ(outcome().what, outcome_class::returned);
    EXPECT_EQ(outcome().id, t.id);
    EXPECT_EQ(outcome().work, 7);
    EXPECT_EQ(outcome().attempt, 1u);
    EXPECT_EQ(queue.done.back(), "after-ack");
    EXPECT_FALSE(nodes.seen);
}

// Its lease decides it: back on the queue it would come for ever.
TEST_F(worker_test, what_is_no_task_at_all_is_taken_off_the_queue) {
    work("no task");
    EXPECT_EQ(queue.done, (steps{"ack", "after-ack"}));
    EXPECT_TRUE(queue.outcomes.empty());
}

TEST_F(worker_test, large_content_is_fetched_from_the_hub) {
    const std::string certificate(queue::inline_limit + 1, 'x');
    auto t = task(certificate);
    t.content->bytes.reset();
    content.all[t.content->digest.hex()] = crypto::from_memory(certificate);
    work(queue::encode(t));
    EXPECT_EQ(outcome().what, outcome_class::delivered) << outcome().text;
    EXPECT_EQ(nodes.seen->content->digest(), t.content->digest);
}

TEST_F(worker_test, content_out_of_reach_or_other_than_named_hands_the_task_back) {
    auto t = task("<certificate/>");
    t.content->bytes.reset();
    work(queue::encode(t));
    EXPECT_EQ(outcome().what, outcome_class::returned);
    content.all[t.content->digest.hex()] = crypto::from_memory("something else");
    queue.outcomes.clear();
    queue.done.clear();
    work(queue::encode(t));
    EXPECT_EQ(outcome().what, outcome_class::returned);
    EXPECT_FALSE(nodes.seen);
}

TEST_F(worker_test, an_attempt_without_an_end_is_ambiguous_at_its_limit) {
    settings.limits.attempt_limit = duration{50};
    nodes.caller_->client = std::make_shared<silent_client>(nodes.loop_.get_executor());
    work(queue::encode(task("<certificate/>")));
    EXPECT_EQ(outcome().what, outcome_class::ambiguous) << outcome().text;
    EXPECT_EQ(queue.done.back(), "after-ack");
    nodes.caller_->client = nodes.make_client();
}

TEST_F(worker_test, a_retry_sends_the_kept_translation) {
    nodes.to_.translate = "sps-8";
    auto t = task("<certificate/>");
    const std::string kept{"<kept/>"};
    t.translation = queue::content_ref{kept.size(), crypto::sha256_of(kept), kept};
    work(queue::encode(t));
    EXPECT_EQ(outcome().what, outcome_class::delivered) << outcome().text;
    EXPECT_EQ(nodes.seen->content->digest(), crypto::sha256_of(kept));
    EXPECT_FALSE(outcome().translation);
}

TEST_F(worker_test, what_came_again_and_is_not_attempted_may_have_been_sent) {
    const auto how = [&](auto change) {
        queue.outcomes.clear();
        auto t = task("<certificate/>");
        change(t);
        work(queue::encode(t), true);
        EXPECT_FALSE(nodes.seen);
        return queue.outcomes.at(0).what;
    };
    const auto late = [](auto& t) { t.start_by = machine_clock().now() - duration{1}; };
    EXPECT_EQ(how(late), outcome_class::ambiguous);
    EXPECT_EQ(how([](auto& t) { t.dialect = crypto::sha256_of("other"); }),
              outcome_class::ambiguous);
    EXPECT_EQ(how([](auto& t) { t.content->bytes.reset(); }), outcome_class::ambiguous);
    EXPECT_EQ(how([&](auto& t) {
                  late(t);
                  t.verb = queue::verb::track;
              }),
              outcome_class::returned);
}

TEST_F(worker_test, a_task_of_another_version_that_came_again_may_have_been_sent) {
    work(replaced(queue::encode(task("<certificate/>")), "\"v\":1", "\"v\":2"), true);
    EXPECT_EQ(outcome().what, outcome_class::ambiguous);
}

// Partners that do not know a message again: sent twice, it is two certificates there.
struct without_message_ids : worker_test {
    without_message_ids() : worker_test{"ephyto"} {}

    struct telling_client final : http::client {
        explicit telling_client(scripted_queue& told) : told_{told} {}
        awaitable<http::reply_received> send(http::call) override {
            told_.note("sent");
            http::reply_received lost;
            lost.stage = http::stage::after_body;
            co_return lost;
        }
        void close() override {}
        scripted_queue& told_;
    };
    void SetUp() override {
        worker_test::SetUp();
        nodes.caller_->client->close();
        nodes.caller_->client = std::make_shared<telling_client>(queue);
    }
};

TEST_F(without_message_ids, a_task_is_off_its_queue_before_the_first_byte) {
    const steps once{"before-send",    "ack",     "sent",          "after-send",
                     "before-outcome", "publish", "after-outcome", "after-ack"};
    work(queue::encode(task("<certificate/>")));
    EXPECT_EQ(queue.done, once);
    queue.done.clear();
    auto answer = task("<certificate/>");
    answer.verb = queue::verb::respond;
    answer.answer = queue::answer{39, {}, {}};
    work(queue::encode(answer));
    EXPECT_EQ(queue.done, once);
}

TEST_F(without_message_ids, a_question_stays_on_its_queue) {
    auto t = task("<certificate/>");
    t.verb = queue::verb::track;
    work(queue::encode(t));
    EXPECT_EQ(queue.done.at(1), "sent");
}

TEST_F(without_message_ids, an_outcome_that_nobody_takes_is_published_and_not_sent_again) {
    queue.answers.assign(7, publication::unconfirmed);
    begin();
    nodes.run([&]() -> awaitable<void> {
        queue.put(queue::encode(task("<certificate/>")));
        while (!count("after-ack")) co_await until_settled(100, duration{2});
        co_await working->stop(duration{1000});
    });
    EXPECT_EQ(count("sent"), 1u);
    EXPECT_EQ(count("publish"), 8u);
    EXPECT_EQ(count("give back"), 0u);
}

TEST_F(without_message_ids, an_outcome_is_published_until_its_lease_ends) {
    settings.limits.start_by = settings.limits.attempt_limit = duration{100};
    settings.limits.skew = duration{0};
    queue.answers.assign(100'000, publication::refused);
    begin();
    nodes.run([&]() -> awaitable<void> {
        auto t = task("<certificate/>");
        t.start_by = machine_clock().now() + settings.limits.start_by;
        queue.put(queue::encode(t));
        while (!count("after-ack")) co_await until_settled(100, duration{2});
        co_await working->stop(duration{1000});
    });
    EXPECT_GT(count("publish"), 2u);
    EXPECT_EQ(count("sent"), 1u);
    EXPECT_EQ(count("give back"), 0u);
}

TEST_F(without_message_ids, what_is_not_surely_off_its_queue_is_not_sent_until_it_is) {
    queue.loses_acks = true;
    begin();
    nodes.run([&]() -> awaitable<void> {
        const auto t = task("<certificate/>");
        queue.put(queue::encode(t));
        co_await until_settled(1);
        EXPECT_EQ(queue.done, (steps{"before-send", "give back"}));
        queue.loses_acks = false;
        queue.put(queue::encode(t), true);
        co_await until_settled(2);
        while (!count("after-ack")) co_await until_settled(100, duration{2});
        co_await working->stop(duration{1000});
    });
    EXPECT_EQ(count("sent"), 1u);
    EXPECT_EQ(count("publish"), 1u);
}

TEST_F(without_message_ids, what_came_again_was_not_sent_before) {
    auto t = task("<certificate/>");
    t.start_by = machine_clock().now() - duration{1};
    work(queue::encode(t), true);
    EXPECT_EQ(outcome().what, outcome_class::returned);
    EXPECT_EQ(count("sent"), 0u);
}

TEST_F(worker_test, a_channel_may_say_that_no_repeat_is_known_there) {
    nodes.caller_->profile.honours_message_id = false;
    work(queue::encode(task("<certificate/>")));
    EXPECT_EQ(outcome().what, outcome_class::delivered) << outcome().text;
    EXPECT_EQ(queue.done, (steps{"before-send", "ack", "after-send", "before-outcome", "publish",
                                 "after-outcome", "after-ack"}));
}

struct large_translation : worker_test {
    std::string certificate() const {
        return "<rsm:SPSCertificate "
               "xmlns:rsm=\"urn:un:unece:uncefact:data:standard:SPSCertificate:17\"><rsm:X>" +
               std::string(queue::inline_limit, 'x') + "</rsm:X></rsm:SPSCertificate>";
    }
    void SetUp() override {
        worker_test::SetUp();
        nodes.to_.translate = "sps-8";
        content.when_storing = [this] { queue.note("store"); };
    }
    queue::task large() {
        auto t = task(certificate());
        content.all[t.content->digest.hex()] = crypto::from_memory(std::move(*t.content->bytes));
        t.content->bytes.reset();
        return t;
    }
};

TEST_F(large_translation, is_stored_before_it_is_sent) {
    work(queue::encode(large()));
    EXPECT_EQ(outcome().what, outcome_class::delivered) << outcome().text;
    EXPECT_EQ(queue.done, (steps{"before-send", "store", "after-send", "before-outcome", "publish",
                                 "after-outcome", "ack", "after-ack"}));
    ASSERT_TRUE(outcome().translation);
    EXPECT_FALSE(outcome().translation->bytes);
    EXPECT_EQ(content.stored.at(0)->digest(), outcome().translation->digest);
}

TEST_F(large_translation, that_cannot_be_stored_is_not_sent) {
    content.when_storing = [this] { content.reachable = false; };
    work(queue::encode(large()));
    EXPECT_EQ(outcome().what, outcome_class::returned);
    EXPECT_EQ(outcome().text, "the new translation could not be stored: the hub is away");
    EXPECT_FALSE(nodes.seen);
    EXPECT_EQ(queue.done.back(), "after-ack");
}

struct fetched_certificate : worker_test {
    fetched_certificate() : worker_test{"ephyto"} {}
    const std::string certificate = "<c>" + std::string(queue::inline_limit, 'x') + "</c>";

    void SetUp() override {
        worker_test::SetUp();
        content.when_storing = [this] { queue.note("store"); };
        nodes.on_the_way_back = [this](http::response r) {
            r.status = 200;
            return with_text(
                std::move(r),
                "<s:Envelope xmlns:s='http://schemas.xmlsoap.org/soap/envelope/'><s:Body>"
                "<PULLSingleImportEnvelopeResponse xmlns='http://ephyto.ippc.int/' "
                "xmlns:h='http://ephyto.ippc.int/HUB.Entities'><PULLSingleImportEnvelopeResult>"
                "<h:hubDeliveryNumber>HUB-1</h:hubDeliveryNumber><h:Content><![CDATA[" +
                    certificate +
                    "]]></h:Content></PULLSingleImportEnvelopeResult>"
                    "</PULLSingleImportEnvelopeResponse></s:Body></s:Envelope>");
        };
    }
    queue::task fetch() {
        auto t = task("");
        t.verb = queue::verb::fetch;
        t.reference = "HUB-1";
        t.content.reset();
        return t;
    }
};

TEST_F(fetched_certificate, is_at_the_hub_before_its_outcome) {
    work(queue::encode(fetch()));
    EXPECT_EQ(outcome().what, outcome_class::done) << outcome().text;
    EXPECT_EQ(queue.done, (steps{"before-send", "after-send", "store", "before-outcome", "publish",
                                 "after-outcome", "ack", "after-ack"}));
    ASSERT_TRUE(outcome().fetched && outcome().fetched->content);
    EXPECT_FALSE(outcome().fetched->content->bytes);
    EXPECT_EQ(content.stored.at(0)->digest(), crypto::sha256_of(certificate));
    EXPECT_EQ(outcome().fetched->content->digest, crypto::sha256_of(certificate));
}

TEST_F(fetched_certificate, that_cannot_be_brought_there_is_fetched_again) {
    content.when_storing = [this] { content.reachable = false; };
    work(queue::encode(fetch()));
    EXPECT_EQ(outcome().what, outcome_class::returned);
    EXPECT_EQ(outcome().text, "what was fetched could not be stored: the hub is away");
    EXPECT_FALSE(outcome().fetched);
}

// NZ answers; SLOW takes everything and never does.
struct beside_a_silent_partner : worker_test {
    std::unique_ptr<queue::transport> embedded;
    queue::task stuck;
    silent_hub silent{nodes.loop_.get_executor()};
    worker::content_access* from = &content;

    void start() {
        auto told = std::make_shared<configuration>();
        told->partners["NZ"] = nodes.to_;
        told->partners["SLOW"] = nodes.to_;
        told->partners["SLOW"].name = "SLOW";
        told->partners["SLOW"].channel = "slow";
        auto slow = std::make_shared<engine::channel>(*nodes.caller_);
        slow->profile.name = "slow";
        slow->client = std::make_shared<silent_client>(nodes.loop_.get_executor());
        auto made = std::make_shared<engine::snapshot>();
        made->configuration = told;
        made->channels["nz"] = nodes.caller_;
        made->channels["slow"] = slow;
        profiles.swap(made);
        embedded = queue::make_embedded(nodes.loop_.get_executor());
        working = worker::make_workers(nodes.loop_.get_executor(), *embedded, profiles, *from,
                                       nodes.tools(), settings);
        working->serve({"NZ", "SLOW"});
        stuck = task("<slow/>");
        stuck.partner = "SLOW";
        stuck.channel = "slow";
        stuck.profile = engine::profile_digest(slow->profile, told->partners["SLOW"]);
    }
    // The first outcome, when SLOW has so many tasks and NZ one.
    std::optional<queue::outcome> first_outcome(int stuck_ones) {
        return nodes.run([&]() -> awaitable<std::optional<queue::outcome>> {
            for (int i = 0; i < stuck_ones; ++i)
                co_await embedded->publish(queue::work_queue("SLOW"), queue::encode(stuck),
                                           duration{1000});
            co_await embedded->publish(queue::work_queue("NZ"),
                                       queue::encode(task("<certificate/>")), duration{1000});
            auto outcomes = embedded->consume(queue::outcome_queue, 1);
            auto lot = co_await outcomes->next(duration{20'000});
            if (!lot) co_return std::nullopt;
            lot->ack();
            co_return queue::decode_outcome(lot->body()).value();
        });
    }
    void abandon() {
        nodes.run([&]() -> awaitable<void> { co_await working->stop(duration{0}); });
        EXPECT_EQ(working->in_flight(), 0u);  // abandoned, and not acknowledged
    }
};

TEST_F(beside_a_silent_partner, a_task_of_another_is_not_starved) {
    settings.concurrency = 2;
    start();
    const auto first = first_outcome(3);
    ASSERT_TRUE(first);
    EXPECT_EQ(first->partner, "NZ");
    EXPECT_EQ(first->what, outcome_class::delivered);
    EXPECT_EQ(working->in_flight(), 1u);
    abandon();
}

TEST_F(beside_a_silent_partner, a_suspect_holds_nobody_up_and_is_told_to_stand_aside) {
    settings.patience = duration{20};
    std::vector<std::string> told;
    settings.alone = [&](std::int64_t work, std::uint32_t attempt, bool is) -> awaitable<void> {
        told.push_back(std::to_string(work) + '/' + std::to_string(attempt) +
                       (is ? " alone" : " aside"));
        co_return;
    };
    start();
    stuck.suspect = true;
    stuck.work = 8;
    const auto first = first_outcome(1);
    ASSERT_TRUE(first);
    EXPECT_EQ(first->partner, "NZ");
    EXPECT_EQ(first->what, outcome_class::delivered);
    EXPECT_EQ(told, steps{"8/1 aside"});
    abandon();
}

TEST_F(beside_a_silent_partner, a_suspect_whose_content_does_not_come_holds_nobody_up) {
    settings.patience = duration{20};
    from = &silent;
    start();
    stuck.suspect = true;
    stuck.content->bytes.reset();
    const auto first = first_outcome(1);
    ASSERT_TRUE(first);
    EXPECT_EQ(first->partner, "NZ");
    abandon();
}

}  // namespace
}  // namespace ecert::tests
