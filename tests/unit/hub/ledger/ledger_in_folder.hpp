// A ledger in a folder of its own, for tests that look beneath the verbs.
#pragma once

#include "hub/ledger/sqlite/open.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>

#include <gtest/gtest.h>
#include <unistd.h>

#include <exception>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>

namespace ecert::hub {

class temp_folder {
  public:
    temp_folder() {
        static int made = 0;
        path_ = std::filesystem::temp_directory_path() /
                ("ecert-books-" + std::to_string(::getpid()) + "-" + std::to_string(++made));
        std::filesystem::remove_all(path_);
    }
    ~temp_folder() { std::filesystem::remove_all(path_); }
    temp_folder(const temp_folder&) = delete;
    temp_folder& operator=(const temp_folder&) = delete;
    const std::filesystem::path& path() const { return path_; }

  private:
    std::filesystem::path path_;
};

class ledger_in_folder : public testing::Test {
  protected:
    sqlite_settings settings() { return {.folder = folder_.path(), .node = "CN"}; }
    result<std::unique_ptr<ledger>> try_open(sqlite_settings s) {
        return open_sqlite_ledger(std::move(s), time_);
    }
    std::unique_ptr<ledger> open(sqlite_settings s) {
        auto opened = try_open(std::move(s));
        EXPECT_TRUE(opened.has_value()) << (opened ? "" : opened.error().text);
        return std::move(opened).value();
    }
    std::unique_ptr<ledger> open() { return open(settings()); }

    template <class T>
    T run(awaitable<T> what) {
        std::optional<T> answer;
        boost::asio::co_spawn(loop_, std::move(what), [&](std::exception_ptr e, T value) {
            if (e) std::rethrow_exception(e);
            answer.emplace(std::move(value));
        });
        loop_.restart();
        loop_.run();
        return std::move(*answer);
    }
    void close(std::unique_ptr<ledger>& books) {
        boost::asio::co_spawn(loop_, books->close(), [](std::exception_ptr) {});
        loop_.restart();
        loop_.run();
        books.reset();
    }

    accept_request push(std::string number, std::string bytes) {
        accept_request r;
        r.agency = "NPPO";
        r.partner = "NL";
        r.channel = "ippc";
        r.envelope = {"CN", "NL", std::move(number), 851, 70};
        r.content = crypto::from_memory(std::move(bytes));
        r.at = time_.now();
        return r;
    }
    static std::string receipt(const acceptance& a) {
        return "receipt of " + queue::to_string(a.delivery);
    }
    result<accept_result> offer(ledger& books, accept_request r) {
        return run(books.accept(std::move(r), receipt));
    }
    accepted take_in(ledger& books, accept_request r) {
        return std::get<accepted>(offer(books, std::move(r)).value());
    }
    std::filesystem::path file() const { return folder_.path() / "ledger.sqlite"; }

    temp_folder folder_;
    manual_clock time_{time_point{std::chrono::sys_days{std::chrono::year{2026} / 11 / 24}}};
    boost::asio::io_context loop_;
};

}  // namespace ecert::hub
