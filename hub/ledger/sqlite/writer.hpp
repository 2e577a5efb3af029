// The one thread that writes. It takes what waits, up to a group, gives each verb a savepoint,
// commits once with everything on disk, and only then answers: an answer is a promise.
//
// A verb that fails leaves nothing behind and does not disturb the others of its group. When the
// disk is full or the commit fails, the whole group is answered `unavailable` and nothing of it has
// happened. Thread rule: submit() from any coroutine.
#pragma once

#include "config/metrics.hpp"
#include "hub/ledger/sqlite/awaiter.hpp"
#include "hub/ledger/sqlite/transaction.hpp"

#include <condition_variable>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <thread>

namespace ecert::hub::sqlite {

// Taking in gives way first when too much waits; what settles deliveries has room for longer.
enum class urgency { taking_in, settling };

// One verb with its awaiter.
class job {
  public:
    virtual ~job() = default;
    virtual bool run(transaction& t) = 0;  // false: failed by itself, roll its savepoint back
    virtual void fail(failure why) = 0;    // what it will be answered instead
    virtual void answer() = 0;
};

template <class T>
class verb_job final : public job {
  public:
    verb_job(std::function<result<T>(transaction&)> verb, awaiter<T> who)
        : verb_{std::move(verb)}, who_{std::move(who)} {}
    bool run(transaction& t) override {
        answer_.emplace(verb_(t));
        return !answer_->has_error();
    }
    void fail(failure why) override { answer_.emplace(std::move(why)); }
    void answer() override { who_.resume(std::move(*answer_)); }

  private:
    std::function<result<T>(transaction&)> verb_;
    awaiter<T> who_;
    std::optional<result<T>> answer_;
};

class posted_job final : public job {
  public:
    posted_job(std::function<void(transaction&)> verb, std::function<void(const failure&)> lost)
        : verb_{std::move(verb)}, lost_{std::move(lost)} {}
    bool run(transaction& t) override {
        verb_(t);
        return true;
    }
    void fail(failure why) override { why_ = std::move(why); }
    void answer() override {
        if (why_) lost_(*why_);
    }

  private:
    std::function<void(transaction&)> verb_;
    std::function<void(const failure&)> lost_;
    std::optional<failure> why_;
};

struct writer_settings {
    unsigned group = 32;
    std::size_t intake_waiting = 4096;  // more is answered `unavailable`
    std::size_t waiting = 16384;
};

class writer {
  public:
    // db: its connection for good; gets a page cache of 64 MiB.
    writer(std::unique_ptr<connection> db, circumstances in, writer_settings settings);
    ~writer();  // what was not begun is dropped unanswered; close() first for a clean stop

    template <class T>
    awaitable<result<T>> submit(urgency how, std::function<result<T>(transaction&)> verb) {
        auto start = [this, how, verb = std::move(verb)](awaiter<T> who) mutable {
            add(how, std::make_unique<verb_job<T>>(std::move(verb), std::move(who)));
        };
        return suspended<T>(std::move(start));
    }
    // A change that nobody waits for; `lost` is called instead when it cannot be made.
    void post(std::function<void(transaction&)> verb, std::function<void(const failure&)> lost);
    // Runs everything submitted before, then `last`; whatever comes after is answered
    // `unavailable`.
    awaitable<result<void>> close(std::function<result<void>(transaction&)> last);

  private:
    void add(urgency how, std::unique_ptr<job> what);
    void work();
    std::deque<std::unique_ptr<job>> next_group();
    void commit(std::deque<std::unique_ptr<job>>& group);
    void run_in_savepoint(job& what);
    void roll_back() noexcept;

    std::unique_ptr<connection> db_;
    event_log events_;
    circumstances in_;
    counters counted_;
    transaction world_;
    writer_settings settings_;
    std::mutex guard_;
    std::condition_variable changed_;
    std::deque<std::unique_ptr<job>> waiting_;
    bool closed_ = false;  // answers nothing new
    bool stopping_ = false;
    std::thread thread_;
};

}  // namespace ecert::hub::sqlite
