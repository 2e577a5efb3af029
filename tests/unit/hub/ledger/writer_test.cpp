#include "hub/ledger/sqlite/writer.hpp"

#include "hub/ledger/sqlite/readers.hpp"
#include "tests/unit/hub/ledger/ledger_in_folder.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>

#include <gtest/gtest.h>

#include <future>

namespace ecert::hub::sqlite {
namespace {

class one_writer : public ledger_in_folder {
  protected:
    one_writer() {
        std::filesystem::create_directories(folder_.path());
        auto db = std::make_unique<connection>(file(), access::read_write);
        db->execute("PRAGMA journal_mode=WAL; CREATE TABLE t(v INTEGER PRIMARY KEY)");
        circumstances in{.node = "CN", .reached = [this](const char* point) {
                             if (on_point_) on_point_(point);
                         }};
        writer_ = std::make_unique<writer>(std::move(db), std::move(in),
                                           writer_settings{.intake_waiting = 4, .waiting = 8});
    }
    using verb = std::function<result<int>(transaction&)>;
    static verb insert(int v) {
        return [v](transaction& t) -> result<int> {
            t.db.run("INSERT INTO t VALUES(?)", v);
            return v;
        };
    }
    void submit(verb what, urgency how = urgency::settling) {
        boost::asio::co_spawn(
            loop_, writer_->submit<int>(how, std::move(what)),
            [this](std::exception_ptr, result<int> r) { answers_.push_back(std::move(r)); });
    }
    // Holds the writer inside a verb until let go, so that what is submitted meanwhile is one
    // group.
    std::promise<void> hold_writer() {
        std::promise<void> go;
        auto entered = std::make_shared<std::promise<void>>();
        submit([wait = go.get_future().share(), entered](transaction&) -> result<int> {
            entered->set_value();
            wait.wait();
            return 0;
        });
        loop_.restart();
        loop_.poll();
        entered->get_future().wait();
        return go;
    }
    void finish() {
        loop_.restart();
        loop_.run();
    }
    std::int64_t rows() {
        connection db{file(), access::read_only};
        auto q = db.prepare("SELECT count(*) FROM t");
        q.step();
        return q.integer(0);
    }

    std::function<void(const char*)> on_point_;
    std::unique_ptr<writer> writer_;
    std::vector<result<int>> answers_;
};

TEST_F(one_writer, a_failing_verb_leaves_nothing_and_does_not_disturb_its_group) {
    int commits = 0;
    on_point_ = [&](const char* p) { commits += std::string_view{p} == "after-commit"; };
    auto go = hold_writer();
    submit(insert(1));
    submit([](transaction& t) -> result<int> {
        t.db.run("INSERT INTO t VALUES(100)");
        return failure{failure_kind::conflict, "no"};
    });
    submit([](transaction& t) -> result<int> {
        t.db.run("INSERT INTO t VALUES(101)");
        throw std::runtime_error{"bug"};
    });
    submit(insert(1));  // a constraint
    submit(insert(2));
    loop_.poll();
    go.set_value();
    finish();
    ASSERT_EQ(answers_.size(), 6u);
    EXPECT_TRUE(answers_[1]);
    EXPECT_EQ(answers_[2].error().kind, failure_kind::conflict);
    EXPECT_EQ(answers_[3].error().kind, failure_kind::internal);
    EXPECT_EQ(answers_[4].error().kind, failure_kind::internal);
    EXPECT_TRUE(answers_[5]);
    EXPECT_EQ(rows(), 2);
    EXPECT_EQ(commits, 2) << "the five shared one commit";
}

TEST_F(one_writer, counters_follow_only_the_verbs_that_happened) {
    connection db{file(), access::read_write};
    db.execute(
        "CREATE TABLE counter(verb INTEGER, state INTEGER, pieces INTEGER NOT NULL, "
        "PRIMARY KEY(verb, state))");
    const auto counting = [](std::int64_t by, int value) -> verb {
        return [=](transaction& t) -> result<int> {
            t.counted.change(queue::verb::deliver, state::waiting, by);
            t.db.run("INSERT INTO t VALUES(?)", value);
            if (value == 3) return failure{failure_kind::conflict, "no"};
            return value;
        };
    };
    auto go = hold_writer();
    submit(counting(1, 1));
    submit(counting(10, 1));  // a constraint
    submit(counting(100, 3));
    submit(counting(1000, 4));
    loop_.poll();
    go.set_value();
    finish();
    auto q = db.prepare("SELECT pieces FROM counter WHERE state = 0");
    ASSERT_TRUE(q.step());
    EXPECT_EQ(q.integer(0), 1001);
}

TEST_F(one_writer, nothing_is_answered_before_its_commit) {
    std::int64_t seen_by_others = -1;
    on_point_ = [&](const char* p) {
        if (std::string_view{p} == "before-commit") {
            seen_by_others = rows();
            EXPECT_TRUE(answers_.empty());
        }
    };
    submit(insert(1));
    finish();
    EXPECT_EQ(seen_by_others, 0);
    EXPECT_EQ(answers_.size(), 1u);
}

TEST_F(one_writer, taking_in_gives_way_before_settling_does) {
    auto go = hold_writer();
    for (int i = 1; i <= 6; ++i) submit(insert(i), urgency::taking_in);
    for (int i = 11; i <= 14; ++i) submit(insert(i), urgency::settling);
    loop_.poll();
    EXPECT_EQ(answers_.size(), 2u) << "two of the six were turned away at once";
    for (const auto& each : answers_) EXPECT_EQ(each.error().kind, failure_kind::unavailable);
    go.set_value();
    finish();
    EXPECT_EQ(rows(), 8);
}

TEST_F(one_writer, a_coroutine_resumes_on_its_own_executor) {
    const auto here = std::this_thread::get_id();
    std::thread::id there;
    auto ask = [&]() -> awaitable<void> {
        co_await writer_->submit<int>(urgency::settling, insert(1));
        there = std::this_thread::get_id();
    };
    boost::asio::co_spawn(loop_, ask(), boost::asio::detached);
    finish();
    EXPECT_EQ(there, here);
}

TEST_F(one_writer, awaiters_that_are_never_answered_die_with_the_writer) {
    struct counted {
        explicit counted(int& alive) : alive_{alive} { ++alive_; }
        ~counted() { --alive_; }
        int& alive_;
    };
    int alive = 0;
    auto go = hold_writer();
    auto ask = [&]() -> awaitable<void> {
        const counted here{alive};
        co_await writer_->submit<int>(urgency::settling, insert(1));
    };
    for (int i = 0; i < 3; ++i) boost::asio::co_spawn(loop_, ask(), boost::asio::detached);
    loop_.poll();
    EXPECT_EQ(alive, 3);
    auto ending = std::async(std::launch::async, [&] { writer_.reset(); });
    go.set_value();
    ending.wait();
    finish();
    EXPECT_EQ(alive, 0) << "answered or dropped, nothing is left waiting";
}

TEST_F(one_writer, close_answers_what_was_submitted_and_refuses_what_comes_after) {
    auto go = hold_writer();
    submit(insert(1));
    auto closing = [this]() -> awaitable<void> {
        auto last = [](transaction& t) -> result<void> {
            t.db.run("INSERT INTO t VALUES(99)");
            return {};
        };
        EXPECT_TRUE(co_await writer_->close(last));
        EXPECT_FALSE(co_await writer_->close(last)) << "once";
    };
    boost::asio::co_spawn(loop_, closing(), boost::asio::detached);
    loop_.poll();
    submit(insert(2));
    go.set_value();
    finish();
    EXPECT_EQ(rows(), 2);
    EXPECT_EQ(answers_.size(), 3u);
}

TEST_F(one_writer, a_read_that_takes_too_long_is_stopped) {
    readers slow{file(), 1, std::chrono::milliseconds{50}, nullptr};
    auto endless = [](connection& db) -> result<int> {
        db.run(
            "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) "
            "SELECT max(i) FROM n");
        return 1;
    };
    const auto answer = run(slow.read<int>(endless));
    EXPECT_EQ(answer.error().kind, failure_kind::deadline);
    auto quick = [](connection& db) -> result<int> {
        db.run("SELECT 1");
        return 7;
    };
    EXPECT_EQ(*run(slow.read<int>(quick)), 7) << "the reader goes on with the next";
}

}  // namespace
}  // namespace ecert::hub::sqlite
