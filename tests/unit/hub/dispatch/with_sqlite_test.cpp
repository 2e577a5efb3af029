// Dispatch over the real ledger: what the files say after attempts, restarts and ten days.
#include "hub/ledger/sqlite/open.hpp"
#include "tests/unit/hub/dispatch/dispatch_bench.hpp"

#include <unistd.h>

#include <filesystem>

namespace ecert::hub {
namespace {

using queue::outcome_class;

class dispatch_over_sqlite : public dispatch_bench {
  public:
    dispatch_over_sqlite() {
        folder = std::filesystem::temp_directory_path() /
                 ("ecert-dispatch-" + std::to_string(::getpid()));
        std::filesystem::remove_all(folder);
        std::filesystem::create_directories(folder);
        simple();
    }
    ~dispatch_over_sqlite() override {
        it.reset();
        file.reset();
        std::error_code ignored;
        std::filesystem::remove_all(folder, ignored);
    }

    // As after a start of the process; the one before did not stop cleanly.
    void open() {
        it.reset();
        file.reset();
        sqlite_settings s;
        s.folder = folder;
        s.node = "CN";
        file = open_sqlite_ledger(s, time).value();
        load();
        dispatch_parts parts{
            *file, over, profiles, time, figures, dispatch_settings{}, [this] { return jitter; },
            {}};
        it = make_dispatch(io.get_executor(), std::move(parts));
    }

    accepted accept(const std::string& number) {
        accept_request what;
        what.agency = "NPPO";
        what.partner = "NL";
        what.channel = "NL-channel";
        what.envelope = {"CN", "NL", number, 851, 70};
        what.content = crypto::from_memory("<certificate>" + number + "</certificate>");
        what.at = time.now();
        what.completes = completes_at::delivered;
        auto done = run(file->accept(what, [](const acceptance&) { return std::string{"{}"}; }));
        return std::get<accepted>(done.value());
    }
    hub::state state_of(const accepted& a) {
        return run(file->certificate(a.certificate, "NPPO")).value().state;
    }

    std::filesystem::path folder;
    std::unique_ptr<hub::ledger> file;
};

TEST_F(dispatch_over_sqlite, what_is_accepted_is_published_and_delivered) {
    open();
    const auto a = accept("1");
    step();
    ASSERT_EQ(over.sent.size(), 1u);
    const auto t = take_sent().at(0);
    EXPECT_EQ(t.message, a.delivery) << "the delivery id is the message id of every attempt";
    ASSERT_TRUE(t.content && t.content->bytes);
    EXPECT_EQ(*t.content->bytes, "<certificate>1</certificate>");
    EXPECT_EQ(state_of(a), state::queued);
    answer(t, outcome_class::delivered);
    EXPECT_EQ(state_of(a), state::delivered);
    time.advance(1h);
    step();
    EXPECT_TRUE(over.sent.empty());
}

TEST_F(dispatch_over_sqlite, after_a_crash_the_same_message_goes_again_under_the_same_id) {
    open();
    accept("1");
    step();
    const auto before = take_sent().at(0);
    open();
    time.advance(1s);
    step();
    time.advance(10s);
    step();
    ASSERT_EQ(over.sent.size(), 1u);
    EXPECT_EQ(over.sent[0].message, before.message);
    EXPECT_EQ(over.sent[0].attempt, before.attempt + 1);
    EXPECT_TRUE(over.sent[0].suspect);
}

TEST_F(dispatch_over_sqlite, what_is_in_custody_at_a_channel_parks_when_its_partner_moves) {
    called = {queue::verb::track};
    auto& old = channel("NL-channel");
    old.honours_message_id = false;
    old.track_after = 1min;
    open();
    const auto a = accept("1");
    step();
    answer(take_sent().at(0), outcome_class::sent);
    partner("NL", "other");
    channel("other");
    load();
    time.advance(2min);
    step();
    EXPECT_TRUE(over.sent.empty());
    EXPECT_EQ(state_of(a), state::parked);
    EXPECT_EQ(run(file->custody_of(a.delivery)).value().reason, "channel-changed");
}

TEST_F(dispatch_over_sqlite, after_a_crash_suspects_run_alone_until_each_is_cleared) {
    open();
    for (auto number : {"1", "2", "3"}) accept(number);
    step();
    EXPECT_EQ(take_sent().size(), 3u);
    open();
    step();
    time.advance(10s);
    int delivered = 0;
    for (int i = 0; i < 20 && delivered < 3; ++i) {
        const auto next = step();
        EXPECT_LE(over.sent.size(), 1u);
        for (const auto& t : take_sent()) {
            answer(t, outcome_class::delivered);
            ++delivered;
        }
        time.advance(std::max(duration{1}, std::min(next - time.now(), duration{2s})));
    }
    EXPECT_EQ(delivered, 3);
}

TEST_F(dispatch_over_sqlite, one_suspect_follows_the_other_without_a_pause) {
    open();
    for (auto number : {"1", "2", "3"}) accept(number);
    step();
    EXPECT_EQ(take_sent().size(), 3u);
    open();
    step();
    time.advance(10s);
    for (int i = 0; i < 3; ++i) {
        step();
        step();  // while it is out there is nothing for this partner
        const auto sent = take_sent();
        ASSERT_EQ(sent.size(), 1u);
        EXPECT_TRUE(sent[0].suspect);
        answer(sent[0], outcome_class::delivered);
    }
}

TEST_F(dispatch_over_sqlite, ten_days_of_a_dead_partner_end_parked_with_a_reason) {
    open();
    const auto a = accept("1");
    const auto end = time.now() + 11 * 24h;
    unsigned attempts = 0;
    while (time.now() < end && state_of(a) != state::parked) {
        const auto next = step();
        for (const auto& t : take_sent()) {
            ++attempts;
            answer(t, outcome_class::temporary);
        }
        time.advance(std::max(duration{1}, next - time.now()));
    }
    EXPECT_EQ(state_of(a), state::parked);
    EXPECT_EQ(run(file->custody_of(a.delivery)).value().reason, "horizon-passed");
    EXPECT_GT(attempts, 200u);
    EXPECT_LT(attempts, 300u);
}

TEST_F(dispatch_over_sqlite, a_late_outcome_of_a_lost_attempt_still_proves_the_delivery) {
    open();
    const auto a = accept("1");
    step();
    const auto first = take_sent().at(0);
    time.advance(5min);
    step();
    time.advance(10s);
    step();
    ASSERT_EQ(over.sent.size(), 1u) << "the second attempt is out";
    answer(first, outcome_class::delivered);
    EXPECT_EQ(state_of(a), state::delivered);
}

}  // namespace
}  // namespace ecert::hub
