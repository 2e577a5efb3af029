#include "hub/ledger/sqlite/checkpoints.hpp"

#include "config/log.hpp"

#include <chrono>

namespace ecert::hub::sqlite {
namespace {

constexpr auto every = std::chrono::seconds{1};
constexpr std::int64_t restart_above_pages = 16'384;  // 64 MiB
constexpr int restart_patience_ms = 100;              // writers wait at most so long for it

}  // namespace

checkpoints::checkpoints(const std::filesystem::path& file, const char* vfs,
                         std::function<void(const char*)> reached)
    : db_{file, access::read_write, vfs},
      reached_{std::move(reached)},
      thread_{[this] { work(); }} {}

checkpoints::~checkpoints() {
    {
        std::lock_guard lock{guard_};
        stopping_ = true;
    }
    changed_.notify_all();
    thread_.join();
}

void checkpoints::work() {
    sqlite3_busy_timeout(db_.raw(), restart_patience_ms);
    std::unique_lock lock{guard_};
    while (!changed_.wait_for(lock, every, [this] { return stopping_; })) {
        lock.unlock();
        once();
        lock.lock();
    }
}

// Busy is no failure: readers or the writer were in the way, and the next look comes in a second.
void checkpoints::once() {
    if (reached_) reached_("before-checkpoint");
    int in_log = 0;
    int moved = 0;
    int code =
        sqlite3_wal_checkpoint_v2(db_.raw(), nullptr, SQLITE_CHECKPOINT_PASSIVE, &in_log, &moved);
    if (code == SQLITE_OK && in_log > restart_above_pages)
        code = sqlite3_wal_checkpoint_v2(db_.raw(), nullptr, SQLITE_CHECKPOINT_RESTART, &in_log,
                                         &moved);
    pages_ = in_log;
    if (code != SQLITE_OK && code != SQLITE_BUSY)
        log::write(log::level::error, "ledger_checkpoint_failed",
                   {{"error", std::string_view{sqlite3_errmsg(db_.raw())}}});
}

}  // namespace ecert::hub::sqlite
