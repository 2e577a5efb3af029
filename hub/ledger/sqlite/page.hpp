// Pages over one table, or over several merged by age: each row once, whatever is added meanwhile.
// A page begins in the part of what is unfinished (oldest first) or in the rest (newest first),
// behind the last row shown of each table.
#pragma once

#include "hub/ledger/ledger.hpp"
#include "hub/ledger/sqlite/conditions.hpp"
#include "hub/ledger/sqlite/connection.hpp"

#include <algorithm>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace ecert::hub::sqlite {

struct place {
    bool unfinished = false;
    std::vector<std::int64_t> rows;  // one of each table; 0: at its beginning
};
std::string cursor_of(const place& p);
result<place> place_of(const list_query& q, std::size_t tables);

// A table to page through: its statement up to the condition, and its columns by what is asked of
// them. `unfinished` is the condition of its partial index, literally.
struct listed {
    std::string select;  // up to and with FROM
    std::string id, agency, number, partner, arrived;
    std::string state = {}, verb = {};  // empty: it has none, and all of it fits
    std::string unfinished;
    std::string all = "1";  // where `unfinished` is not asked for
};

// The page's statement. Its eight values are the query's, then the row behind which it begins.
std::string page_statement(const listed& of, const list_query& q, bool unfinished, bool behind_row,
                           unsigned most);
query open_page(connection& db, const listed& of, const list_query& q, bool unfinished,
                std::int64_t behind, unsigned most);

constexpr unsigned most_rows = 1000;

// A row, read. Those of several tables are merged by `age`, which grows with each piece of work.
template <class View>
struct found {
    View view;
    std::int64_t row = 0, age = 0;
};
template <class View>
struct table {
    listed of;
    std::function<found<View>(query&)> read;
};

// The tables' rows of one part, in order.
template <class View>
class merged {
  public:
    merged(connection& db, const std::vector<table<View>>& tables, const list_query& q,
           const place& at, unsigned most)
        : tables_{tables}, oldest_first_{at.unfinished} {
        rows_.reserve(tables.size());
        for (std::size_t i = 0; i < tables.size(); ++i) {
            rows_.push_back(open_page(db, tables[i].of, q, at.unfinished, at.rows[i], most));
            heads_.push_back(advance(i));
        }
    }
    // The table whose row is next; nullopt: there is none.
    std::optional<std::size_t> next() const {
        std::optional<std::size_t> best;
        for (std::size_t i = 0; i < heads_.size(); ++i)
            if (heads_[i] && (!best || before(*heads_[i], *heads_[*best]))) best = i;
        return best;
    }
    found<View> take(std::size_t from) {
        auto taken = *std::move(heads_[from]);
        heads_[from] = advance(from);
        return taken;
    }

  private:
    std::optional<found<View>> advance(std::size_t i) {
        if (!rows_[i].step()) return std::nullopt;
        return tables_[i].read(rows_[i]);
    }
    bool before(const found<View>& a, const found<View>& b) const {
        return oldest_first_ ? a.age < b.age : a.age > b.age;
    }
    const std::vector<table<View>>& tables_;
    bool oldest_first_;
    std::vector<query> rows_;
    std::vector<std::optional<found<View>>> heads_;
};

// One page, over both parts if need be.
template <class View>
result<page<View>> page_of(connection& db, const std::vector<table<View>>& tables,
                           const list_query& q) {
    auto at = place_of(q, tables.size());
    if (!at) return at.error();
    const unsigned most = std::clamp(q.most, 1u, most_rows);
    page<View> p;
    for (;;) {
        const auto room = most - static_cast<unsigned>(p.rows.size());
        merged<View> rows{db, tables, q, *at, room + 1};
        while (const auto from = rows.next()) {
            if (p.rows.size() == most) {
                p.next = cursor_of(*at);
                return p;
            }
            auto taken = rows.take(*from);
            at->rows[*from] = taken.row;
            p.rows.push_back(std::move(taken.view));
        }
        if (!at->unfinished) return p;
        at = place{.rows = std::vector<std::int64_t>(tables.size())};
    }
}

}  // namespace ecert::hub::sqlite
