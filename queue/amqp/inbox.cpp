#include "queue/amqp/inbox.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace ecert::queue::amqp {
namespace {

namespace asio = boost::asio;

class delivered_lot final : public lot {
  public:
    delivered_lot(asio::any_io_executor on, std::shared_ptr<inbox> of,
                  std::shared_ptr<settlements> back, std::uint64_t life, delivery what)
        : on_{std::move(on)},
          of_{std::move(of)},
          back_{std::move(back)},
          life_{life},
          what_{std::move(what)} {}
    ~delivered_lot() override { settle(false); }
    const std::string& body() const override { return what_.body; }
    bool redelivered() const override { return what_.redelivered; }
    unsigned deliveries() const override { return what_.deliveries; }
    void ack() override { settle(true); }
    awaitable<bool> ack_surely(duration within) override {
        auto told = std::make_shared<answer<bool>>(on_, within);
        if (!settle(true, told)) told->give(false);
        return heard(std::move(told));
    }
    void give_back() override { settle(false); }

  private:
    static awaitable<bool> heard(flushing told) {
        co_return (co_await told->wait()).value_or(false);
    }
    // False: it was settled before.
    bool settle(bool done, flushing told = {}) {
        if (!back_) return false;
        back_->put(settlement{of_.get(), life_, what_.tag, done, std::move(told)});
        of_->settled();
        back_.reset();
        of_.reset();
        return true;
    }
    asio::any_io_executor on_;
    std::shared_ptr<inbox> of_;
    std::shared_ptr<settlements> back_;
    std::uint64_t life_;
    delivery what_;
};

}  // namespace

// Leaves the line with the coroutine, also when that is destroyed while it waits.
class inbox::place_in_line {
  public:
    place_in_line(std::shared_ptr<inbox> in, waiter& who) : in_{std::move(in)}, who_{who} {
        in_->waiting_.push_back(&who_);
    }
    ~place_in_line() { in_->waiting_.remove(&who_); }
    place_in_line(const place_in_line&) = delete;
    place_in_line& operator=(const place_in_line&) = delete;

  private:
    std::shared_ptr<inbox> in_;
    waiter& who_;
};

std::unique_ptr<lot> inbox::lend() {
    message first = std::move(ready_.front());
    ready_.pop_front();
    ++out_;
    return std::make_unique<delivered_lot>(on_, shared_from_this(), back_, first.life,
                                           std::move(first.what));
}

awaitable<std::unique_ptr<lot>> inbox::next(duration deadline) {
    const auto self = shared_from_this();
    // Others have their turn first: who settles at once must not keep the executor to himself.
    co_await asio::post(on_, asio::use_awaitable);
    if (closed_) co_return nullptr;
    if (!ready_.empty()) co_return lend();
    waiter w{asio::steady_timer{on_, deadline}, nullptr};
    {
        const place_in_line here{self, w};
        co_await w.until.async_wait(asio::as_tuple(asio::use_awaitable));
    }
    co_return std::move(w.got);
}

// A message goes straight into the hands of who has waited longest, so that no wake-up is lost.
void inbox::arrive(std::uint64_t life, delivery what) {
    if (closed_) return back_->put(settlement{this, life, what.tag, false, {}});
    ready_.push_back({life, std::move(what)});
    if (waiting_.empty()) return;
    waiter& w = *waiting_.front();
    waiting_.pop_front();
    w.got = lend();
    w.until.cancel();
}

void inbox::lose(std::uint64_t life) {
    std::erase_if(ready_, [life](const message& m) { return m.life == life; });
}

void inbox::close() {
    if (closed_) return;
    closed_ = true;
    for (auto& m : std::exchange(ready_, {}))
        back_->put(settlement{this, m.life, m.what.tag, false, {}});
    for (auto* w : waiting_) w->until.cancel();
    back_->put(unsubscribe{this});
}

}  // namespace ecert::queue::amqp
