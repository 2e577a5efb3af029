// The ledger in SQLite: WAL, synchronous FULL, one writer thread with group commit, checkpoints in
// a thread of their own, readers on their own connections.
#pragma once

#include "config/metrics.hpp"
#include "config/result.hpp"
#include "hub/ledger/ledger.hpp"

#include <filesystem>
#include <memory>

namespace ecert::hub {

namespace sqlite {
class disk;
}

struct sqlite_settings {
    std::filesystem::path folder;  // data folder: ledger.sqlite, content/, lock
    std::string node;              // for derived ids
    unsigned readers = 2;
    bool leases_outlive_us = false;  // workers are other processes (a broker is between): a lease
                                     // given from now on ends by its time, not with this process
    unsigned group = 32;             // verbs at most in one commit
    std::uint64_t file_threshold = 1ull << 20;  // larger content is a file in content/
    metrics* figures = nullptr;
    std::function<void(const char*)>
        reached;  // crash harness: named points ("before-commit", "after-commit",
                  // "before-content-file", "after-content-file", "before-checkpoint"), called on
                  // the ledger's threads; empty: none
    const char* vfs = nullptr;      // tests: a SQLite VFS that loses power
    sqlite::disk* files = nullptr;  // tests: its like for content files
};

// Opens or creates, migrates forward, raises the epoch. Leases of a process that ran its workers
// itself are void, decided as ambiguous, their tasks suspects; those of one whose workers live on
// (leases_outlive_us, as it was then) stay open, and nobody is suspected. Failure: locked by
// another process (names its pid), newer than this program, damaged, not writable. `time` outlives
// the ledger.
result<std::unique_ptr<ledger>> open_sqlite_ledger(sqlite_settings settings, const clock& time);

// Verifies the event chain of a closed or running ledger, read-only.
result<audit_result> audit_sqlite_ledger(const std::filesystem::path& folder);

}  // namespace ecert::hub
