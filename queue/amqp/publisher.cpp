#include "queue/amqp/publisher.hpp"

#include "queue/amqp/declared.hpp"
#include "queue/amqp/log_events.hpp"

#include <poll.h>

namespace ecert::queue::amqp {
namespace {

constexpr channel_number sending = 1, scratch = 2;
constexpr int sends_at_once = 16, reads_at_once = 64;
constexpr std::size_t outbox_windows = 4;  // what may wait, in windows

}  // namespace

publisher::publisher(const amqp_settings& by, std::string name, status& is,
                     std::function<void(const char*)> reached)
    : by_{by},
      name_{std::move(name)},
      is_{is},
      reached_{std::move(reached)},
      box_{outbox_windows * by.window_bytes},
      window_{by.window, by.window_bytes},
      brokers_{by},
      thread_{[this] { run(); }} {}

publisher::~publisher() {
    box_.stop();
    thread_.join();
}

void publisher::run() {
    while (!box_.stopped()) {
        const auto begun = machine_clock().steady();
        std::string why = "stopped";
        try {
            over_ = std::make_unique<connection>(brokers_.current(), by_, name_ + " publishes");
            serve();
        } catch (const std::exception& e) {
            why = e.what();
        }
        leave(box_.stopped());
        if (box_.stopped()) break;
        const auto broker = brokers_.current();
        queue_log::lost(side::publishing, broker, why);
        is_.ill(side::publishing, "nothing can be published: " + broker + ": " + why);
        pause(brokers_.lost(std::chrono::floor<duration>(machine_clock().steady() - begun)));
    }
    for (auto left = box_.take(); left; left = box_.take()) {
        if (auto* p = std::get_if<publishing_ptr>(&*left); p && (*p)->take())
            (*p)->give(publication::refused);
        else if (auto* d = std::get_if<draining>(&*left))
            (*d)->give(false);
    }
}

void publisher::leave(bool politely) {
    if (politely && over_) over_->goodbye();
    over_.reset();
    window_.lose();
    for (const auto& d : std::exchange(drains_, {})) d->give(false);
    blocked_ = false;
}

void publisher::pause(duration time) {
    const auto until = machine_clock().steady() + time;
    while (!box_.stopped() && machine_clock().steady() < until) {
        const auto left = std::chrono::ceil<duration>(until - machine_clock().steady());
        pollfd on{box_.bell().descriptor(), POLLIN, 0};
        ::poll(&on, 1, static_cast<int>(left.count()));
        box_.bell().quiet();
    }
}

void publisher::serve() {
    over_->open(sending);
    over_->confirms(sending);
    unfit_.clear();
    for (const auto& queue : declared_) carry_out(declaring{queue});
    mend_silent();
    queue_log::connected(side::publishing, brokers_.current());
    is_.well(side::publishing);
    while (!box_.stopped()) {
        box_.bell().quiet();
        const bool sent = send_some(), read = read_some();
        if (window_.empty())
            for (const auto& d : std::exchange(drains_, {})) d->give(true);
        watch_confirms();
        mend_refusing();
        if (!sent && !read) over_->wait(box_.bell().descriptor(), by_.heartbeat / 4);
    }
}

// A broker that is there and never confirms (a minority cut off) is left for another. It may be the
// queue, though.
void publisher::watch_confirms() {
    if (blocked_ || window_.empty()) return;
    const auto now = machine_clock().steady();
    const auto owing = window_.owing(now - by_.confirm_timeout);
    if (owing.empty()) return;
    for (const auto& queue : owing) {
        const auto [at, first] = silent_.try_emplace(queue, trouble{now});
        at->second.again = !first;
    }
    queue_log::confirm_overdue(brokers_.current());
    throw connection_lost{"it owes a confirm for longer than confirm_timeout"};
}

bool publisher::send_some() {
    bool any = false;
    for (int i = 0; i < sends_at_once && !blocked_; ++i) {
        auto next = box_.take();
        if (!next) return any;
        if (auto* p = std::get_if<publishing_ptr>(&*next)) {
            if (!window_.room_for((*p)->body.size())) {
                box_.take_back(std::move(*next));
                return any;
            }
            send(*p);
        } else if (auto* d = std::get_if<declaring>(&*next)) {
            declared_.insert(d->queue);
            carry_out(*d);
        } else if (auto* r = std::get_if<rebuilding_asked>(&*next)) {
            carry_out(*r);
        } else if (auto* a = std::get_if<asking>(&*next)) {
            carry_out(*a);
        } else {
            drains_.push_back(std::get<draining>(*next));
        }
        any = true;
    }
    return any;
}

bool publisher::send(const publishing_ptr& what) {
    if (!what->take()) return false;
    if (unfit_.contains(what->queue)) {
        what->give(publication::refused);
        return true;
    }
    const auto number = window_.add(what, machine_clock().steady());
    over_->publish(sending, what->queue, number, what->body);
    if (reached_) reached_("unconfirmed");
    return true;
}

void publisher::carry_out(const declaring& what) {
    if (declare(*over_, scratch, what.queue, by_, is_))
        unfit_.erase(what.queue);
    else
        unfit_.insert(what.queue);
}

void publisher::carry_out(const asking& what) {
    const auto unconfirmed = window_.by_queue();
    std::vector<queue_figures> all;
    for (const auto& queue : declared_) {
        queue_figures of{.name = queue, .trouble = is_.trouble_of(queue)};
        if (const auto at = unconfirmed.find(queue); at != unconfirmed.end())
            of.unconfirmed = at->second;
        try {
            const auto seen = look(queue);
            of.ready = seen.ready;
            of.consumers = seen.consumers;
        } catch (const channel_refused& refused) {
            if (of.trouble.empty()) of.trouble = refused.what();
        }
        all.push_back(std::move(of));
    }
    what->give(std::move(all));
}

connection::looked_at publisher::look(const std::string& queue) {
    over_->open(scratch);
    const auto seen = over_->look_at(scratch, queue);
    over_->close(scratch);
    return seen;
}

void publisher::carry_out(const rebuilding_asked& what) {
    rebuilding told;
    try {
        told.before = look(what.queue).ready;
    } catch (const channel_refused&) {  // none there: it is declared
    }
    declared_.insert(what.queue);
    told.done = rebuild(*over_, scratch, what.queue, by_, is_, "asked for");
    if (told.done) {
        unfit_.erase(what.queue);
        refusing_.erase(what.queue);
        silent_.erase(what.queue);
        told.after = look(what.queue).ready;
    } else {
        told.trouble = is_.trouble_of(what.queue);
    }
    what.to->give(std::move(told));
}

void publisher::settle(const confirm& said) {
    window_.settle(said, [&](const std::string& queue) {
        if (!silent_.empty()) silent_.erase(queue);
        if (!said.taken)
            refusing_.try_emplace(queue, trouble{machine_clock().steady()}).first->second.again =
                true;
        else if (!refusing_.empty())
            refusing_.erase(queue);
    });
}

// A full queue refuses, and so does one that the broker has and can no longer use: that one is
// empty, and stays so.
void publisher::mend_refusing() {
    for (auto& [queue, r] : refusing_) {
        if (!std::exchange(r.again, false)) continue;
        if (machine_clock().steady() - r.since < by_.rebuild_after) continue;
        r.since = machine_clock().steady();
        rebuild_if_empty(queue);
    }
}

// A queue that owed a confirm twice, over two connections, and confirmed nothing between: the
// broker has it, takes messages for it, and will never answer (RabbitMQ 3.10, killed soon after the
// queue was declared).
void publisher::mend_silent() {
    const auto now = machine_clock().steady();
    for (auto& [queue, s] : silent_)
        if (now - s.since >= by_.rebuild_after && std::exchange(s.again, false))
            rebuild_if_empty(queue);
}

void publisher::rebuild_if_empty(const std::string& queue) {
    if (look(queue).ready == 0) rebuild(*over_, scratch, queue, by_, is_, no_longer_usable);
}

bool publisher::read_some() {
    for (int i = 0; i < reads_at_once; ++i) {
        const auto told = over_->next();
        if (!told) return i > 0;
        see(*told);
    }
    return true;
}

void publisher::see(const event& e) {
    if (const auto* c = std::get_if<confirm>(&e)) return settle(*c);
    if (const auto* r = std::get_if<came_back>(&e)) return window_.came_back(r->id);
    if (const auto* b = std::get_if<blocked>(&e)) {
        blocked_ = true;
        queue_log::blocked(brokers_.current(), b->why);
        is_.ill(side::publishing, "the broker takes nothing now: " + b->why);
    } else if (std::holds_alternative<unblocked>(e)) {
        blocked_ = false;
        queue_log::unblocked(brokers_.current());
        is_.well(side::publishing);
    } else if (const auto* c = std::get_if<channel_closed>(&e)) {
        if (c->channel == sending) throw connection_lost{"publishing refused: " + c->why};
    }
}

}  // namespace ecert::queue::amqp
