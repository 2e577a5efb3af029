#include "hub/workers/content_grant.hpp"

#include "hub/workers/task_tokens.hpp"
#include "queue/lease.hpp"

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

namespace ecert::hub {
namespace {

using namespace std::chrono_literals;

const auto now = parse_rfc3339("2026-11-24T12:00:00.000Z").value();
const auto large = crypto::sha256_of("large"), other = crypto::sha256_of("other");
const host_settings abroad{.name = "abroad", .partners = {"NL", "NZ"}};

queue::task a_task() {
    queue::task t;
    t.id = queue::derive({"a task"});
    t.attempt = 3;
    t.partner = "NZ";
    t.start_by = now + 2min;
    t.content = queue::content_ref{5 * mib, large, {}};
    return t;
}

content_grant a_grant() { return grant_for(a_task(), {}, 0).value(); }

TEST(content_grant, names_what_the_task_does_not_carry) {
    auto t = a_task();
    t.translation = queue::content_ref{4 * mib, other, {}};
    EXPECT_EQ(grant_for(t, {}, 7)->may_read, (std::vector{large, other}));
    EXPECT_EQ(grant_for(t, {}, 7)->may_write, 0u) << "a kept translation is never made again";
    t.content->bytes = "inline";
    EXPECT_EQ(grant_for(t, {}, 7)->may_read, std::vector{other});
    t.translation->bytes = "inline";
    EXPECT_FALSE(grant_for(t, {}, 7));
}

TEST(content_grant, of_what_is_translated_lets_one_be_brought) {
    auto t = a_task();
    t.content->bytes = "inline";
    EXPECT_EQ(grant_for(t, {}, 7)->may_write, 7u);
    EXPECT_FALSE(grant_for(t, {}, 0));
    t.verb = queue::verb::respond;
    EXPECT_FALSE(grant_for(t, {}, 7));
}

TEST(content_grant, ends_with_the_lease_of_its_attempt) {
    EXPECT_EQ(a_grant().until, queue::lease_end(a_task(), {}));
    EXPECT_FALSE(refuse_read(a_grant(), abroad, large, a_grant().until));
    EXPECT_EQ(refuse_read(a_grant(), abroad, large, a_grant().until + 1ms)->status, 403);
}

TEST(content_grant, opens_nothing_that_it_does_not_name) {
    EXPECT_EQ(refuse_read(a_grant(), abroad, other, now)->status, 404);
    EXPECT_EQ(refuse_read(a_grant(), abroad, {}, now)->status, 404);
    EXPECT_EQ(refuse_write(a_grant(), abroad, now)->status, 403);
    auto writes = a_grant();
    writes.may_write = 1;
    EXPECT_FALSE(refuse_write(writes, abroad, now));
}

TEST(content_grant, opens_nothing_for_a_host_that_may_not_serve_its_partner) {
    const host_settings elsewhere{.name = "elsewhere", .partners = {"NL"}};
    EXPECT_EQ(refuse_read(a_grant(), elsewhere, large, now)->status, 403);
    auto writes = a_grant();
    writes.may_write = 1;
    EXPECT_EQ(refuse_write(writes, elsewhere, now)->status, 403);
}

struct task_token : testing::Test {
    std::filesystem::path folder =
        std::filesystem::temp_directory_path() / ("ecert-token-" + std::to_string(::getpid()));
    void SetUp() override { std::filesystem::create_directories(folder); }
    void TearDown() override { std::filesystem::remove_all(folder); }
    std::filesystem::path file() const { return folder / "task-token.key"; }
};

TEST_F(task_token, says_what_it_was_made_of) {
    const auto tokens = task_tokens::kept_in(folder).value();
    auto g = a_grant();
    g.partner = "by-chance-nowhere";
    g.may_read.push_back(other);
    g.may_write = 110 * mib;
    const auto token = tokens.make(g);
    EXPECT_EQ(tokens.read(token).value(), g);
    EXPECT_NE(tokens.make(g), token);
    EXPECT_EQ(token.find(g.partner), std::string::npos);
}

TEST_F(task_token, outlives_a_restart_by_a_key_that_nobody_else_reads) {
    const auto token = task_tokens::kept_in(folder).value().make(a_grant());
    EXPECT_TRUE(task_tokens::kept_in(folder).value().read(token));
    EXPECT_EQ(std::filesystem::status(file()).permissions(), std::filesystem::perms{0600});
}

TEST_F(task_token, of_another_hub_or_changed_by_one_bit_opens_nothing) {
    const auto tokens = task_tokens::kept_in(folder).value();
    const auto token = tokens.make(a_grant());
    std::filesystem::remove(file());
    const auto elsewhere = task_tokens::kept_in(folder).value();
    EXPECT_EQ(elsewhere.read(token).error().kind, failure_kind::untrusted);
    auto raw = crypto::base64_decode(token).value();
    for (std::size_t i = 0; i < raw.size(); ++i) {
        raw[i] ^= 1;
        EXPECT_FALSE(tokens.read(crypto::base64_encode(raw))) << i;
        raw[i] ^= 1;
    }
    for (const auto* rubbish : {"", "?", "AAAA"}) EXPECT_FALSE(tokens.read(rubbish));
    EXPECT_FALSE(tokens.read(std::string(1 << 20, 'A')));
}

TEST_F(task_token, with_a_key_file_that_is_damaged_starts_nothing) {
    std::ofstream{file()} << "1 * short\n";
    const auto got = task_tokens::kept_in(folder);
    ASSERT_FALSE(got);
    EXPECT_NE(got.error().text.find("task-token.key"), std::string::npos);
}

}  // namespace
}  // namespace ecert::hub
