// Moves what was committed from the write-ahead log into the ledger's file, once a second, from a
// thread and a connection of its own, so that no commit waits for it. A log that has grown too
// large is restarted.
#pragma once

#include "hub/ledger/sqlite/connection.hpp"

#include <atomic>
#include <condition_variable>
#include <filesystem>
#include <functional>
#include <mutex>
#include <thread>

namespace ecert::hub::sqlite {

class checkpoints {
  public:
    checkpoints(const std::filesystem::path& file, const char* vfs,
                std::function<void(const char*)> reached);
    ~checkpoints();
    // Size of the log at the last look, in pages.
    std::int64_t log_pages() const { return pages_; }

  private:
    void work();
    void once();

    connection db_;
    std::function<void(const char*)> reached_;
    std::atomic<std::int64_t> pages_{0};
    std::mutex guard_;
    std::condition_variable changed_;
    bool stopping_ = false;
    std::thread thread_;
};

}  // namespace ecert::hub::sqlite
