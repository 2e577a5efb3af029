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
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <type_traits>
#include <unordered_map>

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

// A running statement. Columns are read by position, or in a row with read(a, b, c).
class query {
  public:
    query(connection& home, std::string text, statement_handle prepared);
    ~query();
    query(query&&) noexcept = default;
    query& operator=(query&&) = delete;

    template <class... Values>
    query& with(const Values&... values) {
        (bind(++bound_, values), ...);
        return *this;
    }
    bool step();  // true: a row is there
    void run();   // to its end

    template <class... Values>
    void read(Values&... into) {
        int column = 0;
        (column_into(column++, into), ...);
    }
    std::int64_t integer(int column) const { return sqlite3_column_int64(prepared_.get(), column); }
    std::string text(int column) const;
    bool is_null(int column) const {
        return sqlite3_column_type(prepared_.get(), column) == SQLITE_NULL;
    }
    void bind_next_large(std::string_view bytes);  // must stay until the query dies: not copied
    std::string explain();                         // its query plan: for tests

  private:
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
        check(sqlite3_bind_int64(prepared_.get(), at, static_cast<std::int64_t>(value)));
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
    std::string text_;
    statement_handle prepared_;
    int bound_ = 0;
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
        prepare(sql, values...).run();
    }
    void execute(const char* script);  // several statements, no values
    std::int64_t last_row() const { return sqlite3_last_insert_rowid(raw_.get()); }
    std::int64_t changes() const { return sqlite3_changes64(raw_.get()); }
    bool in_transaction() const { return sqlite3_get_autocommit(raw_.get()) == 0; }
    sqlite3* raw() const { return raw_.get(); }

  private:
    friend class query;
    query take(std::string_view sql);
    void give_back(std::string text, statement_handle prepared) noexcept;

    connection_handle raw_;
    std::unordered_map<std::string, statement_handle> kept_;
};

}  // namespace ecert::hub::sqlite
