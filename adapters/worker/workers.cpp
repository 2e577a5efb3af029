#include "adapters/worker/lane.hpp"
#include "adapters/worker/worker.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <algorithm>
#include <map>

namespace ecert::worker {
namespace {

constexpr duration look_again{20}, last_moment{1'000};

class lanes final : public workers {
  public:
    lanes(attempt_parts by, queue::transport& over)
        : by_{std::move(by)},
          over_{over},
          order_{
              std::make_shared<turns>(by_.on, by_.settings->concurrency, by_.settings->patience)} {}
    ~lanes() override {
        while (!open_.empty()) close(open_.begin());
    }

    void serve(const std::vector<std::string>& partners) override {
        for (auto at = open_.begin(); at != open_.end();) {
            const bool wanted =
                std::find(partners.begin(), partners.end(), at->first) != partners.end();
            at = wanted ? std::next(at) : close(at);
        }
        for (const auto& partner : partners) {
            if (open_.contains(partner)) continue;
            auto made = std::make_shared<lane>(partner, by_, over_, order_, known_);
            open_.emplace(partner, made);
            made->start();
        }
    }

    unsigned in_flight() const override { return order_->in_flight(); }

    awaitable<void> stop(duration within) override {
        while (!open_.empty()) close(open_.begin());
        co_await ended(within);
        for (const auto& each : closing_)
            if (const auto still = each.lock()) still->abandon();
        co_await ended(last_moment);
    }

  private:
    using open_lanes = std::map<std::string, std::shared_ptr<lane>>;

    open_lanes::iterator close(open_lanes::iterator at) {
        at->second->close();
        std::erase_if(closing_, [](const auto& each) { return each.expired(); });
        closing_.push_back(at->second);
        return open_.erase(at);
    }

    // A lane lives as long as its loop or one of its attempts.
    awaitable<void> ended(duration within) {
        boost::asio::steady_timer wait{by_.on};
        for (auto left = within / look_again; left >= 0; --left) {
            if (std::ranges::all_of(closing_, [](const auto& each) { return each.expired(); }))
                co_return;
            wait.expires_after(look_again);
            co_await wait.async_wait(boost::asio::as_tuple(boost::asio::use_awaitable));
        }
    }

    attempt_parts by_;
    queue::transport& over_;
    std::shared_ptr<begun> known_ = std::make_shared<begun>();
    std::shared_ptr<turns> order_;  // an abandoned attempt may outlive us
    open_lanes open_;
    std::vector<std::weak_ptr<lane>> closing_;
};

}  // namespace

std::unique_ptr<workers> make_workers(boost::asio::any_io_executor on, queue::transport& over,
                                      engine::snapshots& profiles, content_access& content,
                                      engine::tools with, worker_settings settings) {
    auto told = std::make_shared<const worker_settings>(std::move(settings));
    return std::make_unique<lanes>(attempt_parts{on, profiles, content, with, std::move(told)},
                                   over);
}

}  // namespace ecert::worker
