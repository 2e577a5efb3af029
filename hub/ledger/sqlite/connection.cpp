#include "hub/ledger/sqlite/connection.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstring>

namespace ecert::hub::sqlite {
namespace {

// Statements built from filters are many; what would go beyond this is prepared anew each time.
constexpr std::size_t kept_statements = 256;

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

query::query(connection& home, std::string text, statement_handle prepared)
    : home_{&home}, text_{std::move(text)}, prepared_{std::move(prepared)} {}

query::~query() {
    if (!prepared_) return;
    sqlite3_reset(prepared_.get());
    sqlite3_clear_bindings(prepared_.get());
    home_->give_back(std::move(text_), std::move(prepared_));
}

void query::check(int code) {
    if (code != SQLITE_OK) throw sqlite_error{home_->raw(), text_};
}

void query::bind(int at, std::nullptr_t) { check(sqlite3_bind_null(prepared_.get(), at)); }

void query::bind(int at, std::string_view text) {
    check(sqlite3_bind_text64(prepared_.get(), at, text.data() ? text.data() : "", text.size(),
                              SQLITE_TRANSIENT, SQLITE_UTF8));
}

void query::bind(int at, blob bytes) {
    check(sqlite3_bind_blob64(prepared_.get(), at, bytes.bytes.data() ? bytes.bytes.data() : "",
                              bytes.bytes.size(), SQLITE_TRANSIENT));
}

void query::bind(int at, const uuid& id) {
    bind(at, blob{{reinterpret_cast<const char*>(id.data), sizeof id.data}});
}

void query::bind_next_large(std::string_view bytes) {
    check(sqlite3_bind_blob64(prepared_.get(), ++bound_, bytes.data() ? bytes.data() : "",
                              bytes.size(), SQLITE_STATIC));
}

bool query::step() {
    const int code = sqlite3_step(prepared_.get());
    if (code == SQLITE_ROW) return true;
    if (code == SQLITE_DONE) return false;
    throw sqlite_error{home_->raw(), text_};
}

void query::run() {
    while (step()) {
    }
}

std::string query::text(int column) const {
    const void* bytes = sqlite3_column_blob(prepared_.get(), column);
    const int size = sqlite3_column_bytes(prepared_.get(), column);
    return bytes ? std::string{static_cast<const char*>(bytes), static_cast<std::size_t>(size)}
                 : std::string{};
}

void query::column_into(int column, uuid& into) {
    const std::string bytes = text(column);
    into = uuid{};
    std::memcpy(into.data, bytes.data(), std::min(bytes.size(), sizeof into.data));
}

void query::column_into(int column, crypto::sha256& into) {
    into = crypto::sha256::from_bytes(text(column)).value_or(crypto::sha256{});
}

std::string query::explain() {
    std::string plan;
    auto q = home_->take("EXPLAIN QUERY PLAN " + text_);
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
    std::string text{sql};
    if (auto found = kept_.find(text); found != kept_.end() && found->second)
        return {*this, std::move(text), std::move(found->second)};
    sqlite3_stmt* prepared = nullptr;
    if (sqlite3_prepare_v3(raw_.get(), sql.data(), static_cast<int>(sql.size()),
                           SQLITE_PREPARE_PERSISTENT, &prepared, nullptr) != SQLITE_OK)
        throw sqlite_error{raw_.get(), sql};
    return {*this, std::move(text), statement_handle{prepared}};
}

void connection::give_back(std::string text, statement_handle prepared) noexcept {
    try {
        if (kept_.size() < kept_statements || kept_.contains(text))
            kept_[std::move(text)] = std::move(prepared);
    } catch (const std::bad_alloc&) {  // the statement is finalized instead of kept
    }
}

}  // namespace ecert::hub::sqlite
