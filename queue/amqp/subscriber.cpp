#include "queue/amqp/subscriber.hpp"

#include "queue/amqp/backoff.hpp"
#include "queue/amqp/declared.hpp"
#include "queue/amqp/log_events.hpp"

#include <boost/asio/post.hpp>

#include <poll.h>

#include <algorithm>
#include <iterator>

namespace ecert::queue::amqp {
namespace {

constexpr channel_number scratch = 1, highest_channel = 2'000;
constexpr int reads_at_once = 64;
constexpr duration shortest_idle{10'000};

steady_point next_renewal(const amqp_settings& by) {
    return machine_clock().steady() + std::max(2 * by.heartbeat, shortest_idle);
}

}  // namespace

subscriber::subscriber(boost::asio::any_io_executor on, const amqp_settings& by, std::string name,
                       status& is)
    : on_{std::move(on)}, by_{by}, name_{std::move(name)}, is_{is}, brokers_{by}, thread_{[this] {
          run();
      }} {}

subscriber::~subscriber() {
    back_->stop();
    thread_.join();
    back_->take_all();  // a consumer that was never served knows us, as we know it
}

void subscriber::run() {
    while (!back_->stopped()) {
        const auto begun = machine_clock().steady();
        std::string why = "stopped";
        try {
            over_ = std::make_unique<connection>(brokers_.current(), by_, name_ + " consumes");
            serve();
        } catch (const std::exception& e) {
            why = e.what();
        }
        leave(back_->stopped());
        if (back_->stopped()) break;
        const auto broker = brokers_.current();
        queue_log::lost(side::consuming, broker, why);
        is_.ill(side::consuming, "nothing can be consumed: " + broker + ": " + why);
        pause(brokers_.lost(std::chrono::floor<duration>(machine_clock().steady() - begun)));
    }
}

void subscriber::leave(bool politely) {
    if (politely && over_) over_->goodbye();
    over_.reset();
    for (auto at = feeds_.begin(); at != feeds_.end();) {
        drop(at->second);
        at->second.again = {};
        at = at->second.closing ? feeds_.erase(at) : std::next(at);
    }
    by_channel_.clear();
}

void subscriber::pause(duration time) {
    const auto until = machine_clock().steady() + time;
    while (!back_->stopped() && machine_clock().steady() < until) {
        const auto left = std::chrono::ceil<duration>(until - machine_clock().steady());
        pollfd on{back_->bell().descriptor(), POLLIN, 0};
        ::poll(&on, 1, static_cast<int>(left.count()));
        back_->bell().quiet();
    }
}

void subscriber::serve() {
    queue_log::connected(side::consuming, brokers_.current());
    is_.well(side::consuming);
    for (;;) {
        back_->bell().quiet();
        const bool stopping = back_->stopped();
        const bool told = carry_out_all();
        if (stopping) return;
        renew_idle();
        open_due();
        if (!read_some() && !told)
            over_->wait(back_->bell().descriptor(), std::min(by_.heartbeat / 4, duration{1'000}));
    }
}

subscriber::feed* subscriber::on_channel(channel_number channel) {
    const auto which = by_channel_.find(channel);
    return which == by_channel_.end() ? nullptr : &feeds_.at(which->second);
}

// The channel is gone, with all that came by it.
void subscriber::drop(feed& f) {
    if (f.channel == 0) return;
    boost::asio::post(on_, [to = f.to, life = f.life] { to->lose(life); });
    by_channel_.erase(f.channel);
    f.channel = 0;
    f.out.clear();
}

void subscriber::forget_channel(feed& f) {
    const auto* which = f.to.get();
    drop(f);
    if (f.closing) feeds_.erase(which);
}

void subscriber::open_due() {
    for (auto& [which, f] : feeds_)
        if (f.channel == 0 && !f.closing && machine_clock().steady() >= f.again) {
            if (open(f)) {
                f.refusals = 0;
                continue;
            }
            drop(f);
            f.again = machine_clock().steady() +
                      pause_after(++f.refusals, by_.reconnect_first, by_.reconnect_longest, 0);
        }
}

// The broker ends the connection of who consumes from a queue that it has and can no longer use, or
// never answers (RabbitMQ 3.10: the log of a quorum queue is gone). Such a queue is looked at over
// a connection of its own, so that the other consumers keep theirs.
bool subscriber::usable(const feed& f) {
    const auto look = [&] {
        return connection{brokers_.current(), by_, name_ + " looks at " + f.queue};
    };
    bool answers = false;
    try {
        auto over = look();
        over.open(scratch);
        over.prefetch(scratch, 1);
        answers = true;
        over.consume(scratch, f.queue);
        over.goodbye();
        return true;
    } catch (const connection_lost& lost) {
        if (!answers) return false;  // the broker, not this queue
        const std::string why = "the broker cannot use the queue " + f.queue + ": " + lost.what();
        queue_log::queue_refused(f.queue, why);
        is_.queue_ill(f.queue, why);
    } catch (const channel_refused&) {
        return true;  // nothing is wrong with it but what declaring it will tell
    }
    if (machine_clock().steady() - *f.broken < by_.rebuild_after) return false;
    auto over = look();
    return rebuild(over, scratch, f.queue, by_, is_, no_longer_usable);
}

bool subscriber::open(feed& f) {
    if (f.broken && !usable(f)) return false;
    if (!declare(*over_, scratch, f.queue, by_, is_)) return false;
    do last_channel_ = last_channel_ >= highest_channel ? 2 : last_channel_ + 1;
    while (by_channel_.contains(last_channel_));
    f.channel = last_channel_;
    f.life = ++last_life_;
    by_channel_[f.channel] = f.to.get();
    try {
        over_->open(f.channel);
        over_->prefetch(f.channel, f.prefetch);
        over_->consume(f.channel, f.queue);
        f.renew = next_renewal(by_);
        f.broken.reset();
        return true;
    } catch (const connection_lost&) {
        if (!f.broken) f.broken = machine_clock().steady();
        throw;
    } catch (const channel_refused& refused) {
        const std::string why = "the broker gives nothing of " + f.queue + ": " + refused.what();
        queue_log::queue_refused(f.queue, why);
        is_.queue_ill(f.queue, why);
        return false;
    }
}

// A queue that is deleted and at once declared again (RabbitMQ 3.10) cancels no consumer: it counts
// ours, hands messages to it, and they arrive nowhere. Nothing tells, so who hears nothing for a
// while consumes anew: closing the channel gives back what was lost on its way.
void subscriber::renew_idle() {
    const auto now = machine_clock().steady();
    for (auto& [which, f] : feeds_) {
        if (f.channel == 0 || f.closing || !f.out.empty() || now < f.renew) continue;
        consume_anew(f);
    }
}

void subscriber::consume_anew(feed& f) {
    const auto channel = f.channel;
    drop(f);
    over_->close(channel);
}

void subscriber::consume_anew(const std::string& queue) {
    for (auto& [which, f] : feeds_)
        if (f.queue == queue && f.channel != 0 && !f.closing) consume_anew(f);
}

// What is told while the connection breaks is carried out over the next one.
bool subscriber::carry_out_all() {
    std::ranges::move(back_->take_all(), std::back_inserter(taken_));
    const bool any = !taken_.empty();
    while (!taken_.empty()) {
        auto first = std::move(taken_.front());
        taken_.pop_front();
        carry_out(std::move(first));
    }
    return any;
}

void subscriber::carry_out(notice&& what) {
    if (auto* s = std::get_if<settlement>(&what)) return settle(*s);
    if (auto* f = std::get_if<flushing>(&what)) return flush(*f);
    if (auto* r = std::get_if<renew>(&what)) return consume_anew(r->queue);
    if (auto* n = std::get_if<subscribe>(&what)) {
        feed& made = feeds_[n->to.get()];
        made.to = std::move(n->to);
        made.queue = std::move(n->queue);
        made.prefetch = n->prefetch;
        return;
    }
    const auto* which = std::get<unsubscribe>(what).of;
    const auto found = feeds_.find(which);
    if (found == feeds_.end()) return;
    found->second.closing = true;
    is_.queue_well(found->second.queue);
    if (found->second.channel != 0) over_->cancel(found->second.channel);
    close_when_settled(which);
}

void subscriber::settle(const settlement& what) {
    bool there = false;
    try {
        there = hand_in(what);
    } catch (...) {
        if (what.told) what.told->give(false);
        throw;
    }
    if (what.told) what.told->give(there);
}

bool subscriber::hand_in(const settlement& what) {
    const auto found = feeds_.find(what.of);
    if (found == feeds_.end()) return false;
    feed& f = found->second;
    if (f.channel == 0 || f.life != what.life || f.out.erase(what.tag) == 0) return false;
    f.renew = next_renewal(by_);
    if (what.done)
        over_->ack(f.channel, what.tag);
    else
        over_->give_back(f.channel, what.tag);
    const bool there = !what.told || read_by_broker(f);
    if (there && f.closing) close_when_settled(what.of);
    return there;
}

// The lots of a closed consumer stay their owners': its channel lives until the last is settled.
void subscriber::close_when_settled(const inbox* which) {
    const auto found = feeds_.find(which);
    if (!found->second.out.empty()) return;
    const auto channel = found->second.channel;
    drop(found->second);
    feeds_.erase(found);
    if (channel != 0) over_->close(channel);
}

// An answer on a channel comes after the broker has read what was sent on it before.
bool subscriber::read_by_broker(feed& f) {
    try {
        over_->prefetch(f.channel, f.prefetch);
        return true;
    } catch (const channel_refused& refused) {
        queue_log::queue_refused(f.queue, refused.what());
        forget_channel(f);
        return false;
    }
}

void subscriber::flush(const flushing& what) {
    for (const auto& [channel, which] : by_channel_)
        over_->prefetch(channel, feeds_.at(which).prefetch);
    what->give(true);
}

bool subscriber::read_some() {
    for (int i = 0; i < reads_at_once; ++i) {
        auto told = over_->next();
        if (!told) return i > 0;
        see(std::move(*told));
    }
    return true;
}

void subscriber::see(event&& e) {
    if (auto* d = std::get_if<delivery>(&e)) {
        feed* f = on_channel(d->channel);
        if (!f) return;
        f->out.insert(d->tag);
        f->renew = next_renewal(by_);
        boost::asio::post(on_, [to = f->to, life = f->life, what = std::move(*d)]() mutable {
            to->arrive(life, std::move(what));
        });
    } else if (const auto* c = std::get_if<consumer_cancelled>(&e)) {
        feed* f = on_channel(c->channel);
        if (!f) return;
        queue_log::consumer_cancelled(f->queue);
        const auto channel = f->channel;
        f->again = machine_clock().steady() + by_.reconnect_first;
        forget_channel(*f);
        over_->close(channel);
    } else if (const auto* gone = std::get_if<channel_closed>(&e)) {
        feed* f = on_channel(gone->channel);
        if (!f) return;
        queue_log::queue_refused(f->queue, gone->why);
        forget_channel(*f);
    }
}

}  // namespace ecert::queue::amqp
