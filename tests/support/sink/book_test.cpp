#include "tests/support/sink/book.hpp"

#include "tests/unit/adapters/http/bench.hpp"

#include <boost/asio/detached.hpp>

#include <gmock/gmock.h>

namespace ecert::sink {
namespace {

class a_book : public testing::Test {
  protected:
    http::tests::bench b;
    std::filesystem::path log = b.folder.path() / "received.jsonl";
    std::filesystem::path store = b.folder.path() / "store";

    static arrival of(std::string id, std::string content, std::string receipt) {
        return {std::move(id),
                {"CN", "AU", "A/1", 851, 70},
                crypto::from_memory(std::move(content)),
                std::move(receipt),
                "2026-11-24T00:00:00.000Z"};
    }
    book open() { return {b.loop.get_executor(), b.work, log, store}; }
    recorded record(book& in, const arrival& what) {
        return b.run([&] { return in.record(what); });
    }
    std::string bytes_of(const std::filesystem::path& file) {
        std::ifstream in{file, std::ios::binary};
        return {std::istreambuf_iterator<char>{in}, {}};
    }
};

TEST_F(a_book, keeps_bytes_and_line_and_gives_a_repeat_the_first_receipt) {
    auto received = open();
    EXPECT_FALSE(record(received, of("m1", "<a/>", "first")).repeat);
    const auto again = record(received, of("m1", "<a/>", "second"));
    EXPECT_TRUE(again.repeat);
    EXPECT_EQ(again.receipt, "first");
    EXPECT_EQ(bytes_of(store / crypto::sha256_of("<a/>").hex()), "<a/>");
    EXPECT_THAT(bytes_of(log), testing::HasSubstr("\"message_id\":\"m1\""));
    EXPECT_EQ(append_log{log}.lines().size(), 1u);
}

TEST_F(a_book, remembers_after_a_restart_and_takes_off_a_line_that_was_cut_short) {
    {
        auto received = open();
        record(received, of("m1", "<a/>", "first"));
    }
    std::ofstream{log, std::ios::app} << "{\"at\":\"2026";
    auto received = open();
    EXPECT_EQ(received.earlier().size(), 1u);
    EXPECT_EQ(record(received, of("m1", "<a/>", "second")).receipt, "first");
    EXPECT_FALSE(record(received, of("m2", "<b/>", "b")).repeat);
    EXPECT_EQ(append_log{log}.lines().size(), 2u);
}

TEST_F(a_book, stores_nothing_under_an_id_that_has_other_content) {
    auto received = open();
    record(received, of("m1", "<a/>", "first"));
    EXPECT_TRUE(record(received, of("m1", "<b/>", "other")).other_content);
    EXPECT_FALSE(std::filesystem::exists(store / crypto::sha256_of("<b/>").hex()));
    EXPECT_EQ(append_log{log}.lines().size(), 1u);
}

TEST_F(a_book, stores_once_what_comes_twice_at_the_same_time) {
    auto received = open();
    std::vector<recorded> got;
    const auto one = [&](const arrival& what) -> awaitable<void> {
        got.push_back(co_await received.record(what));
    };
    b.run([&]() -> awaitable<void> {
        for (const auto* receipt : {"a", "b", "c"})
            boost::asio::co_spawn(b.loop, one(of("m1", "<a/>", receipt)), boost::asio::detached);
        for (int i = 0; i < 20; ++i)
            boost::asio::co_spawn(b.loop, one(of("n" + std::to_string(i), "<n/>", "n")),
                                  boost::asio::detached);
        while (got.size() < 23) co_await boost::asio::post(b.loop, boost::asio::use_awaitable);
    });
    EXPECT_EQ(append_log{log}.lines().size(), 21u);
    for (const auto& each : got) EXPECT_TRUE(each.receipt == "a" || each.receipt == "n");
}

TEST_F(a_book, fails_when_the_disk_does_and_stores_when_it_is_well_again) {
    auto received = open();
    std::filesystem::remove_all(store);
    EXPECT_ANY_THROW(record(received, of("m1", "<a/>", "first")));
    EXPECT_TRUE(append_log{log}.lines().empty());
    std::filesystem::create_directories(store);
    EXPECT_FALSE(record(received, of("m1", "<a/>", "second")).repeat);
}

}  // namespace
}  // namespace ecert::sink
