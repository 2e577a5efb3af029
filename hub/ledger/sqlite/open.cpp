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

std::int64_t start_epoch(connection& db, transaction& world, const clock& time) {
    db.run("BEGIN IMMEDIATE");
    const std::int64_t epoch = begin_epoch(world, time.now());
    db.run("COMMIT");
    return epoch;
}

result<std::unique_ptr<ledger>> open_unlocked(const sqlite_settings& s, const clock& time,
                                              folder_lock lock) {
    const auto file = s.folder / file_name;
    auto db = std::make_unique<connection>(file, access::read_write, s.vfs);
    if (auto ready = migrate(*db); !ready) return ready.error();
    if (auto named = settle_name(*db, s.node); !named) return named.error();
    content_files files{s.folder / content_name, s.file_threshold,
                        s.files ? *s.files : machine_disk(), s.reached};
    files.sweep(*db);
    event_log events{*db};
    transaction world{
        .db = *db, .events = events, .node = s.node, .reached = s.reached, .figures = s.figures};
    world.epoch = start_epoch(*db, world, time);
    return std::unique_ptr<ledger>{std::make_unique<sqlite_ledger>(
        ledger_parts{std::move(lock), std::move(files), std::move(db), world, file}, s)};
}

failure cannot_open(const std::filesystem::path& folder, const char* why) {
    return {failure_kind::unavailable,
            fmt::format("the ledger in {} cannot be opened: {}", folder.string(), why)};
}

}  // namespace

result<std::unique_ptr<ledger>> open_sqlite_ledger(sqlite_settings settings, const clock& time) {
    try {
        std::filesystem::create_directories(settings.folder / content_name);
        auto lock = folder_lock::take(settings.folder);
        if (!lock) return lock.error();
        return open_unlocked(settings, time, *std::move(lock));
    } catch (const sqlite_error& e) {
        return cannot_open(settings.folder, e.what());
    } catch (const std::filesystem::filesystem_error& e) {
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
