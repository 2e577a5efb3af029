#include "queue/amqp/amqp.hpp"
#include "queue/amqp/inbox.hpp"
#include "queue/amqp/publisher.hpp"
#include "queue/amqp/subscriber.hpp"

#include <algorithm>
#include <vector>

namespace ecert::queue {
namespace {

using namespace amqp;
namespace asio = boost::asio;

class consumer_over_amqp final : public consumer {
  public:
    explicit consumer_over_amqp(std::shared_ptr<inbox> in) : in_{std::move(in)} {}
    ~consumer_over_amqp() override { in_->close(); }
    awaitable<std::unique_ptr<lot>> next(duration deadline) override { return in_->next(deadline); }
    void close() override { in_->close(); }

  private:
    std::shared_ptr<inbox> in_;
};

class amqp_transport final : public transport {
  public:
    amqp_transport(asio::any_io_executor on, amqp_settings settings, const std::string& name,
                   std::function<void(const char*)> reached)
        : on_{std::move(on)},
          settings_{std::move(settings)},
          publisher_{settings_, name, status_, std::move(reached)},
          subscriber_{on_, settings_, name, status_} {}
    ~amqp_transport() override { close(); }

    void declare(const std::string& queue) override { publisher_.box().put(declaring{queue}); }

    awaitable<publication> publish(std::string queue, std::string body,
                                   duration deadline) override {
        auto one = std::make_shared<publishing>(on_, std::move(queue), std::move(body), deadline);
        if (!publisher_.box().put(one)) co_return publication::refused;
        const auto answered = co_await one->wait();
        if (answered) co_return *answered;
        co_return one->give_up() ? publication::refused : publication::unconfirmed;
    }

    std::unique_ptr<consumer> consume(const std::string& queue, unsigned prefetch) override {
        auto in = std::make_shared<inbox>(on_, subscriber_.back());
        const auto most = std::clamp(prefetch, 1u, settings_.prefetch);
        if (closed_) in->close();
        subscriber_.back()->put(subscribe{in, queue, most});
        std::erase_if(open_, [](const auto& each) { return each.second.expired(); });
        open_.emplace_back(queue, in);
        return std::make_unique<consumer_over_amqp>(std::move(in));
    }

    awaitable<std::vector<queue_figures>> figures(duration deadline) override {
        auto asked = std::make_shared<answer<std::vector<queue_figures>>>(on_, deadline);
        if (!publisher_.box().put(asked)) co_return std::vector<queue_figures>{};
        auto all = co_await asked->wait();
        if (!all) co_return std::vector<queue_figures>{};
        for (auto& one : *all)
            for (const auto& [queue, in] : open_)
                if (const auto here = in.lock(); here && queue == one.name)
                    one.unsettled += here->unsettled();
        co_return std::move(*all);
    }

    awaitable<rebuilding> rebuild(std::string queue, duration deadline) override {
        auto asked = std::make_shared<answer<rebuilding>>(on_, deadline);
        if (!publisher_.box().put(rebuilding_asked{queue, asked}))
            co_return rebuilding{.trouble = "the queue is being closed"};
        auto told = co_await asked->wait();
        if (!told) co_return rebuilding{.trouble = no_answer()};
        if (told->done) subscriber_.back()->put(renew{queue});
        co_return std::move(*told);
    }

    transport_state state() const override { return status_.read(); }

    awaitable<bool> drain(duration within) override {
        auto sent = std::make_shared<answer<bool>>(on_, within);
        auto settled = std::make_shared<answer<bool>>(on_, within);
        if (!publisher_.box().put(sent)) co_return false;
        subscriber_.back()->put(settled);
        const auto first = co_await sent->wait();
        const auto second = co_await settled->wait();
        co_return first.value_or(false) && second.value_or(false);
    }

    void close() override {
        if (closed_) return;
        closed_ = true;
        for (const auto& [queue, in] : open_)
            if (const auto here = in.lock()) here->close();
        publisher_.stop();
        subscriber_.stop();
    }

  private:
    std::string no_answer() const {
        const auto trouble = status_.read().trouble;
        return trouble.empty() ? "the broker did not answer in time" : trouble;
    }

    asio::any_io_executor on_;
    const amqp_settings settings_;
    status status_;
    std::vector<std::pair<std::string, std::weak_ptr<inbox>>> open_;
    bool closed_ = false;
    publisher publisher_;
    subscriber subscriber_;
};

}  // namespace

std::unique_ptr<transport> make_amqp(asio::any_io_executor on, amqp_settings settings,
                                     std::string name, std::function<void(const char*)> reached) {
    return std::make_unique<amqp_transport>(std::move(on), std::move(settings), name,
                                            std::move(reached));
}

}  // namespace ecert::queue
