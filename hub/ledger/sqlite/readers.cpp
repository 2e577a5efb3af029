#include "hub/ledger/sqlite/readers.hpp"

#include <fmt/format.h>

namespace ecert::hub::sqlite {
namespace {

constexpr std::size_t most_waiting = 1024;
constexpr int steps_between_looks =
    10'000;  // virtual machine instructions: well under a millisecond

using steady = std::chrono::steady_clock;

int is_over(void* until) { return steady::now() >= *static_cast<steady::time_point*>(until); }

}  // namespace

readers::readers(const std::filesystem::path& file, unsigned threads,
                 std::chrono::milliseconds deadline, const char* vfs)
    : deadline_{deadline} {
    for (unsigned i = 0; i < threads; ++i)
        connections_.push_back(std::make_unique<connection>(file, access::read_only, vfs));
    for (auto& each : connections_) each->execute("PRAGMA cache_size=-16384");
    for (auto& each : connections_) threads_.emplace_back([this, &each] { work(*each); });
}

readers::~readers() {
    {
        std::lock_guard lock{guard_};
        stopping_ = true;
    }
    changed_.notify_all();
    for (auto& each : threads_) each.join();
}

void readers::add(std::unique_ptr<job> what) {
    {
        std::lock_guard lock{guard_};
        if (waiting_.size() < most_waiting) waiting_.push_back(std::move(what));
    }
    if (!what) return changed_.notify_one();
    what->fail({failure_kind::unavailable, "too many readers wait for the ledger, try later"});
}

void readers::work(connection& db) {
    for (;;) {
        std::unique_ptr<job> what;
        {
            std::unique_lock lock{guard_};
            changed_.wait(lock, [this] { return stopping_ || !waiting_.empty(); });
            if (stopping_) return;
            what = std::move(waiting_.front());
            waiting_.pop_front();
        }
        try {
            run_until_deadline(db, *what);
        } catch (const sqlite_error& e) {
            const bool late = e.code() == SQLITE_INTERRUPT;
            what->fail({late ? failure_kind::deadline : failure_kind::unavailable,
                        late ? fmt::format("the question took longer than {} ms: narrow it",
                                           deadline_.count())
                             : fmt::format("the ledger cannot be read: {}", e.what())});
        } catch (const std::exception& e) {
            what->fail({failure_kind::internal, fmt::format("reading failed: {}", e.what())});
        }
    }
}

void readers::run_until_deadline(connection& db, job& what) {
    auto until = steady::now() + deadline_;
    sqlite3_progress_handler(db.raw(), steps_between_looks, is_over, &until);
    struct snapshot {  // one for all statements of the read; ended whatever happens
        connection& of;
        explicit snapshot(connection& db) : of{db} { of.run("BEGIN"); }
        ~snapshot() {
            sqlite3_progress_handler(of.raw(), 0, nullptr, nullptr);
            sqlite3_exec(of.raw(), "ROLLBACK", nullptr, nullptr, nullptr);
        }
    } during{db};
    what.run(db);
}

}  // namespace ecert::hub::sqlite
