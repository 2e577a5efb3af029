#include "hub/ledger/sqlite/connection.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstring>

namespace ecert::hub::sqlite {
namespace {

// Statements built from filters are many; what would go beyond this is prepared anew each time.
constexpr std::size_t kept_statements = 256;
constexpr std::size_t kept_places = 1024;

// Before SQLite is used at all (else it refuses, and nothing is lost but time): no counting of
// every allocation under a lock, which all threads share; and what a savepoint keeps stays in
// memory up to this size, if `temp_store` says file. In memory alone it is kept in pieces of 1 KB.
constexpr int savepoint_bytes = 8 << 20;
const bool configured = sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0) == SQLITE_OK &&
                        sqlite3_config(SQLITE_CONFIG_STMTJRNL_SPILL, savepoint_bytes) == SQLITE_OK;

std::string described(sqlite3* of, std::string_view doing) {
    if (!of) return fmt::format("{}: out of memory", doing);
    return fmt::format("{}: {} (SQLite {})", doing, sqlite3_errmsg(of),
                       sqlite3_extended_errcode(of));
}

// What every connection must say to itself; the journal mode is the file's own.
constexpr const char* manners =
    "PRAGMA foreign_keys=ON;"
    "PRAGMA synchronous=FULL;"
    "PRAGMA secure_delete=OFF;"
    "PRAGMA temp_store=MEMORY;";

}  // namespace

sqlite_error::sqlite_error(sqlite3* of, std::string_view doing)
    : std::runtime_error{described(of, doing)},
      code_{of ? sqlite3_errcode(of) & 0xff : SQLITE_NOMEM} {}

query::~query() {
    if (!of_) return;
    sqlite3_reset(raw());
    sqlite3_clear_bindings(raw());
    of_->in_use = false;
}

void query::check(int code) {
    if (code != SQLITE_OK) throw sqlite_error{home_->raw(), of_->text};
}

void query::bind(int at, std::nullptr_t) { check(sqlite3_bind_null(raw(), at)); }

void query::bind(int at, std::string_view text) {
    check(sqlite3_bind_text64(raw(), at, text.data() ? text.data() : "", text.size(),
                              borrows_ ? SQLITE_STATIC : SQLITE_TRANSIENT, SQLITE_UTF8));
}

void query::bind(int at, blob bytes) {
    check(sqlite3_bind_blob64(raw(), at, bytes.bytes.data() ? bytes.bytes.data() : "",
                              bytes.bytes.size(), borrows_ ? SQLITE_STATIC : SQLITE_TRANSIENT));
}

void query::bind(int at, const uuid& id) {
    bind(at, blob{{reinterpret_cast<const char*>(id.data), sizeof id.data}});
}

bool query::step() {
    const int code = sqlite3_step(raw());
    if (code == SQLITE_ROW) return true;
    if (code == SQLITE_DONE) return false;
    throw sqlite_error{home_->raw(), of_->text};
}

void query::run() {
    while (step()) {
    }
}

std::string_view query::bytes(int column) const {
    const void* start = sqlite3_column_blob(raw(), column);
    const int size = sqlite3_column_bytes(raw(), column);
    if (!start) return {};
    return {static_cast<const char*>(start), static_cast<std::size_t>(size)};
}

std::string query::text(int column) const { return std::string{bytes(column)}; }

void query::column_into(int column, uuid& into) {
    const auto stored = bytes(column);
    into = uuid{};
    std::memcpy(into.data, stored.data(), std::min(stored.size(), sizeof into.data));
}

void query::column_into(int column, crypto::sha256& into) {
    into = crypto::sha256::from_bytes(bytes(column)).value_or(crypto::sha256{});
}

std::string query::explain() {
    std::string plan;
    auto q = home_->take("EXPLAIN QUERY PLAN " + of_->text);
    while (q.step()) plan += q.text(3) + "\n";
    return plan;
}

connection::connection(const std::filesystem::path& file, access how, const char* vfs) {
    const int flags = how == access::read_only ? SQLITE_OPEN_READONLY
                                               : SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE;
    sqlite3* opened = nullptr;
    const int code = sqlite3_open_v2(file.c_str(), &opened, flags | SQLITE_OPEN_NOMUTEX, vfs);
    raw_.reset(opened);
    if (code != SQLITE_OK) throw sqlite_error{opened, "opening " + file.string()};
    sqlite3_busy_timeout(opened, 5000);
    execute(manners);
}

void connection::execute(const char* script) {
    if (sqlite3_exec(raw_.get(), script, nullptr, nullptr, nullptr) != SQLITE_OK)
        throw sqlite_error{raw_.get(), script};
}

query connection::take(std::string_view sql) {
    prepared_statement* found = find(sql);
    if (found && found->raw && !found->in_use) return {*this, *found};
    sqlite3_stmt* prepared = nullptr;
    if (sqlite3_prepare_v3(raw_.get(), sql.data(), static_cast<int>(sql.size()),
                           SQLITE_PREPARE_PERSISTENT, &prepared, nullptr) != SQLITE_OK)
        throw sqlite_error{raw_.get(), sql};
    statement_handle made{prepared};
    if (!found || found->raw)
        return {*this, std::make_unique<prepared_statement>(
                           prepared_statement{std::string{sql}, std::move(made)})};
    found->raw = std::move(made);
    return {*this, *found};
}

// Where a statement is kept, prepared or not yet; null: too many are.
prepared_statement* connection::find(std::string_view sql) {
    if (const auto place = by_place_.find(sql.data());
        place != by_place_.end() && place->second->text == sql)
        return place->second;
    auto found = kept_.find(sql);
    if (found == kept_.end()) {
        if (kept_.size() >= kept_statements) return nullptr;
        auto fresh = std::make_unique<prepared_statement>();
        fresh->text = sql;
        const std::string_view key = fresh->text;
        found = kept_.emplace(key, std::move(fresh)).first;
    }
    if (by_place_.size() < kept_places) by_place_.insert_or_assign(sql.data(), found->second.get());
    return found->second.get();
}

void savepoints_in_one_piece(connection& db) {
    if (configured) db.execute("PRAGMA temp_store=FILE");
}

}  // namespace ecert::hub::sqlite
