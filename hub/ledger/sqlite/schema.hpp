// The tables, and how an older ledger becomes a newer one. format.md describes every table and
// column: keep both together.
#pragma once

#include "config/result.hpp"
#include "hub/ledger/sqlite/connection.hpp"

namespace ecert::hub::sqlite {

// Creates the tables in an empty file, or migrates forward, each step in a transaction of its own
// (a step cut short by a crash begins again at the next open). conflict: the ledger is newer than
// this program.
result<void> migrate(connection& db);

// The newest version this program knows.
int schema_version();

}  // namespace ecert::hub::sqlite
