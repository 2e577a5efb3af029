// A queue that is told what to answer and writes down what was done to it, in order.
#pragma once

#include "queue/transport.hpp"
#include "queue/wire/codec.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <deque>
#include <map>
#include <vector>

namespace ecert::tests {

class scripted_queue final : public queue::transport {
  public:
    explicit scripted_queue(boost::asio::any_io_executor on) : on_{on} {}

    std::vector<std::string> done;           // "publish" "ack" "give back", and what `note` adds
    std::vector<queue::outcome> outcomes;    // as published, confirmed or not
    std::deque<queue::publication> answers;  // for the next publishes; then confirmed
    bool loses_acks = false;                 // an ack is not known to have come
    void note(const char* what) { done.emplace_back(what); }

    void put(std::string body, bool again = false) {
        waiting_.push_back({std::move(body), again});
        if (ready_) ready_->cancel();
    }

    void declare(const std::string&) override {}
    awaitable<queue::publication> publish(std::string, std::string body, duration) override {
        note("publish");
        outcomes.push_back(queue::decode_outcome(body).value());
        auto answer = queue::publication::confirmed;
        if (!answers.empty()) {
            answer = answers.front();
            answers.pop_front();
        }
        co_return answer;
    }
    std::unique_ptr<queue::consumer> consume(const std::string&, unsigned) override {
        return std::make_unique<taker>(*this);
    }
    awaitable<queue::rebuilding> rebuild(std::string, duration) override {
        co_return queue::rebuilding{};
    }
    awaitable<std::vector<queue::queue_figures>> figures(duration) override {
        co_return std::vector<queue::queue_figures>{};
    }
    void close() override {}

  private:
    struct message {
        std::string body;
        bool again;
    };
    class taken final : public queue::lot {
      public:
        taken(scripted_queue& of, message what) : of_{of}, what_{std::move(what)} {}
        ~taken() override {
            if (!settled_) of_.note("lost");
        }
        const std::string& body() const override { return what_.body; }
        bool redelivered() const override { return what_.again; }
        void ack() override { settle("ack"); }
        awaitable<bool> ack_surely(duration) override {
            if (!of_.loses_acks) ack();
            co_return settled_;
        }
        void give_back() override { settle("give back"); }

      private:
        void settle(const char* how) {
            if (!settled_) of_.note(how);
            settled_ = true;
        }
        scripted_queue& of_;
        message what_;
        bool settled_ = false;
    };
    class taker final : public queue::consumer {
      public:
        explicit taker(scripted_queue& of) : of_{of} {}
        awaitable<std::unique_ptr<queue::lot>> next(duration deadline) override {
            if (!closed_ && of_.waiting_.empty()) {
                of_.ready_.emplace(of_.on_, deadline);
                co_await of_.ready_->async_wait(boost::asio::as_tuple(boost::asio::use_awaitable));
            }
            if (closed_ || of_.waiting_.empty()) co_return nullptr;
            auto first = std::move(of_.waiting_.front());
            of_.waiting_.pop_front();
            co_return std::make_unique<taken>(of_, std::move(first));
        }
        void close() override {
            closed_ = true;
            if (of_.ready_) of_.ready_->cancel();
        }

      private:
        scripted_queue& of_;
        bool closed_ = false;
    };

    boost::asio::any_io_executor on_;
    std::deque<message> waiting_;
    std::optional<boost::asio::steady_timer> ready_;
};

}  // namespace ecert::tests
