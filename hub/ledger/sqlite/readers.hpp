// Reading: connections of their own on threads of their own. Every read is one snapshot and has a
// deadline, because a reader that stays open keeps the write-ahead log from being reused.
#pragma once

#include "hub/ledger/sqlite/awaiter.hpp"
#include "hub/ledger/sqlite/connection.hpp"

#include <chrono>
#include <condition_variable>
#include <deque>
#include <filesystem>
#include <functional>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

namespace ecert::hub::sqlite {

class readers {
  public:
    readers(const std::filesystem::path& file, unsigned threads, std::chrono::milliseconds deadline,
            const char* vfs);
    ~readers();  // what was not begun is dropped unanswered

    // deadline: it took too long and was stopped; narrow the question. unavailable: too many wait.
    template <class T>
    awaitable<result<T>> read(std::function<result<T>(connection&)> what) {
        auto start = [this, what = std::move(what)](awaiter<T> who) mutable {
            add(std::make_unique<read_job<T>>(std::move(what), std::move(who)));
        };
        return suspended<T>(std::move(start));
    }

  private:
    class job {
      public:
        virtual ~job() = default;
        virtual void run(connection& db) = 0;
        virtual void fail(failure why) = 0;
    };
    template <class T>
    class read_job final : public job {
      public:
        read_job(std::function<result<T>(connection&)> what, awaiter<T> who)
            : what_{std::move(what)}, who_{std::move(who)} {}
        void run(connection& db) override { who_.resume(what_(db)); }
        void fail(failure why) override { who_.resume(std::move(why)); }

      private:
        std::function<result<T>(connection&)> what_;
        awaiter<T> who_;
    };

    void add(std::unique_ptr<job> what);
    void work(connection& db);
    void run_until_deadline(connection& db, job& what);

    std::chrono::milliseconds deadline_;
    std::mutex guard_;
    std::condition_variable changed_;
    std::deque<std::unique_ptr<job>> waiting_;
    bool stopping_ = false;
    std::vector<std::unique_ptr<connection>> connections_;
    std::vector<std::thread> threads_;
};

}  // namespace ecert::hub::sqlite
