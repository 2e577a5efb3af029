// What comes back: applied before it leaves the queue, whatever happens to the ledger.
#include "hub/dispatch/apply.hpp"

#include "tests/unit/hub/dispatch/dispatch_bench.hpp"

namespace ecert::hub {
namespace {

using queue::outcome_class;

class lot_on_paper final : public queue::lot {
  public:
    struct fate {
        bool acked = false, gone = false;
    };
    lot_on_paper(std::string body, fate& f) : body_{std::move(body)}, fate_{f} {}
    ~lot_on_paper() override { fate_.gone = true; }
    const std::string& body() const override { return body_; }
    bool redelivered() const override { return false; }
    void ack() override { fate_.acked = true; }
    void give_back() override {}

  private:
    std::string body_;
    fate& fate_;
};

class apply_test : public dispatch_bench {
  protected:
    dispatch_parts parts() {
        return {books,
                over,
                profiles,
                time,
                figures,
                dispatch_settings{},
                {},
                [this](const char* point) {
                    points.emplace_back(point);
                    if (std::string{point} == "after-apply") acked_too_early = fate.acked;
                }};
    }
    void apply(std::string body, outcome_reader read = outcome_in,
               queue::message_codec codec = {}) {
        load();
        auto with = parts();
        with.codec = std::move(codec);
        auto d = std::make_shared<desk>(io.get_executor(), std::move(with));
        run(apply_lot(d, std::make_unique<lot_on_paper>(std::move(body), fate), read));
    }
    lot_on_paper::fate fate;
    bool acked_too_early = false;
};

TEST_F(apply_test, an_outcome_leaves_the_queue_after_it_is_in_the_ledger) {
    simple();
    queue::outcome o;
    o.partner = "NL";
    o.channel = "NL-channel";
    o.what = outcome_class::delivered;
    apply(queue::encode(o));
    EXPECT_TRUE(fate.acked);
    EXPECT_FALSE(acked_too_early);
    EXPECT_EQ(points, (std::vector<std::string>{"before-apply", "after-apply"}));
}

TEST_F(apply_test, what_the_ledger_cannot_write_stays_in_the_queue) {
    simple();
    books.broken = true;
    apply(queue::encode(queue::outcome{}));
    EXPECT_TRUE(fate.gone);
    EXPECT_FALSE(fate.acked) << "a lot that dies unsettled comes again";
}

TEST_F(apply_test, an_unreadable_outcome_is_kept_alerted_and_leaves_the_queue) {
    simple();
    log::capture lines;
    for (std::string body : {"not JSON \xff", "{\"v\":2}"}) {
        fate = {};
        apply(body);
        EXPECT_TRUE(fate.acked);
        EXPECT_EQ(books.kept.back(), body);
        EXPECT_NE(lines.lines().find(crypto::sha256_of(body).hex()), std::string::npos);
    }
    EXPECT_NE(figures.render().find("outcome_unreadable"), std::string::npos);
}

TEST_F(apply_test, an_unreadable_outcome_that_cannot_be_kept_stays_in_the_queue) {
    simple();
    books.broken = true;
    apply("not JSON");
    EXPECT_FALSE(fate.acked);
}

TEST_F(apply_test, an_outcome_the_ledger_will_never_take_does_not_hold_up_the_others) {
    simple();
    queue::outcome o;
    o.work = books.never = 7;
    const auto body = queue::encode(o);
    apply(body);
    EXPECT_TRUE(fate.acked);
    EXPECT_EQ(books.kept.back(), body);
}

TEST_F(apply_test, an_outcome_that_breaks_off_comes_again_a_few_times_and_is_then_set_aside) {
    simple();
    load();
    log::capture lines;
    auto d = std::make_shared<desk>(io.get_executor(), parts());
    queue::outcome o;
    o.work = books.throws = 7;
    const auto body = queue::encode(o);
    d->broken_outcomes[crypto::sha256_of(body).hex()] = 3;  // three times before
    for (int tries = 4; tries <= 5; ++tries) {
        fate = {};
        run(apply_lot(d, std::make_unique<lot_on_paper>(body, fate), outcome_in));
        EXPECT_TRUE(fate.gone);
        EXPECT_EQ(fate.acked, tries == 5) << tries;
    }
    EXPECT_EQ(books.kept, std::vector<std::string>{body});
    EXPECT_EQ(d->applying, 0u);
    EXPECT_TRUE(d->broken_outcomes.empty());
    EXPECT_NE(lines.lines().find("no such column"), std::string::npos);
    EXPECT_NE(figures.render().find("outcome_broke"), std::string::npos);
}

TEST_F(apply_test, an_outcome_that_breaks_off_while_nothing_can_be_kept_stays_in_the_queue) {
    simple();
    load();
    auto d = std::make_shared<desk>(io.get_executor(), parts());
    queue::outcome o;
    o.work = books.throws = 7;
    d->broken_outcomes[crypto::sha256_of(queue::encode(o)).hex()] = 100;
    books.keeping_throws = true;
    run(apply_lot(d, std::make_unique<lot_on_paper>(queue::encode(o), fate), outcome_in));
    EXPECT_TRUE(fate.gone);
    EXPECT_FALSE(fate.acked);
}

TEST_F(apply_test, an_outcome_that_matches_nothing_is_noted_and_leaves_the_queue) {
    simple();
    log::capture lines;
    queue::outcome o;
    o.work = 99;
    o.attempt = 1;
    apply(queue::encode(o));
    EXPECT_TRUE(fate.acked);
    EXPECT_NE(lines.lines().find("outcome_unmatched"), std::string::npos);
}

// ---- over a broker -----------------------------------------------------------------------------

std::shared_ptr<const crypto::seal_keys> keys(char byte) {
    const auto line = "k1 * " + crypto::base64_encode(std::string(32, byte)) + '\n';
    return std::make_shared<const crypto::seal_keys>(crypto::seal_keys::parse(line).value());
}

TEST_F(apply_test, an_outcome_that_does_not_open_is_kept_alerted_and_nothing_of_it_is_applied) {
    simple();
    begin();
    books.add("NL", time.now());
    step();
    const auto proof = outcome_of(take_sent().at(0), outcome_class::delivered);
    const queue::message_codec ours{keys('m')}, theirs{keys('x')};
    const auto sealed = ours.encode(proof).value();
    auto renamed = sealed;
    renamed.replace(renamed.find("\"attempt\":1"), 11, "\"attempt\":2");
    log::capture lines;
    for (const auto& message : {queue::encode(proof),                 // forged: not sealed
                                theirs.encode(proof).value(),         // otherwise sealed
                                sealed.substr(0, sealed.size() - 1),  // truncated
                                renamed}) {                           // of another attempt
        fate = {};
        apply(message, outcome_in, ours);
        EXPECT_TRUE(fate.acked);
        ASSERT_FALSE(books.kept.empty());
        EXPECT_EQ(books.kept.back(), message);
        EXPECT_TRUE(books.leased(1, 1)) << "nothing follows from it";
    }
    EXPECT_NE(figures.render().find("outcome_unreadable"), std::string::npos);
    apply(sealed, outcome_in, ours);
    EXPECT_FALSE(books.leased(1, 1));
}

TEST_F(apply_test, a_task_that_the_queue_gave_up_parks_its_work_as_poison) {
    simple();
    begin();
    books.add("NL", time.now());
    step();
    const queue::message_codec ours{keys('m')};
    const auto task = take_sent().at(0);
    apply(ours.encode(task).value(), poison_in, ours);
    EXPECT_TRUE(fate.acked);
    EXPECT_FALSE(acked_too_early);
    EXPECT_FALSE(books.leased(1, 1));
    EXPECT_EQ(books.pieces[1].last.act, act::park);
    EXPECT_EQ(books.pieces[1].last.reason, "poison");
}

TEST_F(apply_test, a_task_given_up_waits_in_its_queue_until_the_ledger_can_write) {
    simple();
    books.broken = true;
    apply(queue::encode(queue::task{}), poison_in);
    EXPECT_TRUE(fate.gone);
    EXPECT_FALSE(fate.acked);
}

TEST_F(apply_test, a_task_given_up_that_does_not_open_is_kept_alerted_and_leaves_the_queue) {
    simple();
    const queue::message_codec ours{keys('m')};
    for (std::string message : {std::string{"no task"}, queue::encode(queue::task{})}) {
        fate = {};
        apply(message, poison_in, ours);
        EXPECT_TRUE(fate.acked);
        ASSERT_FALSE(books.kept.empty());
        EXPECT_EQ(books.kept.back(), message);
    }
    EXPECT_EQ(books.outcomes, 0u);
}

TEST_F(apply_test, run_takes_what_the_queue_gave_up) {
    simple();
    begin();
    books.add("NL", time.now());
    run([](apply_test& t) -> awaitable<void> {
        boost::asio::co_spawn(t.io, t.it->run(), boost::asio::detached);
        boost::asio::steady_timer moment{t.io};
        while (t.over.sent.empty()) {
            moment.expires_after(1ms);
            co_await moment.async_wait(boost::asio::use_awaitable);
        }
        co_await t.over.publish(queue::poison_queue, queue::encode(t.over.sent[0]), 5s);
        while (t.books.outcomes < 1) {
            moment.expires_after(1ms);
            co_await moment.async_wait(boost::asio::use_awaitable);
        }
        co_await t.it->stop(5s);
    }(*this));
    EXPECT_EQ(books.pieces[1].last.reason, "poison");
}

TEST_F(apply_test, a_task_handed_back_waits_as_long_as_the_settings_say) {
    simple();
    begin();
    books.add("NL", time.now());
    step();
    answer(take_sent().at(0), outcome_class::returned);
    EXPECT_EQ(books.pieces[1].due, time.now() + dispatch_settings{}.returned_delay);
    EXPECT_EQ(books.pieces[1].spent, 0u);
}

TEST_F(apply_test, the_log_tells_what_came_and_what_follows) {
    simple();
    begin();
    books.add("NL", time.now());
    step();
    log::capture lines;
    auto o = outcome_of(take_sent().at(0), outcome_class::temporary);
    o.text = "503 busy";
    o.traceparent = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
    run(it->apply(o));
    for (auto part :
         {R"("event":"outcome_applied")", R"("partner":"NL")", R"("attempt":1)",
          R"("class":"temporary")", R"("next":"again")", R"("text":"503 busy")",
          R"("next_at":"2026-11-24T12:00:05.000Z")", "4bf92f3577b34da6a3ce929d0e0e4736"})
        EXPECT_NE(lines.lines().find(part), std::string::npos) << part << lines.lines();
}

// ---- the whole loop ----------------------------------------------------------------------------

// A worker that delivers whatever it gets.
awaitable<void> deliver_all(queue::transport& over, std::string partner, unsigned& done) {
    auto from = over.consume(queue::work_queue(partner), 8);
    for (;;) {
        auto lot = co_await from->next(10s);
        if (!lot) co_return;
        const auto t = queue::decode_task(lot->body()).value();
        queue::outcome o;
        o.id = t.id;
        o.work = t.work;
        o.attempt = t.attempt;
        o.partner = t.partner;
        o.channel = t.channel;
        o.what = outcome_class::delivered;
        co_await over.publish(queue::outcome_queue, queue::encode(o), 5s);
        ++done;
        lot->ack();
    }
}

TEST_F(apply_test, run_publishes_applies_and_goes_on_as_outcomes_make_room) {
    simple();
    channel("NL-channel").window = 10;
    begin();
    over.pass_on = true;
    for (int i = 0; i < 500; ++i) books.add("NL", time.now());
    unsigned done = 0;
    run([](apply_test& t, unsigned& count) -> awaitable<void> {
        t.over.declare(queue::work_queue("NL"));
        boost::asio::co_spawn(t.io, deliver_all(t.over, "NL", count), boost::asio::detached);
        boost::asio::co_spawn(t.io, t.it->run(), boost::asio::detached);
        boost::asio::steady_timer moment{t.io};
        while (t.books.outcomes < 500) {
            moment.expires_after(1ms);
            co_await moment.async_wait(boost::asio::use_awaitable);
        }
        co_await t.it->stop(5s);
        t.over.close();
    }(*this, done));
    EXPECT_EQ(done, 500u);
    EXPECT_EQ(books.outcomes, 500u);
    for (const auto& [id, p] : books.pieces) EXPECT_EQ(p.attempt, 1u);
}

TEST_F(apply_test, an_outcome_that_breaks_off_ends_neither_the_loop_nor_the_process) {
    simple();
    begin();
    books.throws = 99;
    for (int i = 0; i < 3; ++i) books.add("NL", time.now());
    over.pass_on = true;
    unsigned done = 0;
    run([](apply_test& t, unsigned& count) -> awaitable<void> {
        t.over.declare(queue::work_queue("NL"));
        t.over.declare(queue::outcome_queue);
        queue::outcome bad;
        bad.work = 99;
        co_await t.over.publish(queue::outcome_queue, queue::encode(bad), 5s);
        boost::asio::co_spawn(t.io, deliver_all(t.over, "NL", count), boost::asio::detached);
        boost::asio::co_spawn(t.io, t.it->run(), boost::asio::detached);
        boost::asio::steady_timer moment{t.io};
        while (t.books.outcomes < 3) {
            moment.expires_after(1ms);
            co_await moment.async_wait(boost::asio::use_awaitable);
        }
        co_await t.it->stop(5s);
        t.over.close();
    }(*this, done));
    EXPECT_EQ(books.outcomes, 3u);
    EXPECT_NE(figures.render().find("outcome_broke"), std::string::npos);
}

TEST_F(apply_test, stop_publishes_no_more_and_waits_for_what_is_in_flight) {
    simple();
    channel("NL-channel").window = 3;
    begin();
    for (int i = 0; i < 9; ++i) books.add("NL", time.now());
    std::vector<queue::task> out;
    run([](apply_test& t, std::vector<queue::task>& sent) -> awaitable<void> {
        boost::asio::co_spawn(t.io, t.it->run(), boost::asio::detached);
        boost::asio::steady_timer moment{t.io};
        while (t.over.sent.size() < 3) {
            moment.expires_after(1ms);
            co_await moment.async_wait(boost::asio::use_awaitable);
        }
        sent = t.over.sent;
        boost::asio::post(t.io, [&] {
            for (const auto& task : sent)
                boost::asio::co_spawn(
                    t.io,
                    t.over.publish(queue::outcome_queue,
                                   queue::encode(outcome_of(task, outcome_class::delivered)), 5s),
                    boost::asio::detached);
        });
        co_await t.it->stop(10s);
    }(*this, out));
    EXPECT_EQ(books.outcomes, 3u) << "what was out is applied";
    EXPECT_EQ(over.sent.size(), 3u) << "and nothing new went out in its place";
}

}  // namespace
}  // namespace ecert::hub
