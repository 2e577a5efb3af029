#include "queue/embedded/embedded.hpp"

#include "queue/embedded/store.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace ecert::queue {
namespace {

using namespace embedded;
namespace asio = boost::asio;

// Leaves the queue's list with the coroutine, also when that is destroyed while it waits.
class waiting {
  public:
    waiting(std::shared_ptr<store> in, waiter& who) : in_{std::move(in)}, who_{who} {
        in_->wait(who_);
    }
    ~waiting() { in_->leave(who_); }
    waiting(const waiting&) = delete;
    waiting& operator=(const waiting&) = delete;

  private:
    std::shared_ptr<store> in_;
    waiter& who_;
};

// Everything it needs is its own: the consumer may die meanwhile.
awaitable<std::unique_ptr<lot>> next_of(std::shared_ptr<store> from, subscription_ptr by,
                                        asio::any_io_executor on, duration deadline) {
    // Others have their turn first: a consumer that settles at once must not keep the executor to
    // itself.
    co_await asio::post(on, asio::use_awaitable);
    if (auto ready = from->take(by)) co_return ready;
    if (from->over(by)) co_return nullptr;
    waiter w{by, nullptr, asio::steady_timer{on, deadline}};
    {
        waiting here{from, w};
        co_await w.until.async_wait(asio::as_tuple(asio::use_awaitable));
    }
    co_return std::move(w.got);
}

class consumer_in_process final : public consumer {
  public:
    consumer_in_process(std::shared_ptr<store> from, asio::any_io_executor on, std::string queue,
                        unsigned prefetch)
        : from_{std::move(from)}, on_{std::move(on)}, by_{std::make_shared<subscription>()} {
        by_->queue = std::move(queue);
        by_->prefetch = prefetch > 0 ? prefetch : 1;
        from_->join(by_);
    }
    ~consumer_in_process() override { from_->close(by_); }
    awaitable<std::unique_ptr<lot>> next(duration deadline) override {
        return next_of(from_, by_, on_, deadline);
    }
    void close() override { from_->close(by_); }

  private:
    std::shared_ptr<store> from_;
    asio::any_io_executor on_;
    subscription_ptr by_;
};

class embedded_transport final : public transport {
  public:
    embedded_transport(asio::any_io_executor on, embedded_limits limits)
        : on_{std::move(on)}, store_{std::make_shared<store>(limits)} {}
    ~embedded_transport() override { store_->close_all(); }

    void declare(const std::string& queue) override { store_->declare(queue); }
    awaitable<publication> publish(std::string queue, std::string body, duration) override {
        co_return store_->put(queue, std::move(body));
    }
    std::unique_ptr<consumer> consume(const std::string& queue, unsigned prefetch) override {
        store_->declare(queue);
        return std::make_unique<consumer_in_process>(store_, on_, queue, prefetch);
    }
    awaitable<std::vector<queue_figures>> figures(duration) override {
        co_return store_->figures();
    }
    awaitable<rebuilding> rebuild(std::string queue, duration) override {
        co_return store_->rebuild(queue);
    }
    void close() override { store_->close_all(); }

  private:
    asio::any_io_executor on_;
    std::shared_ptr<store> store_;
};

}  // namespace

std::unique_ptr<transport> make_embedded(asio::any_io_executor on, embedded_limits limits) {
    return std::make_unique<embedded_transport>(std::move(on), limits);
}

}  // namespace ecert::queue
