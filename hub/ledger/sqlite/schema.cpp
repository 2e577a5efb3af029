#include "hub/ledger/sqlite/schema.hpp"

#include "hub/ledger/sqlite/tables.hpp"

#include <fmt/format.h>

#include <array>

namespace ecert::hub::sqlite {
namespace {

using step = void (*)(connection&);
constexpr std::array<step, 6> steps{make_first_tables,      give_all_work_a_life,
                                    let_partners_fetch,     make_room_for_what_is_pulled,
                                    keep_since_when_absent, let_numbers_come_again};

int version_of(connection& db) {
    auto q = db.prepare("PRAGMA user_version");
    q.step();
    return static_cast<int>(q.integer(0));
}

void take(connection& db, int version) {
    db.execute("BEGIN IMMEDIATE");
    try {
        if (version_of(db) == version - 1) {
            steps.at(static_cast<std::size_t>(version - 1))(db);
            db.execute(fmt::format("PRAGMA user_version={}", version).c_str());
        }
        db.execute("COMMIT");
    } catch (const sqlite_error&) {
        if (db.in_transaction()) db.execute("ROLLBACK");
        throw;
    }
}

}  // namespace

int schema_version() { return static_cast<int>(steps.size()); }

result<void> migrate(connection& db) {
    const int found = version_of(db);
    if (found > schema_version())
        return failure{failure_kind::conflict,
                       fmt::format("the ledger has format {}, this program knows up to {}: start "
                                   "the newer program, or restore the ledger of before the upgrade",
                                   found, schema_version())};
    if (found == 0) {  // these two can only be chosen before the first table
        db.execute("PRAGMA page_size=4096");
        db.execute("PRAGMA auto_vacuum=INCREMENTAL");
    }
    db.execute("PRAGMA journal_mode=WAL");
    db.execute("PRAGMA wal_autocheckpoint=0");
    for (int version = found + 1; version <= schema_version(); ++version) take(db, version);
    return {};
}

}  // namespace ecert::hub::sqlite
