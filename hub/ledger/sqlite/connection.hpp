// One SQLite connection, its prepared statements, and the binding of our types to its columns.
//
// Thread rule: one thread at a time. Errors: throws sqlite_error with SQLite's own words.
// Statements are prepared once and kept; a query gives its statement back when it dies. Times are
// milliseconds since 1970, ids and digests are blobs, enums their integer value.
#pragma once

#include "config/clock.hpp"
#include "crypto/digest.hpp"
#include "crypto/handle.hpp"

#include <boost/uuid/uuid.hpp>

#include <sqlite3.h>

#include <concepts>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <type_traits>
#include <unordered_map>
#include <utility>

namespace ecert::hub::sqlite {

using boost::uuids::uuid;

class sqlite_error : public std::runtime_error {
  public:
    sqlite_error(sqlite3* of, std::string_view doing);
    int code() const { return code_; }  // primary result code
    bool is_full() const { return code_ == SQLITE_FULL; }
    // The verb is to blame, not the disk or the file.
    bool is_constraint() const { return code_ == SQLITE_CONSTRAINT; }

  private:
    int code_;
};

using connection_handle = crypto::handle<sqlite3, sqlite3_close_v2>;
using statement_handle = crypto::handle<sqlite3_stmt, sqlite3_finalize>;

class connection;

struct blob {
    std::string_view bytes;
};

struct prepared_statement {
    std::string text;
    statement_handle raw;
    bool in_use = false;  // by a query
};

// A running statement. Columns are read by position, or in a row with read(a, b, c).
class query {
  public:
    query(connection& home, prepared_statement& of) : home_{&home}, of_{&of} { of.in_use = true; }
    query(connection& home, std::unique_ptr<prepared_statement> for_once)
        : home_{&home}, own_{std::move(for_once)}, of_{own_.get()} {}
    ~query();
    query(query&& from) noexcept
        : home_{from.home_},
          own_{std::move(from.own_)},
          of_{std::exchange(from.of_, nullptr)},
          bound_{from.bound_},
          borrows_{from.borrows_} {}
    query& operator=(query&&) = delete;

    template <class... Values>
    query& with(const Values&... values) {
        (bind(++bound_, values), ...);
        return *this;
    }
    // The same, without copying texts and blobs: what is given must stay until the query dies.
    template <class... Values>
    query& borrowing(const Values&... values) {
        borrows_ = true;
        return with(values...);
    }
    bool step();  // true: a row is there
    void run();   // to its end

    template <class... Values>
    void read(Values&... into) {
        int column = 0;
        (column_into(column++, into), ...);
    }
    std::int64_t integer(int column) const { return sqlite3_column_int64(raw(), column); }
    std::string text(int column) const;
    bool is_null(int column) const { return sqlite3_column_type(raw(), column) == SQLITE_NULL; }
    std::string explain();  // its query plan: for tests

  private:
    sqlite3_stmt* raw() const { return of_->raw.get(); }
    std::string_view bytes(int column) const;  // until the next step
    void check(int code);
    void bind(int at, std::nullptr_t);
    void bind(int at, std::string_view text);
    void bind(int at, blob bytes);
    void bind(int at, const std::string& text) { bind(at, std::string_view{text}); }
    void bind(int at, const char* text) { bind(at, std::string_view{text}); }
    void bind(int at, const uuid& id);
    void bind(int at, const crypto::sha256& digest) { bind(at, blob{digest.view()}); }
    void bind(int at, time_point when) { bind(at, when.time_since_epoch().count()); }
    template <std::integral Integer>
    void bind(int at, Integer value) {
        check(sqlite3_bind_int64(raw(), at, static_cast<std::int64_t>(value)));
    }
    template <class Enum>
        requires std::is_enum_v<Enum>
    void bind(int at, Enum value) {
        bind(at, static_cast<std::int64_t>(value));
    }
    template <class Value>
    void bind(int at, const std::optional<Value>& value) {
        value ? bind(at, *value) : bind(at, nullptr);
    }

    void column_into(int column, std::string& into) { into = text(column); }
    void column_into(int column, uuid& into);
    void column_into(int column, crypto::sha256& into);
    void column_into(int column, time_point& into) { into = time_point{duration{integer(column)}}; }
    template <std::integral Integer>
    void column_into(int column, Integer& into) {
        into = static_cast<Integer>(integer(column));
    }
    template <class Enum>
        requires std::is_enum_v<Enum>
    void column_into(int column, Enum& into) {
        into = static_cast<Enum>(integer(column));
    }
    template <class Value>
    void column_into(int column, std::optional<Value>& into) {
        into.reset();
        if (!is_null(column)) column_into(column, into.emplace());
    }

    connection* home_;
    std::unique_ptr<prepared_statement> own_;  // when the connection keeps none for it
    prepared_statement* of_;
    int bound_ = 0;
    bool borrows_ = false;
};

enum class access { read_write, read_only };

class connection {
  public:
    // vfs: nullptr for the machine's own; tests name one that loses power.
    connection(const std::filesystem::path& file, access how, const char* vfs = nullptr);

    // Prepared once and kept; `sql` is the key.
    template <class... Values>
    query prepare(std::string_view sql, const Values&... values) {
        query q = take(sql);
        q.with(values...);
        return q;
    }
    template <class... Values>
    void run(std::string_view sql, const Values&... values) {
        take(sql).borrowing(values...).run();
    }
    void execute(const char* script);  // several statements, no values
    std::int64_t last_row() const { return sqlite3_last_insert_rowid(raw_.get()); }
    std::int64_t changes() const { return sqlite3_changes64(raw_.get()); }
    bool in_transaction() const { return sqlite3_get_autocommit(raw_.get()) == 0; }
    sqlite3* raw() const { return raw_.get(); }

  private:
    friend class query;
    query take(std::string_view sql);
    prepared_statement* find(std::string_view sql);

    connection_handle raw_;
    std::unordered_map<std::string_view, std::unique_ptr<prepared_statement>> kept_;
    // Most texts are constants: found by where they stand, and compared.
    std::unordered_map<const char*, prepared_statement*> by_place_;
};

// For a connection that writes: what a savepoint must be able to take back is held in one piece of
// memory, not in a thousand.
void savepoints_in_one_piece(connection& db);

}  // namespace ecert::hub::sqlite
