#include "config/log.hpp"
#include "hub/workers/worker_door.hpp"
#include "tests/unit/hub/listen/fake_incoming.hpp"
#include "tests/unit/hub/listen/fake_ledger.hpp"
#include "tests/unit/hub/listen/pki.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace ecert::hub::tests {
namespace {

using testing::HasSubstr;

struct keeping_ledger : fake_ledger {
    std::vector<crypto::source_ptr> kept;
    awaitable<result<void>> put(crypto::source_ptr what) override {
        kept.push_back(std::move(what));
        co_return result<void>{};
    }
};

// "abroad" may serve NZ, "other" NL.
struct content_door : testing::Test {
    const pki& keys = pki::made();
    manual_clock time{std::chrono::floor<std::chrono::days>(std::chrono::system_clock::now()) +
                      24h};
    boost::asio::io_context loop;
    pool work{1};
    keeping_ledger ledger;
    metrics figures;
    engine::snapshots profiles;
    registry hosts{"0.1.0", time.steady()};
    std::shared_ptr<const roles> in_force;
    log::capture kept;
    std::shared_ptr<const task_tokens> tokens = std::make_shared<const task_tokens>(
        crypto::seal_keys::parse("1 * " + crypto::base64_encode(std::string(32, 'k')) + '\n')
            .value());
    std::string certificate = "0123456789";
    crypto::sha256 digest = crypto::sha256_of(certificate);
    http::handler handler;

    content_door() {
        configuration c;
        c.hosts["abroad"] = {
            .name = "abroad", .identity = {keys.pinned("mara")}, .partners = {"NZ"}};
        c.hosts["other"] = {.name = "other", .identity = {keys.pinned("nz")}, .partners = {"NL"}};
        c.agencies["GACC"] = {.name = "GACC", .identity = {keys.pinned("gacc")}};
        in_force = roles::make(c).first;
        auto snapshot = std::make_shared<engine::snapshot>();
        snapshot->configuration = std::make_shared<const configuration>(c);
        profiles.swap(snapshot);
        ledger.on_content = [this](const crypto::sha256& asked) -> result<crypto::source_ptr> {
            if (asked != digest) return failure{failure_kind::not_found, "no such content"};
            return crypto::from_memory(certificate);
        };
        handler = make_worker_handler(
            {ledger, profiles, [this] { return in_force; }, time, figures, hosts, work, tokens});
    }
    content_grant grant() const {
        return {"NZ", queue::derive({"a task"}), 1, {digest}, 1'000, time.now() + 60s};
    }
    http::response ask(fake_incoming request, const content_grant& by,
                       const std::string& who = "mara") {
        request.from(keys.load(who)).field(token_field, tokens->make(by));
        return run(loop, handler(request));
    }
    fake_incoming get() const { return {"GET", "/internal/content/" + digest.hex()}; }
    fake_incoming bring(const std::string& bytes, const crypto::sha256& as) const {
        fake_incoming request{"PUT", "/internal/content/" + as.hex()};
        request.body("application/octet-stream", bytes);
        return request;
    }
    static std::string field(const http::response& r, const char* name) {
        return std::string{r.fields.get(name)};
    }
};

TEST_F(content_door, gives_the_content_of_the_task_whose_token_is_shown) {
    const auto given = ask(get(), grant());
    ASSERT_EQ(given.status, 200) << body_of(given);
    EXPECT_EQ(body_of(given), certificate);
    EXPECT_EQ(field(given, "ETag"), '"' + digest.hex() + '"');
    EXPECT_EQ(field(given, "Accept-Ranges"), "bytes");
}

TEST_F(content_door, goes_on_where_a_connection_broke) {
    const auto given = ask(get().field("Range", "bytes=4-"), grant());
    ASSERT_EQ(given.status, 206);
    EXPECT_EQ(body_of(given), "456789");
    EXPECT_EQ(given.size, 6u);
    EXPECT_EQ(field(given, "Content-Range"), "bytes 4-9/10");
    const auto beyond = ask(get().field("Range", "bytes=10-"), grant());
    EXPECT_EQ(beyond.status, 416);
    EXPECT_EQ(field(beyond, "Content-Range"), "bytes */10");
}

TEST_F(content_door, gives_all_where_the_part_is_of_something_else) {
    const auto other = ask(get().field("Range", "bytes=4-").field("If-Range", "\"x\""), grant());
    EXPECT_EQ(other.status, 200);
    const auto same =
        ask(get().field("Range", "bytes=4-").field("If-Range", '"' + digest.hex() + '"'), grant());
    EXPECT_EQ(same.status, 206);
}

TEST_F(content_door, without_a_token_of_this_hub_is_shut) {
    auto request = get();
    request.from(keys.load("mara"));
    EXPECT_EQ(run(loop, handler(request)).status, 401);
    for (const auto* forged : {"", "AAAA", "{}"}) {
        auto again = get();
        again.from(keys.load("mara")).field(token_field, forged);
        const auto given = run(loop, handler(again));
        EXPECT_EQ(given.status, 401);
        EXPECT_THAT(field(given, "Content-Type"), HasSubstr("problem+json"));
        auto put = bring("new", crypto::sha256_of("new"));
        put.from(keys.load("mara")).field(token_field, forged);
        EXPECT_EQ(run(loop, handler(put)).status, 401);
        EXPECT_FALSE(put.body_was_read());
    }
    EXPECT_TRUE(ledger.kept.empty());
    EXPECT_THAT(kept.lines(), HasSubstr("content_refused"));
}

TEST_F(content_door, is_shut_for_other_content_an_ended_attempt_and_another_host) {
    auto of_another = grant();
    of_another.may_read = {crypto::sha256_of("another certificate")};
    EXPECT_EQ(ask(get(), of_another).status, 404);
    auto over = grant();
    over.until = time.now() - 1ms;
    EXPECT_EQ(ask(get(), over).status, 403);
    EXPECT_EQ(ask(bring("new", crypto::sha256_of("new")), over).status, 403);
    EXPECT_EQ(ask(get(), grant(), "nz").status, 403) << "it serves NL alone";
    EXPECT_EQ(ask(bring("new", crypto::sha256_of("new")), grant(), "nz").status, 403);
    EXPECT_EQ(ask(get(), grant(), "gacc").status, 403);
    EXPECT_EQ(ask(get(), grant(), "stranger").status, 401);
    EXPECT_TRUE(ledger.kept.empty());
}

TEST_F(content_door, takes_a_translation_once_it_is_what_it_says) {
    const std::string made{"<translated/>"};
    const auto given = ask(bring(made, crypto::sha256_of(made)), grant());
    ASSERT_EQ(given.status, 204) << body_of(given);
    ASSERT_EQ(ledger.kept.size(), 1u);
    EXPECT_EQ(ledger.kept[0]->digest(), crypto::sha256_of(made));
    auto next = grant();
    next.attempt = 2;
    EXPECT_EQ(ask(bring(made, crypto::sha256_of("other")), next).status, 422);
    next.attempt = 3;
    EXPECT_EQ(ask(bring(std::string(1'001, 'x'), crypto::sha256_of("")), next).status, 413);
    EXPECT_EQ(ledger.kept.size(), 1u);
}

TEST_F(content_door, takes_one_translation_of_an_attempt_as_often_as_it_comes) {
    const std::string made{"<translated/>"};
    EXPECT_EQ(ask(bring(made, crypto::sha256_of(made)), grant()).status, 204);
    EXPECT_EQ(ask(bring(made, crypto::sha256_of(made)), grant()).status, 204);
    auto filler = bring("x", crypto::sha256_of("x"));
    EXPECT_EQ(ask(std::move(filler), grant()).status, 409);
    EXPECT_EQ(ledger.kept.size(), 2u);
    auto next = grant();
    next.attempt = 2;
    EXPECT_EQ(ask(bring("x", crypto::sha256_of("x")), next).status, 204);
}

TEST_F(content_door, takes_nothing_for_a_task_that_makes_no_translation) {
    auto reads_only = grant();
    reads_only.may_write = 0;
    EXPECT_EQ(ask(bring("x", crypto::sha256_of("x")), reads_only).status, 403);
    EXPECT_TRUE(ledger.kept.empty());
}

}  // namespace
}  // namespace ecert::hub::tests
