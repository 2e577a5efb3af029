#include "hub/ledger/sqlite/open.hpp"

#include "hub/ledger/sqlite/recovery.hpp"
#include "hub/ledger/sqlite/schema.hpp"
#include "hub/ledger/sqlite/sqlite_ledger.hpp"

#include <fmt/format.h>

#include <system_error>

namespace ecert::hub {
namespace {

using namespace sqlite;

constexpr const char* file_name = "ledger.sqlite";
constexpr const char* content_name = "content";

// A ledger is one node's: ids derived under another name would be other ids.
result<void> settle_name(connection& db, const std::string& node) {
    db.run("INSERT INTO meta(key, value) VALUES('node', ?) ON CONFLICT DO NOTHING", node);
    auto q = db.prepare("SELECT value FROM meta WHERE key = 'node'");
    q.step();
    if (q.text(0) == node) return {};
    return failure{failure_kind::conflict,
                   fmt::format("this ledger belongs to the node {}, not {}: set the name back, or "
                               "give this node a data folder of its own",
                               q.text(0), node)};
}

std::int64_t start_epoch(connection& db, const circumstances& in, const clock& time,
                         bool leases_outlive_us) {
    event_log events{db};
    counters counted;
    transaction first{db, events, in, counted};
    db.run("BEGIN IMMEDIATE");
    const std::int64_t epoch = begin_epoch(first, time.now(), leases_outlive_us);
    counted.keep();
    counted.store(db);
    db.run("COMMIT");
    return epoch;
}

// Certificates are nobody's business but the node's; and the folder's own name must survive a power
// loss, too.
void make_folder(const std::filesystem::path& folder, disk& calls) {
    using std::filesystem::perms;
    if (!std::filesystem::create_directories(folder / content_name)) return;
    std::filesystem::permissions(folder, perms::owner_all | perms::group_read | perms::group_exec);
    calls.sync_folder(folder);
    calls.sync_folder(std::filesystem::absolute(folder).parent_path());
}

result<std::unique_ptr<ledger>> open_locked(const sqlite_settings& s, disk& calls,
                                            const clock& time, folder_lock lock) {
    const auto file = s.folder / file_name;
    auto db = std::make_unique<connection>(file, access::read_write, s.vfs);
    if (auto ready = migrate(*db); !ready) return ready.error();
    if (auto named = settle_name(*db, s.node); !named) return named.error();
    content_files files{s.folder / content_name, s.file_threshold, calls, s.reached};
    files.sweep(*db);
    circumstances in{.node = s.node, .reached = s.reached, .figures = s.figures};
    in.epoch = start_epoch(*db, in, time, s.leases_outlive_us);
    ledger_parts parts{std::move(lock), std::move(files), std::move(db), std::move(in), file, time};
    return std::unique_ptr<ledger>{std::make_unique<sqlite_ledger>(std::move(parts), s)};
}

failure cannot_open(const std::filesystem::path& folder, const char* why) {
    return {failure_kind::unavailable,
            fmt::format("the ledger in {} cannot be opened: {}", folder.string(), why)};
}

}  // namespace

result<std::unique_ptr<ledger>> open_sqlite_ledger(sqlite_settings settings, const clock& time) {
    try {
        disk& calls = settings.files ? *settings.files : machine_disk();
        make_folder(settings.folder, calls);
        auto lock = folder_lock::take(settings.folder);
        if (!lock) return lock.error();
        return open_locked(settings, calls, time, *std::move(lock));
    } catch (const sqlite_error& e) {
        return cannot_open(settings.folder, e.what());
    } catch (const std::system_error& e) {
        return cannot_open(settings.folder, e.what());
    }
}

result<audit_result> audit_sqlite_ledger(const std::filesystem::path& folder) {
    constexpr unsigned at_once = 20'000;
    try {
        connection db{folder / file_name, access::read_only};
        audit_result so_far;
        audit_position at;
        while (audit_some(db, at, at_once, so_far)) {
        }
        return so_far;
    } catch (const sqlite_error& e) {
        return cannot_open(folder, e.what());
    }
}

}  // namespace ecert::hub
