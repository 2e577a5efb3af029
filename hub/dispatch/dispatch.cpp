#include "hub/dispatch/dispatch.hpp"

#include "hub/dispatch/apply.hpp"
#include "hub/dispatch/desk.hpp"
#include "hub/dispatch/dispatch_log.hpp"
#include "hub/dispatch/together.hpp"
#include "hub/dispatch/turn.hpp"

#include <boost/asio/co_spawn.hpp>

#include <algorithm>

namespace ecert::hub {
namespace {

constexpr unsigned outcomes_at_once =
    64;  // applied together, in one group commit where the ledger can
constexpr unsigned poison_at_once = 8;
constexpr duration longest_sleep = 30s;
constexpr duration pace = 5ms;  // between turns: what is accepted meanwhile goes in one take
constexpr duration closed_rest = 20ms, after_trouble = 1s;
constexpr duration for_ever = std::chrono::hours{24 * 365};

void tell_thrown(desk& d, std::exception_ptr thrown) {
    if (!thrown) return;
    try {
        std::rethrow_exception(thrown);
    } catch (const std::exception& e) {
        dispatch_log::job_failed(e.what());
    } catch (...) {
        dispatch_log::job_failed("an exception of no known type");
    }
    d.parts.figures.alert("dispatch_job_failed");
}

class dispatch_of_node final : public dispatch {
  public:
    dispatch_of_node(boost::asio::any_io_executor on, dispatch_parts parts)
        : desk_{std::make_shared<desk>(std::move(on), std::move(parts))}, turn_{desk_} {}

    awaitable<time_point> step() override { return turn_.take(); }
    awaitable<void> apply(queue::outcome o) override {
        auto done = co_await apply_outcome(desk_, std::move(o));
        if (!done) throw std::runtime_error(done.error().text);
    }
    awaitable<void> alone(std::int64_t work, std::uint32_t attempt, bool is) override;
    awaitable<void> run() override;
    void wake() override { desk_->wake.ring(); }
    awaitable<void> stop(duration within) override;
    std::vector<channel_status> channels() const override;
    std::vector<std::string> waits() const override;
    void queue_renewed(const std::string& partner) override;

  private:
    awaitable<void> turns();
    awaitable<void> take_from(queue::consumer& of, outcome_reader read);
    void begin_applying(std::unique_ptr<queue::lot> taken, outcome_reader read);
    awaitable<void> breathe(duration time);

    desk_ptr desk_;
    turn turn_;
    std::unique_ptr<queue::consumer> outcomes_, poison_;  // while run() runs
    bool running_ = false;
};

// What the ledger could not write is told; the attempt goes on.
awaitable<void> dispatch_of_node::alone(std::int64_t work, std::uint32_t attempt, bool is) {
    auto d = desk_;
    const auto done = co_await d->parts.ledger.alone(work, attempt, is);
    if (!done) dispatch_log::ledger_failed("alone", done.error().text);
    d->flights.suspect(work, attempt, is);
    if (!is) d->wake.ring();
}

awaitable<void> dispatch_of_node::run() {
    auto& over = desk_->parts.queue;
    for (const auto* queue : {queue::outcome_queue, queue::poison_queue}) over.declare(queue);
    outcomes_ = over.consume(queue::outcome_queue, outcomes_at_once);
    poison_ = over.consume(queue::poison_queue, poison_at_once);
    running_ = true;
    std::vector<awaitable<void>> loops;
    loops.push_back(turns());
    loops.push_back(take_from(*outcomes_, outcome_in));
    loops.push_back(take_from(*poison_, poison_in));
    co_await together(desk_->on, std::move(loops), for_ever);
    running_ = false;
    desk_->landed.ring();
}

awaitable<void> dispatch_of_node::turns() {
    while (!desk_->stopping) {
        const auto begun = std::chrono::steady_clock::now();
        time_point next = desk_->parts.time.now() + 1s;
        try {
            next = co_await step();
        } catch (const std::exception& e) {
            dispatch_log::job_failed(e.what());
        }
        const duration until = next - desk_->parts.time.now();
        co_await desk_->wake.wait(std::clamp(until, duration{0}, longest_sleep));
        const auto spent = std::chrono::floor<duration>(std::chrono::steady_clock::now() - begun);
        if (spent < pace) co_await breathe(pace - spent);
    }
}

awaitable<void> dispatch_of_node::breathe(duration time) {
    boost::asio::steady_timer timer{desk_->on, time};
    co_await timer.async_wait(boost::asio::as_tuple(boost::asio::use_awaitable));
}

// One outcome on its way into the ledger, by itself: what goes wrong with it ends nothing else.
void dispatch_of_node::begin_applying(std::unique_ptr<queue::lot> taken, outcome_reader read) {
    boost::asio::co_spawn(desk_->on, apply_lot(desk_, std::move(taken), read),
                          [d = desk_](std::exception_ptr thrown) { tell_thrown(*d, thrown); });
}

// Ends when the consumer is closed. The prefetch bounds how many are applied at once.
awaitable<void> dispatch_of_node::take_from(queue::consumer& of, outcome_reader read) {
    for (;;) {
        std::exception_ptr thrown;
        try {
            if (auto taken = co_await of.next(longest_sleep)) {
                begin_applying(std::move(taken), read);
                continue;
            }
        } catch (...) {
            thrown = std::current_exception();
        }
        if (desk_->stopping) co_return;
        tell_thrown(*desk_, thrown);
        // A transport that was closed under us answers at once.
        co_await breathe(thrown ? after_trouble : closed_rest);
    }
}

awaitable<void> dispatch_of_node::stop(duration within) {
    const auto until = std::chrono::steady_clock::now() + within;
    const auto left = [&] {
        return std::chrono::ceil<duration>(until - std::chrono::steady_clock::now());
    };
    desk_->stopping = true;
    desk_->wake.ring();
    while (running_ && !desk_->flights.empty() && left() > duration{0})
        co_await desk_->landed.wait(left());
    for (auto* from : {outcomes_.get(), poison_.get()})
        if (from) from->close();
    while ((running_ || desk_->applying > 0) && left() > duration{0})
        co_await desk_->landed.wait(left());
    dispatch_log::drained(desk_->flights.empty() && desk_->applying == 0);
}

std::vector<channel_status> dispatch_of_node::channels() const {
    std::vector<channel_status> all;
    const auto snapshot = desk_->planned()->from();
    if (!snapshot) return all;
    for (const auto& [name, channel] : snapshot->channels) {
        const auto& lane = desk_->lane(name);
        all.push_back({name, channel->profile.window, desk_->flights.on(name),
                       lane.circuit_text(desk_->now()), lane.last_failure,
                       lane.within_hours(desk_->parts.time.now())});
    }
    return all;
}

std::vector<std::string> dispatch_of_node::waits() const {
    std::vector<std::string> stalled;
    for (const auto& [partner, outlet] : desk_->outlets)
        if (outlet.stalled) stalled.push_back(partner);
    return what_waits(desk_->parts.queue.state(), desk_->due_without_queue, stalled);
}

void dispatch_of_node::queue_renewed(const std::string& partner) {
    const auto at = desk_->outlets.find(partner);
    if (at == desk_->outlets.end()) return;
    at->second.rest_until = {};
    at->second.declared = false;
    wake();
}

}  // namespace

std::unique_ptr<dispatch> make_dispatch(boost::asio::any_io_executor on, dispatch_parts parts) {
    return std::make_unique<dispatch_of_node>(std::move(on), std::move(parts));
}

}  // namespace ecert::hub
