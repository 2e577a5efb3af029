#include <algorithm>
#include <map>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "adapters/worker/lane.hpp"
#include "adapters/worker/worker.hpp"

namespace ecert::worker {
namespace {

constexpr duration look_again{20};

class lanes final : public workers {
  public:
    lanes(attempt_parts by, queue::transport& over)
        : by_{std::move(by)}, over_{over}, order_{std::make_shared<turns>(by_.on, by_.settings->concurrency)} {}
    ~lanes() override { close_all(); }

    void serve(const std::vector<std::string>& partners) override {
        for (auto at = open_.begin(); at != open_.end();) {
            if (std::find(partners.begin(), partners.end(), at->first) != partners.end()) {
                ++at;
                continue;
            }
            at->second->close();
            at = open_.erase(at);
        }
        for (const auto& partner : partners) {
            if (open_.contains(partner)) continue;
            auto made = std::make_shared<lane>(partner, by_, over_, order_);
            open_.emplace(partner, made);
            made->start();
        }
    }

    unsigned in_flight() const override { return order_->in_flight(); }

    awaitable<void> stop(duration within) override {
        close_all();
        const auto until = std::chrono::steady_clock::now() + within;
        boost::asio::steady_timer wait{by_.on};
        while (order_->in_flight() > 0 && std::chrono::steady_clock::now() < until) {
            wait.expires_after(look_again);
            co_await wait.async_wait(boost::asio::as_tuple(boost::asio::use_awaitable));
        }
    }

  private:
    void close_all() {
        for (const auto& [partner, lane] : open_) lane->close();
        open_.clear();
    }

    attempt_parts by_;
    queue::transport& over_;
    std::shared_ptr<turns> order_;  // an abandoned attempt may outlive us
    std::map<std::string, std::shared_ptr<lane>> open_;
};

}  // namespace

std::unique_ptr<workers> make_workers(boost::asio::any_io_executor on, queue::transport& over, engine::snapshots& profiles,
                                      content_access& content, engine::tools with, worker_settings settings) {
    auto told = std::make_shared<const worker_settings>(std::move(settings));
    return std::make_unique<lanes>(attempt_parts{on, profiles, content, with, std::move(told)}, over);
}

}  // namespace ecert::worker
