// Everything dispatch needs, in memory and under a clock that stands still until told: a ledger, a
// queue whose answers are scripted, and partners made in a line.
#pragma once

#include "config/log.hpp"
#include "hub/dispatch/dispatch.hpp"
#include "queue/embedded/embedded.hpp"
#include "queue/wire/codec.hpp"
#include "tests/unit/hub/dispatch/memory_ledger.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <gtest/gtest.h>

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace ecert::hub {

// Work goes to `sent`; all other queues are the embedded ones.
class scripted_queue final : public queue::transport {
  public:
    explicit scripted_queue(boost::asio::any_io_executor on)
        : on_{on}, inner_{queue::make_embedded(on)} {}

    void declare(const std::string& queue) override { inner_->declare(queue); }
    awaitable<queue::publication> publish(std::string to, std::string body,
                                          duration deadline) override {
        if (!to.starts_with("work.")) co_return co_await inner_->publish(to, body, deadline);
        auto task = queue::decode_task(body).value();
        if (before_each) before_each(task);
        if (silent.contains(task.partner)) {  // takes it, and never says so
            boost::asio::steady_timer never{on_, std::chrono::hours{1}};
            co_await never.async_wait(boost::asio::as_tuple(boost::asio::use_awaitable));
        }
        const auto scripted = answers.find(task.partner);
        const auto how =
            scripted == answers.end() ? queue::publication::confirmed : scripted->second;
        if (how == queue::publication::confirmed) {
            sent.push_back(task);
            if (pass_on) co_await inner_->publish(to, body, deadline);
        } else {
            failed.push_back(task);
        }
        co_return how;
    }
    std::unique_ptr<queue::consumer> consume(const std::string& queue, unsigned prefetch) override {
        return inner_->consume(queue, prefetch);
    }
    awaitable<std::vector<queue::queue_figures>> figures(duration within) override {
        return inner_->figures(within);
    }
    awaitable<queue::rebuilding> rebuild(std::string queue, duration within) override {
        return inner_->rebuild(std::move(queue), within);
    }
    queue::transport_state state() const override { return standing; }
    void close() override { inner_->close(); }

    queue::transport_state standing;
    std::vector<queue::task> sent, failed;
    std::map<std::string, queue::publication> answers;  // by partner; confirmed where none
    std::set<std::string> silent;
    bool pass_on = false;
    std::function<void(const queue::task&)> before_each;

  private:
    boost::asio::any_io_executor on_;
    std::unique_ptr<queue::transport> inner_;
};

class dispatch_bench : public testing::Test {
  public:
    static constexpr auto start = "2026-11-24T12:00:00.000Z";

    dispatch_bench() : time{parse_rfc3339(start).value()}, over{io.get_executor()} {}

    channel_settings& channel(const std::string& name) {
        auto& c = configured.channels[name];
        c.name = name;
        c.dialect = "node";
        return c;
    }
    partner_settings& partner(const std::string& name, const std::string& on) {
        auto& p = configured.partners[name];
        p.name = name;
        p.channel = on;
        return p;
    }
    void load() {
        auto s = std::make_shared<engine::snapshot>();
        s->configuration = std::make_shared<const configuration>(configured);
        auto dialect = std::make_shared<engine::dialect>();
        dialect->name = "node";
        dialect->digest.bytes.fill(0xd1);
        for (const auto verb : called) dialect->calls.emplace_back().verb = verb;
        s->dialects["node"] = dialect;
        for (const auto& [name, settings] : configured.channels) {
            auto c = std::make_shared<engine::channel>();
            c->profile = settings;
            c->dialect = dialect;
            s->channels[name] = c;
        }
        profiles.swap(s);
    }
    // One channel of one partner.
    void simple(const std::string& name = "NL") {
        channel(name + "-channel");
        partner(name, name + "-channel");
    }
    dispatch& begin() {
        load();
        dispatch_parts parts{books,
                             over,
                             profiles,
                             time,
                             figures,
                             dispatch_settings{},
                             [this] { return jitter; },
                             [this](const char* point) { points.emplace_back(point); }};
        it = make_dispatch(io.get_executor(), std::move(parts));
        return *it;
    }

    template <class T>
    T run(awaitable<T> what) {
        std::optional<T> got;
        run_until_done([](awaitable<T> inner, std::optional<T>& into) -> awaitable<void> {
            into = co_await std::move(inner);
        }(std::move(what), got));
        return std::move(got).value();
    }
    void run(awaitable<void> what) { run_until_done(std::move(what)); }

    time_point step() { return run(it->step()); }
    // Steps at the times dispatch asks for, until `end`. Whatever goes out is answered by `answer`.
    template <class Answer>
    void live_until(time_point end, Answer answer) {
        while (time.now() < end) {
            const auto next = step();
            for (auto& t : take_sent()) answer(t);
            const auto due = run(books.next_due()).value();
            const bool at_once = due && *due <= time.now() && !over.sent.empty();
            if (!at_once) time.advance(std::max(duration{1}, std::min(next, end) - time.now()));
        }
    }
    std::vector<queue::task> take_sent() { return std::exchange(over.sent, {}); }

    static queue::outcome outcome_of(const queue::task& t, queue::outcome_class what,
                                     queue::outcome_scope scope = queue::outcome_scope::task) {
        queue::outcome o;
        o.id = t.id;
        o.attempt = t.attempt;
        o.work = t.work;
        o.partner = t.partner;
        o.channel = t.channel;
        o.what = what;
        o.scope = scope;
        return o;
    }
    void answer(const queue::task& t, queue::outcome_class what,
                queue::outcome_scope scope = queue::outcome_scope::task) {
        run(it->apply(outcome_of(t, what, scope)));
    }
    channel_status status(const std::string& name) const {
        for (const auto& s : it->channels())
            if (s.channel == name) return s;
        return {};
    }

    boost::asio::io_context io;
    manual_clock time;
    metrics figures;
    memory_ledger books;
    scripted_queue over;
    engine::snapshots profiles;
    configuration configured;
    std::vector<queue::verb> called;  // by the dialect
    double jitter = 0;
    std::vector<std::string> points;
    std::unique_ptr<dispatch> it;

  private:
    void run_until_done(awaitable<void> what) {
        std::exception_ptr thrown;
        bool done = false;
        boost::asio::co_spawn(io, std::move(what), [&](std::exception_ptr e) {
            thrown = e;
            done = true;
            io.stop();
        });
        io.restart();
        io.run_for(std::chrono::seconds{20});
        if (thrown) std::rethrow_exception(thrown);
        if (!done) throw std::runtime_error("did not end within 20 seconds");
    }
};

}  // namespace ecert::hub
