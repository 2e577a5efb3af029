#include "tests/unit/hub/ledger/power_loss.hpp"

#include "tests/unit/hub/ledger/ledger_in_folder.hpp"

#include <boost/asio/detached.hpp>

#include <gtest/gtest.h>

namespace ecert::hub {
namespace {

class ledger_without_battery : public ledger_in_folder {
  protected:
    ledger_without_battery() { machine_.power_on(); }
    ~ledger_without_battery() override { machine_.power_on(); }

    sqlite_settings on_the_machine() {
        auto s = settings();
        s.vfs = machine_.vfs_name();
        s.files = &machine_.disk();
        s.file_threshold = 8 * kib;  // every third content below is a file
        s.group = 8;
        return s;
    }
    static std::string bytes_of(int i) {
        return "<certificate " + std::to_string(i) + "/>" +
               std::string(i % 3 == 0 ? 20'000 : 700, static_cast<char>('a' + i % 26));
    }

    struct promised {
        int number;
        accepted as;
        bool delivered = false;
    };

    awaitable<void> agency(ledger& books, int from, int upto) {
        for (int i = from; i < upto && !machine_.is_off(); ++i) {
            auto answer =
                co_await books.accept(push("A/" + std::to_string(i), bytes_of(i)), receipt);
            if (answer) promises_.push_back({i, std::get<accepted>(*answer)});
        }
    }
    awaitable<void> worker(ledger& books) {
        for (int turn = 0; turn < 30 && !machine_.is_off(); ++turn) {
            auto tasks = co_await books.take_due("NL", 4, {.now = time_.now()});
            if (!tasks) co_return;
            for (const auto& t : *tasks) {
                queue::outcome o;
                o.id = t.id;
                o.attempt = t.attempt;
                o.work = t.work;
                o.partner = t.partner;
                o.what = queue::outcome_class::delivered;
                auto done = co_await books.apply(o, {}, time_.now(), 0.0);
                if (done) delivered_.push_back(done->delivery);
            }
        }
    }

    // Everything at once until the power fails somewhere.
    void work_until_the_power_fails(long calls) {
        auto books = open(on_the_machine());
        machine_.fail_after(calls);
        for (int lane = 0; lane < 6; ++lane)
            boost::asio::co_spawn(loop_, agency(*books, lane * 100, lane * 100 + 40),
                                  boost::asio::detached);
        boost::asio::co_spawn(loop_, worker(*books), boost::asio::detached);
        loop_.restart();
        loop_.run();
    }

    void expect_every_promise_kept() {
        auto books = open(on_the_machine());
        for (const auto& p : promises_) {
            const auto seen = run(books->certificate(p.as.certificate, "NPPO"));
            ASSERT_TRUE(seen) << "A/" << p.number << " was acknowledged and is lost";
            EXPECT_EQ(seen->receipt, p.as.receipt);
            const auto content = run(books->content(seen->digest));
            ASSERT_TRUE(content) << content.error().text;
            EXPECT_EQ(crypto::read_all(**content, 1 * mib), bytes_of(p.number));
        }
        for (const auto& id : delivered_)
            EXPECT_EQ(run(books->certificate(id, ""))->state, state::delivered);
        const auto audit = run(books->audit());
        EXPECT_TRUE(audit && audit->whole) << (audit ? audit->text : audit.error().text);
    }

    machine_without_battery& machine_ = machine_without_battery::instance();
    std::vector<promised> promises_;
    std::vector<uuid> delivered_;
};

TEST_F(ledger_without_battery, no_receipt_given_is_lost_wherever_the_power_fails) {
    std::mt19937 dice{20261124};
    std::size_t kept = 0;
    for (unsigned round = 0; round < 25; ++round) {
        SCOPED_TRACE("round " + std::to_string(round));
        promises_.clear();
        delivered_.clear();
        machine_.power_on();
        std::filesystem::remove_all(folder_.path());
        work_until_the_power_fails(static_cast<long>(20 + dice() % 1500));
        machine_.lose(dice());
        machine_.power_on();
        expect_every_promise_kept();
        kept += promises_.size();
        if (HasFailure()) return;
    }
    EXPECT_GT(kept, 100u) << "the test would prove nothing";
}

TEST_F(ledger_without_battery, a_power_loss_again_and_again_on_one_ledger_loses_nothing) {
    std::mt19937 dice{7};
    for (unsigned round = 0; round < 8; ++round) {
        machine_.power_on();
        work_until_the_power_fails(static_cast<long>(50 + dice() % 600));
        machine_.lose(dice());
    }
    machine_.power_on();
    expect_every_promise_kept();
}

TEST_F(ledger_without_battery, a_full_disk_is_unavailable_and_nothing_is_half_accepted) {
    auto books = open(on_the_machine());
    const accepted before = take_in(*books, push("A/1", bytes_of(1)));
    machine_.fill(true);
    for (int i : {2, 3}) {  // in the ledger, and as a file
        const auto refusal = offer(*books, push("A/" + std::to_string(i), bytes_of(i)));
        ASSERT_FALSE(refusal);
        EXPECT_EQ(refusal.error().kind, failure_kind::unavailable) << refusal.error().text;
    }
    EXPECT_TRUE(run(books->certificate(before.certificate, "NPPO"))) << "reading goes on";
    machine_.fill(false);
    EXPECT_EQ(run(books->list({}))->rows.size(), 1u);
    for (int i : {2, 3}) {
        const accepted a = take_in(*books, push("A/" + std::to_string(i), bytes_of(i)));
        EXPECT_FALSE(a.repeat) << "the refused push had left nothing behind";
    }
    EXPECT_EQ(run(books->list({}))->rows.size(), 3u);
    EXPECT_TRUE(run(books->audit())->whole);
}

}  // namespace
}  // namespace ecert::hub
