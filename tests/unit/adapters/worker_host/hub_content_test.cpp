#include "adapters/worker_host/hub_content.hpp"

#include "queue/lease.hpp"

#include <boost/asio/io_context.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <deque>

namespace ecert::worker {
namespace {

using testing::HasSubstr;

// A hub that answers as it was told, in turn; then nobody is there.
struct scripted_hub final : http::client {
    std::vector<http::call> asked;
    std::deque<http::reply_received> answers;
    std::function<void()> meanwhile = [] {};
    awaitable<http::reply_received> send(http::call what) override {
        asked.push_back(std::move(what));
        meanwhile();
        http::reply_received said;
        said.error = "connection refused";
        if (!answers.empty()) {
            said = std::move(answers.front());
            answers.pop_front();
        }
        co_return said;
    }
    void close() override {}
};

http::reply_received reply(int status, const std::string& body, std::string range = {}) {
    http::reply_received said;
    said.stage = http::stage::replied;
    said.status = status;
    if (!body.empty()) said.body = crypto::from_memory(body);
    if (!range.empty()) said.fields.set("Content-Range", std::move(range));
    return said;
}
http::reply_received broken(http::reply_received said) {
    said.stage = http::stage::after_body;
    said.error = "the reply broke off";
    return said;
}

struct hub_content_test : testing::Test {
    boost::asio::io_context loop;
    pool work{1};
    manual_clock time{parse_rfc3339("2026-11-24T12:00:00.000Z").value()};
    hub_door door{loop.get_executor(), work, "/tmp", 1};
    std::shared_ptr<scripted_hub> hub = std::make_shared<scripted_hub>();
    dispatch_settings limits;
    hub_content content{door, work, time, limits};
    const std::string certificate = "0123456789";
    const queue::content_ref ref{certificate.size(), crypto::sha256_of(certificate), {}};
    queue::task task;

    void SetUp() override {
        door.adopt(hub);
        task.token = "noise";
        task.start_by = time.now() + duration{120'000};
        task.content = ref;
    }
    template <class T>
    result<T> run(awaitable<result<T>> what) {
        std::optional<result<T>> got;
        boost::asio::co_spawn(loop, std::move(what), [&](std::exception_ptr e, result<T> r) {
            if (e) std::rethrow_exception(e);
            got = std::move(r);
        });
        loop.restart();
        loop.run();
        return *got;
    }
    result<crypto::source_ptr> fetch() { return run(content.fetch(task, ref)); }
    result<void> store() { return run(content.store(task, crypto::from_memory(certificate))); }
};

TEST_F(hub_content_test, is_asked_for_with_the_tasks_token) {
    hub->answers = {reply(200, certificate)};
    EXPECT_EQ(fetch().value()->digest(), ref.digest);
    ASSERT_EQ(hub->asked.size(), 1u);
    const auto& call = hub->asked[0];
    EXPECT_EQ(call.method, "GET");
    EXPECT_EQ(call.target, "/internal/content/" + ref.digest.hex());
    EXPECT_EQ(call.fields.get("Ecert-Task-Token"), "noise");
    EXPECT_FALSE(call.fields.has("Range"));
    EXPECT_EQ(call.reply_limit, 10u);
    EXPECT_EQ(call.total, duration{120'000});
}

TEST_F(hub_content_test, goes_on_where_the_connection_broke) {
    hub->answers = {broken(reply(200, "0123")), reply(206, "456789", "bytes 4-9/10")};
    const auto got = fetch().value();
    EXPECT_EQ(got->digest(), ref.digest);
    EXPECT_EQ(got->size(), 10u);
    ASSERT_EQ(hub->asked.size(), 2u);
    EXPECT_EQ(hub->asked[1].fields.get("Range"), "bytes=4-");
    EXPECT_EQ(hub->asked[1].fields.get("If-Range"), '"' + ref.digest.hex() + '"');
}

TEST_F(hub_content_test, of_a_hub_out_of_reach_is_unavailable_after_three_tries) {
    const auto got = fetch();
    ASSERT_FALSE(got);
    EXPECT_EQ(got.error().kind, failure_kind::unavailable);
    EXPECT_THAT(got.error().text, HasSubstr("connection refused"));
    EXPECT_EQ(hub->asked.size(), 3u);
}

TEST_F(hub_content_test, is_not_waited_for_after_the_attempt_had_to_begin) {
    hub->meanwhile = [this] { time.advance(duration{50'000}); };
    for (const auto* byte : {"0", "1", "2", "3"})
        hub->answers.push_back(
            broken(reply(hub->answers.empty() ? 200 : 206, byte,
                         "bytes " + std::to_string(hub->answers.size()) + "-9/10")));
    const auto got = fetch();
    ASSERT_FALSE(got);
    EXPECT_EQ(got.error().kind, failure_kind::unavailable);
    EXPECT_THAT(got.error().text, HasSubstr("in time"));
    EXPECT_EQ(hub->asked.size(), 3u);
    EXPECT_EQ(hub->asked[2].total, duration{20'000});
}

TEST_F(hub_content_test, is_not_asked_for_without_a_token) {
    task.token.clear();
    EXPECT_FALSE(fetch());
    EXPECT_TRUE(hub->asked.empty());
}

TEST_F(hub_content_test, a_translation_is_brought_whole_and_named_by_its_digest) {
    hub->answers = {reply(204, "")};
    EXPECT_TRUE(store());
    const auto& call = hub->asked.at(0);
    EXPECT_EQ(call.method, "PUT");
    EXPECT_EQ(call.target, "/internal/content/" + ref.digest.hex());
    EXPECT_EQ(call.fields.get("Ecert-Task-Token"), "noise");
    EXPECT_EQ(call.size, 10u);
    EXPECT_EQ(crypto::xml::to_string(call.body, 100), certificate);
    EXPECT_EQ(call.total, queue::lease_end(task, limits) - time.now());
}

TEST_F(hub_content_test, a_translation_that_is_refused_or_too_late_is_not_there) {
    hub->answers = {reply(403, "the attempt is over")};
    const auto refused = store();
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().kind, failure_kind::unavailable);
    EXPECT_THAT(refused.error().text, HasSubstr("the attempt is over"));
    time.advance(queue::lease_end(task, limits) - time.now());
    EXPECT_FALSE(store());
    EXPECT_EQ(hub->asked.size(), 1u);
}

}  // namespace
}  // namespace ecert::worker
