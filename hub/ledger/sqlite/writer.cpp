#include "hub/ledger/sqlite/writer.hpp"

#include <fmt/format.h>

#include <chrono>

namespace ecert::hub::sqlite {
namespace {

failure failure_of(const sqlite_error& e) {
    if (e.is_constraint())
        return {failure_kind::internal, fmt::format("the ledger refused a change: {}", e.what())};
    return {failure_kind::unavailable,
            fmt::format("{}: {}",
                        e.is_full() ? "no room left for the ledger, free some space"
                                    : "the ledger cannot be written",
                        e.what())};
}

// SQLite gave the whole transaction up (disk full, I/O error): nothing of the group has happened.
struct group_lost {
    failure why;
};

}  // namespace

writer::writer(std::unique_ptr<connection> db, circumstances in, writer_settings settings)
    : db_{std::move(db)},
      events_{*db_},
      in_{std::move(in)},
      world_{*db_, events_, in_, counted_},
      settings_{settings} {
    db_->execute("PRAGMA cache_size=-65536");
    savepoints_in_one_piece(*db_);
    thread_ = std::thread{[this] { work(); }};
}

writer::~writer() {
    {
        std::lock_guard lock{guard_};
        stopping_ = closed_ = true;
    }
    changed_.notify_all();
    if (thread_.joinable()) thread_.join();
}

void writer::add(urgency how, std::unique_ptr<job> what) {
    const char* refusal = nullptr;
    {
        std::lock_guard lock{guard_};
        const auto room = how == urgency::taking_in ? settings_.intake_waiting : settings_.waiting;
        if (closed_) {
            refusal = "the ledger is closing";
        } else if (waiting_.size() >= room) {
            refusal = "too much waits for the ledger, try again later";
        } else {
            waiting_.push_back(std::move(what));
        }
    }
    if (!refusal) return changed_.notify_one();
    what->fail({failure_kind::unavailable, refusal});
    what->answer();
}

void writer::post(std::function<void(transaction&)> verb,
                  std::function<void(const failure&)> lost) {
    add(urgency::settling, std::make_unique<posted_job>(std::move(verb), std::move(lost)));
}

awaitable<result<void>> writer::close(std::function<result<void>(transaction&)> last) {
    auto start = [this, last = std::move(last)](awaiter<void> who) mutable {
        auto closing = std::make_unique<verb_job<void>>(std::move(last), std::move(who));
        {
            std::lock_guard lock{guard_};
            if (!closed_) {
                closed_ = true;
                waiting_.push_back(std::move(closing));
            }
        }
        changed_.notify_one();
        if (!closing) return;
        closing->fail({failure_kind::conflict, "the ledger is closed already"});
        closing->answer();
    };
    return suspended<void>(std::move(start));
}

std::deque<std::unique_ptr<job>> writer::next_group() {
    std::unique_lock lock{guard_};
    changed_.wait(lock, [this] { return stopping_ || !waiting_.empty(); });
    std::deque<std::unique_ptr<job>> group;
    if (stopping_) return group;
    while (!waiting_.empty() && group.size() < settings_.group) {
        group.push_back(std::move(waiting_.front()));
        waiting_.pop_front();
    }
    return group;
}

void writer::work() {
    for (;;) {
        auto group = next_group();
        if (group.empty()) return;
        try {
            commit(group);
        } catch (const group_lost& lost) {
            roll_back();
            for (auto& each : group) each->fail(lost.why);
        } catch (const sqlite_error& e) {
            roll_back();
            for (auto& each : group) each->fail(failure_of(e));
        }
        for (auto& each : group) each->answer();
    }
}

void writer::commit(std::deque<std::unique_ptr<job>>& group) {
    const auto begun = machine_clock().steady();
    db_->run("BEGIN IMMEDIATE");
    for (auto& each : group) run_in_savepoint(*each);
    counted_.store(*db_);
    if (in_.reached) in_.reached("before-commit");
    db_->run("COMMIT");
    if (in_.reached) in_.reached("after-commit");
    const std::chrono::duration<double> took = machine_clock().steady() - begun;
    if (in_.figures) in_.figures->ledger_commit(took.count(), static_cast<unsigned>(group.size()));
}

void writer::run_in_savepoint(job& what) {
    db_->run("SAVEPOINT verb");
    bool done = false;
    try {
        done = what.run(world_);
    } catch (const sqlite_error& e) {
        if (!db_->in_transaction() || !e.is_constraint()) throw group_lost{failure_of(e)};
        what.fail(failure_of(e));
    } catch (const std::exception& e) {
        what.fail({failure_kind::internal, fmt::format("a ledger verb failed: {}", e.what())});
    }
    if (done) {
        counted_.keep();
    } else {
        db_->run("ROLLBACK TO verb");
        events_.forget();
        counted_.forget_verb();
    }
    db_->run("RELEASE verb");
}

void writer::roll_back() noexcept {
    events_.forget();
    counted_.forget();
    try {
        if (db_->in_transaction()) db_->run("ROLLBACK");
    } catch (const sqlite_error&) {  // the next BEGIN says so again
    }
}

}  // namespace ecert::hub::sqlite
