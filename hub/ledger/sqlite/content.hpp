// The content store: certificates and translations by digest. Up to the threshold they are rows of
// the ledger's own file, written in the transaction that names them; above it files in content/,
// durable (file and folders synced, read back and compared) before that transaction. A file that no
// row names is an orphan of a crash: harmless, swept at the next open. Whatever has a row stays,
// whoever put it there. A file that turns out to be damaged is set aside as <digest>.damaged[-n],
// never removed.
#pragma once

#include "config/result.hpp"
#include "crypto/source.hpp"
#include "hub/ledger/sqlite/disk.hpp"
#include "hub/ledger/sqlite/transaction.hpp"

#include <filesystem>
#include <string>

namespace ecert::hub::sqlite {

// Content that is ready for the transaction: in memory, or durable as a file.
struct ready_content {
    crypto::source_ptr of;
    std::shared_ptr<const std::string> bytes;  // null: in of->in_memory(), or a file
    bool is_file = false;
};

class content_files {
  public:
    content_files(std::filesystem::path folder, std::uint64_t threshold, disk& calls,
                  std::function<void(const char*)> reached);

    bool needs_preparing(const crypto::source& of) const;
    // Blocks on the disk: never on an I/O loop or on the writer. unavailable: no room; invalid: the
    // bytes do not have the digest they claim.
    result<ready_content> prepare(crypto::source_ptr of);

    // Called where prepare() runs, with a text for people, when a damaged file was set aside.
    void when_damaged(std::function<void(std::string)> tell) { when_damaged_ = std::move(tell); }

    std::filesystem::path path_of(const crypto::sha256& digest) const;
    unsigned sweep(connection& db);  // removes orphans and what was never finished; at open only

  private:
    void set_aside(const std::filesystem::path& file);
    bool write_durably(const crypto::source& of, const std::filesystem::path& to);

    std::filesystem::path folder_;
    std::uint64_t threshold_;
    disk& calls_;
    std::function<void(const char*)> reached_;
    std::function<void(std::string)> when_damaged_;
};

// Inside the transaction: a row for it, once a digest.
void keep(transaction& t, const ready_content& what);
void keep(transaction& t, const crypto::sha256& digest, std::string_view bytes);
bool has_content(connection& db, const crypto::sha256& digest);

// With the bytes when they are in the ledger and at most `most`; `file` tells that they are in a
// file.
struct stored_content {
    std::uint64_t size = 0;
    std::optional<std::string> bytes;
    bool file = false;
};
std::optional<stored_content> load_content(connection& db, const crypto::sha256& digest,
                                           std::uint64_t most);

}  // namespace ecert::hub::sqlite
