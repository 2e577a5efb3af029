// ledger_cycle: what the ledger costs for one certificate of 10 KB, from the push to the partner's
// receipt and its authority's answer, in groups of 32 over a real file with synchronous FULL.
//
// The time is CPU of the whole process, one certificate; ledger_us is the part of the ledger's own
// threads (the writer, the checkpoints), the rest is the loop that calls it.
#include "hub/ledger/sqlite/open.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>

#include <benchmark/benchmark.h>
#include <sys/resource.h>
#include <unistd.h>

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

namespace {

using namespace ecert;
using namespace ecert::hub;

constexpr int group = 32;

double cpu_us(int whose) {
    rusage used{};
    ::getrusage(whose, &used);
    const auto us = [](const timeval& t) {
        return static_cast<double>(t.tv_sec * 1'000'000 + t.tv_usec);
    };
    return us(used.ru_utime) + us(used.ru_stime);
}

class cycle {
  public:
    explicit cycle(bool answered)
        : answered_{answered},
          folder_{std::filesystem::current_path() /
                  ("ledger-cycle-" + std::to_string(::getpid()))} {
        std::filesystem::remove_all(folder_);
        auto opened = open_sqlite_ledger({.folder = folder_, .node = "CN"}, machine_clock());
        if (!opened) throw std::runtime_error{opened.error().text};
        books_ = std::move(opened).value();
    }
    ~cycle() {
        boost::asio::co_spawn(loop_, books_->close(), boost::asio::detached);
        turn();
        books_.reset();
        std::filesystem::remove_all(folder_);
    }

    void once() {
        for (int i = 0; i < group; ++i)
            boost::asio::co_spawn(loop_, take_in(), boost::asio::detached);
        turn();
        boost::asio::co_spawn(loop_, take_due(), boost::asio::detached);
        turn();
        for (const auto& task : tasks_)
            boost::asio::co_spawn(loop_, deliver(task), boost::asio::detached);
        turn();
        if (!answered_) return;
        for (const auto& task : tasks_)
            boost::asio::co_spawn(loop_, answer(task), boost::asio::detached);
        turn();
    }

  private:
    void turn() {
        loop_.restart();
        loop_.run();
    }
    awaitable<void> take_in() {
        const std::string number = "CN-PHYTO-2026-" + std::to_string(++pushed_);
        accept_request r;
        r.agency = "GACC";
        r.partner = "AU";
        r.channel = "au";
        r.envelope = {"CN", "AU", number, 851, 70};
        r.content = crypto::from_memory(number + std::string(10 * 1024 - number.size(), 'x'));
        r.completes = answered_ ? completes_at::acknowledged : completes_at::delivered;
        r.at = machine_clock().now();
        r.traceparent = traceparent_;
        const auto receipt = [](const acceptance& a) {
            return R"({"certificate":")" + queue::to_string(a.certificate) + R"(","sha256":")" +
                   a.digest.hex() + std::string(250, ' ') + R"("})";
        };
        check(co_await books_->accept(std::move(r), receipt));
    }
    awaitable<void> take_due() {
        lease_terms terms;
        terms.now = machine_clock().now();
        terms.dialect = crypto::sha256_of("dialect");
        auto taken = co_await books_->take_due("AU", group, terms);
        check(taken);
        tasks_ = std::move(taken).value();
        if (tasks_.size() != group) throw std::runtime_error{"not all that was pushed is due"};
    }
    awaitable<void> deliver(queue::task t) {
        queue::outcome o;
        o.id = t.id;
        o.attempt = t.attempt;
        o.work = t.work;
        o.partner = t.partner;
        o.channel = t.channel;
        o.what = queue::outcome_class::delivered;
        o.reference = "AU-" + t.envelope.number;
        o.text = "stored";
        o.peer_digest = t.content->digest;
        o.traceparent = t.traceparent;
        o.exchange = {.request_head = std::string(4500, 'h'),
                      .request_tail = "</s:Body></s:Envelope>",
                      .request_digest = t.content->digest,
                      .request_size = 15'000,
                      .status = 200,
                      .reply = std::string(5000, 'r'),
                      .reply_digest = t.content->digest,
                      .tls_peer = "CN=AU",
                      .started = machine_clock().now(),
                      .ended = machine_clock().now()};
        const auto done = co_await books_->apply(std::move(o), policy_, machine_clock().now(), 0.0);
        check(done);
        if (done->after != state::delivered) throw std::runtime_error{"not delivered"};
    }
    awaitable<void> answer(queue::task t) {
        acknowledgement a;
        a.partner = t.partner;
        a.message_id = "urn:uuid:" + queue::to_string(t.message) + "-answer";
        a.delivery = t.message;
        a.envelope = t.envelope;
        a.status = 39;
        a.receipt = std::string(300, 'r');
        a.at = machine_clock().now();
        a.traceparent = t.traceparent;
        const auto done = co_await books_->acknowledge(std::move(a));
        check(done);
        if (!done->matched) throw std::runtime_error{"an answer matched nothing"};
    }
    template <class T>
    static void check(const result<T>& r) {
        if (!r) throw std::runtime_error{r.error().text};
    }

    bool answered_;
    std::filesystem::path folder_;
    boost::asio::io_context loop_;
    std::unique_ptr<ledger> books_;
    std::vector<queue::task> tasks_;
    work_policy policy_;
    std::string traceparent_ = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
    long pushed_ = 0;
};

void ledger_cycle(benchmark::State& state) {
    cycle one{state.range(0) != 0};
    for (int warm = 0; warm < 20; ++warm) one.once();
    const double process = cpu_us(RUSAGE_SELF), loop = cpu_us(RUSAGE_THREAD);
    for (auto _ : state) one.once();
    const auto certificates = static_cast<double>(state.iterations() * group);
    const double all = cpu_us(RUSAGE_SELF) - process;
    state.counters["ledger_us"] = (all - (cpu_us(RUSAGE_THREAD) - loop)) / certificates;
    state.counters["cpu_us"] = all / certificates;
    state.SetItemsProcessed(state.iterations() * group);
}
BENCHMARK(ledger_cycle)->ArgName("answered")->Arg(0)->Arg(1)->Iterations(150)->UseRealTime();

}  // namespace

BENCHMARK_MAIN();
