// A machine that loses power: a SQLite VFS and a disk that remember what was written but not
// synced. When the power fails every call fails from then on; lose() then takes back a random part
// of what was not synced, as a disk's own cache would.
//
// Thread rule: any thread; lose() when nothing is open any more.
#pragma once

#include "hub/ledger/sqlite/disk.hpp"

#include <sqlite3.h>

#include <algorithm>
#include <atomic>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <map>
#include <memory>
#include <mutex>
#include <random>
#include <string>
#include <system_error>
#include <vector>

namespace ecert::hub {

class machine_without_battery {
  public:
    // One at a time: SQLite knows a VFS by its name.
    static machine_without_battery& instance() {
        static machine_without_battery only;
        return only;
    }
    const char* vfs_name() const { return "without-battery"; }
    sqlite::disk& disk() { return disk_; }

    void power_on() {
        std::lock_guard lock{guard_};
        off_ = false;
        full_ = false;
        calls_left_ = -1;
        unsynced_.clear();
        renamed_.clear();
    }
    void fail_after(long calls) { calls_left_ = calls; }
    void fill(bool full) { full_ = full; }
    bool is_off() const { return off_; }

    void lose(unsigned seed) {
        std::lock_guard lock{guard_};
        std::mt19937 dice{seed};
        for (auto& [path, writes] : unsynced_) take_back(path, writes, dice);
        for (const auto& [from, to] : renamed_)
            if (dice() % 2) std::filesystem::remove(to);
        for (auto& [path, writes] : unsynced_)
            if (path.ends_with("-wal"))
                std::filesystem::remove(path.substr(0, path.size() - 4) + "-shm");
        unsynced_.clear();
        renamed_.clear();
    }

  private:
    struct write {
        std::uint64_t offset = 0;
        std::string before, after;
        std::uint64_t size_before = 0;
        bool truncates = false;
    };

    static void put(const std::string& path, std::uint64_t offset, const std::string& bytes) {
        std::fstream file{path, std::ios::in | std::ios::out | std::ios::binary};
        file.seekp(static_cast<std::streamoff>(offset));
        file.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
    }

    static void take_back(const std::string& path, const std::vector<write>& writes,
                          std::mt19937& dice) {
        if (!std::filesystem::exists(path)) return;
        for (auto w = writes.rbegin(); w != writes.rend(); ++w) {
            if (std::filesystem::file_size(path) < w->size_before)
                std::filesystem::resize_file(path, w->size_before);
            put(path, w->offset, w->before);
            std::filesystem::resize_file(path, w->size_before);
        }
        const unsigned survive = dice() % 3;  // none, some, most
        for (const auto& w : writes) {
            if (w.truncates || dice() % 3 >= survive) continue;
            if (std::filesystem::file_size(path) < w.offset)
                std::filesystem::resize_file(path, w.offset);
            put(path, w.offset,
                w.after.substr(0, dice() % 4 ? w.after.size() : w.after.size() / 2));
        }
    }

    // False: the power is off.
    bool spend() {
        if (off_) return false;
        if (calls_left_ < 0) return true;
        if (calls_left_.fetch_sub(1) > 0) return true;
        off_ = true;
        return false;
    }

    // ---- content files --------------------------------------------------------------------
    class lossy_disk final : public sqlite::disk {
      public:
        explicit lossy_disk(machine_without_battery& machine) : machine_{machine} {}
        std::unique_ptr<file> create(const std::filesystem::path& at) override {
            machine_.demand();
            return std::make_unique<lossy_file>(machine_, at, sqlite::machine_disk().create(at));
        }
        void rename(const std::filesystem::path& from, const std::filesystem::path& to) override {
            machine_.demand();
            sqlite::machine_disk().rename(from, to);
            std::lock_guard lock{machine_.guard_};
            if (auto writes = machine_.unsynced_.extract(from.string())) {
                writes.key() = to.string();
                machine_.unsynced_.insert(std::move(writes));
            }
            machine_.renamed_.emplace_back(from.string(), to.string());
        }
        void sync_folder(const std::filesystem::path& folder) override {
            machine_.demand();
            std::lock_guard lock{machine_.guard_};
            std::erase_if(machine_.renamed_, [&](const auto& names) {
                return std::filesystem::path{names.second}.parent_path() == folder;
            });
        }

      private:
        class lossy_file final : public file {
          public:
            lossy_file(machine_without_battery& machine, std::filesystem::path at,
                       std::unique_ptr<file> real)
                : machine_{machine}, at_{std::move(at)}, real_{std::move(real)} {}
            void write(std::string_view bytes) override {
                machine_.demand();
                std::lock_guard lock{machine_.guard_};
                machine_.unsynced_[at_.string()].push_back(
                    {.offset = size_, .after = std::string{bytes}, .size_before = size_});
                real_->write(bytes);
                size_ += bytes.size();
            }
            void sync() override {
                machine_.demand();
                std::lock_guard lock{machine_.guard_};
                machine_.unsynced_.erase(at_.string());
            }

          private:
            machine_without_battery& machine_;
            std::filesystem::path at_;
            std::unique_ptr<file> real_;
            std::uint64_t size_ = 0;
        };
        machine_without_battery& machine_;
    };

    void demand() {
        if (!spend()) throw std::system_error{EIO, std::generic_category(), "no power"};
        if (full_) throw std::system_error{ENOSPC, std::generic_category(), "no room"};
    }

    // ---- the VFS --------------------------------------------------------------------------
    struct vfs_file {
        sqlite3_file base;
        bool kept;  // the ledger or its log: what is lost matters
        char path[512];
        sqlite3_file* real() { return reinterpret_cast<sqlite3_file*>(this + 1); }
    };
    static vfs_file* of(sqlite3_file* f) { return reinterpret_cast<vfs_file*>(f); }
    static sqlite3_file* real(sqlite3_file* f) { return of(f)->real(); }
    static const sqlite3_io_methods* calls(sqlite3_file* f) { return real(f)->pMethods; }

    machine_without_battery() : disk_{*this} {
        sqlite3_vfs* machine = sqlite3_vfs_find(nullptr);
        vfs_ = *machine;
        vfs_.szOsFile = static_cast<int>(sizeof(vfs_file)) + machine->szOsFile;
        vfs_.zName = vfs_name();
        vfs_.pNext = nullptr;
        vfs_.pAppData = machine;
        vfs_.xOpen = open;
        vfs_.xDelete = remove;
        sqlite3_vfs_register(&vfs_, 0);
    }

    static int open(sqlite3_vfs* vfs, const char* name, sqlite3_file* f, int flags, int* out) {
        auto* machine = static_cast<sqlite3_vfs*>(vfs->pAppData);
        f->pMethods = nullptr;
        if (instance().off_) return SQLITE_CANTOPEN;
        const int code = machine->xOpen(machine, name, of(f)->real(), flags, out);
        if (code != SQLITE_OK) return code;
        of(f)->kept = name && (flags & (SQLITE_OPEN_MAIN_DB | SQLITE_OPEN_WAL));
        std::strncpy(of(f)->path, name ? name : "", sizeof(vfs_file::path) - 1);
        of(f)->path[sizeof(vfs_file::path) - 1] = 0;
        f->pMethods = &methods;
        return SQLITE_OK;
    }
    static int remove(sqlite3_vfs* vfs, const char* name, int sync) {
        auto* machine = static_cast<sqlite3_vfs*>(vfs->pAppData);
        if (!instance().spend()) return SQLITE_IOERR_DELETE;
        std::lock_guard lock{instance().guard_};
        instance().unsynced_.erase(name);
        return machine->xDelete(machine, name, sync);
    }

    void remember(sqlite3_file* f, std::uint64_t offset, std::string after, bool truncates) {
        if (!of(f)->kept) return;
        sqlite3_int64 size = 0;
        calls(f)->xFileSize(real(f), &size);
        write w{.offset = offset,
                .after = std::move(after),
                .size_before = static_cast<std::uint64_t>(size),
                .truncates = truncates};
        const std::uint64_t upto = truncates ? w.size_before : offset + w.after.size();
        if (offset < w.size_before) {
            w.before.resize(std::min(upto, w.size_before) - offset);
            calls(f)->xRead(real(f), w.before.data(), static_cast<int>(w.before.size()),
                            static_cast<sqlite3_int64>(offset));
        }
        unsynced_[of(f)->path].push_back(std::move(w));
    }
    static int write_at(sqlite3_file* f, const void* bytes, int size, sqlite3_int64 at) {
        auto& m = instance();
        if (!m.spend()) return SQLITE_IOERR_WRITE;
        if (m.full_) return SQLITE_FULL;
        std::lock_guard lock{m.guard_};
        m.remember(f, static_cast<std::uint64_t>(at),
                   {static_cast<const char*>(bytes), static_cast<std::size_t>(size)}, false);
        return calls(f)->xWrite(real(f), bytes, size, at);
    }
    static int truncate(sqlite3_file* f, sqlite3_int64 size) {
        auto& m = instance();
        if (!m.spend()) return SQLITE_IOERR_TRUNCATE;
        std::lock_guard lock{m.guard_};
        m.remember(f, static_cast<std::uint64_t>(size), {}, true);
        return calls(f)->xTruncate(real(f), size);
    }
    static int sync(sqlite3_file* f, int) {
        auto& m = instance();
        if (!m.spend()) return SQLITE_IOERR_FSYNC;
        std::lock_guard lock{m.guard_};
        m.unsynced_.erase(of(f)->path);
        return SQLITE_OK;
    }
    static int read_at(sqlite3_file* f, void* into, int size, sqlite3_int64 at) {
        if (instance().off_) return SQLITE_IOERR_READ;
        return calls(f)->xRead(real(f), into, size, at);
    }

    static constexpr sqlite3_io_methods methods{
        .iVersion = 2,
        .xClose = [](sqlite3_file* f) { return calls(f)->xClose(real(f)); },
        .xRead = read_at,
        .xWrite = write_at,
        .xTruncate = truncate,
        .xSync = sync,
        .xFileSize = [](sqlite3_file* f,
                        sqlite3_int64* s) { return calls(f)->xFileSize(real(f), s); },
        .xLock = [](sqlite3_file* f, int how) { return calls(f)->xLock(real(f), how); },
        .xUnlock = [](sqlite3_file* f, int how) { return calls(f)->xUnlock(real(f), how); },
        .xCheckReservedLock = [](sqlite3_file* f,
                                 int* out) { return calls(f)->xCheckReservedLock(real(f), out); },
        .xFileControl = [](sqlite3_file* f, int op,
                           void* arg) { return calls(f)->xFileControl(real(f), op, arg); },
        .xSectorSize = [](sqlite3_file* f) { return calls(f)->xSectorSize(real(f)); },
        .xDeviceCharacteristics =
            [](sqlite3_file* f) { return calls(f)->xDeviceCharacteristics(real(f)); },
        .xShmMap =
            [](sqlite3_file* f, int region, int size, int extend, void volatile** out) {
                return calls(f)->xShmMap(real(f), region, size, extend, out);
            },
        .xShmLock = [](sqlite3_file* f, int at, int n,
                       int flags) { return calls(f)->xShmLock(real(f), at, n, flags); },
        .xShmBarrier = [](sqlite3_file* f) { calls(f)->xShmBarrier(real(f)); },
        .xShmUnmap = [](sqlite3_file* f, int gone) { return calls(f)->xShmUnmap(real(f), gone); },
    };

    std::mutex guard_;
    std::atomic<bool> off_{false};
    std::atomic<bool> full_{false};
    std::atomic<long> calls_left_{-1};
    std::map<std::string, std::vector<write>> unsynced_;
    std::vector<std::pair<std::string, std::string>> renamed_;
    lossy_disk disk_;
    sqlite3_vfs vfs_{};
};

}  // namespace ecert::hub
