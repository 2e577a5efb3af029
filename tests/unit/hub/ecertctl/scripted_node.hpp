// A node of which only the door is real: it keeps what it was asked and answers what it was told.
#pragma once

#include "adapters/http/server.hpp"

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>

#include <unistd.h>

#include <deque>
#include <filesystem>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

namespace ecert::tests {

struct question {
    std::string method, target, body;
    http::fields fields;
};

class scripted_node {
  public:
    scripted_node()
        : folder_{std::filesystem::temp_directory_path() /
                  ("ecertctl-test-" + std::to_string(getpid()))} {
        std::filesystem::create_directories(folder_);
        socket = folder_ / "ops.sock";
        unix_ = serve({http::unix_listener{socket}});
        plain_ = serve({http::plain_listener{0}});
        url = "http://127.0.0.1:" + std::to_string(plain_->port());
        thread_ = std::jthread{[this] { loop_.run(); }};
    }
    ~scripted_node() {
        loop_.stop();
        thread_.join();
        unix_.reset();
        plain_.reset();
        std::filesystem::remove_all(folder_);
    }
    scripted_node(const scripted_node&) = delete;
    scripted_node& operator=(const scripted_node&) = delete;

    void answers(int status, std::string json) {
        const std::lock_guard lock{guard_};
        answers_.push_back(
            http::reply(status, status < 300 ? "application/json" : "application/problem+json",
                        std::move(json)));
    }
    std::vector<question> asked() const {
        const std::lock_guard lock{guard_};
        return asked_;
    }
    std::string file(const std::string& name, const std::string& text) const;

    std::filesystem::path socket;
    std::string url;

  private:
    std::unique_ptr<http::server> serve(http::listener at);
    awaitable<http::response> answer(http::incoming& request);

    std::filesystem::path folder_;
    mutable std::mutex guard_;
    std::deque<http::response> answers_;
    std::vector<question> asked_;
    boost::asio::io_context loop_{1};
    boost::asio::executor_work_guard<boost::asio::io_context::executor_type> busy_{
        loop_.get_executor()};
    pool work_{1};
    http::budget bodies_{loop_.get_executor(), 64 << 20};
    std::unique_ptr<http::server> unix_, plain_;
    std::jthread thread_;
};

}  // namespace ecert::tests
