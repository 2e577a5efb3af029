#include "hub/ledger/sqlite/inbound.hpp"
#include "hub/ledger/sqlite/views.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <functional>

namespace ecert::hub::sqlite {
namespace {

constexpr unsigned most_rows = 1000;

// Where a page begins: in the part of what is unfinished (oldest first) or in the rest (newest
// first), behind a row.
struct place {
    bool unfinished = false;
    std::int64_t row = 0;  // 0: at its beginning
};

std::string cursor_of(const place& p) {
    return fmt::format("{}{:x}", p.unfinished ? 'u' : 'n', p.row);
}

result<place> place_of(const list_query& q) {
    place p{.unfinished = q.unfinished_first};
    if (q.cursor.empty()) return p;
    const char* end = q.cursor.data() + q.cursor.size();
    const auto read = std::from_chars(q.cursor.data() + 1, end, p.row, 16);
    p.unfinished = q.cursor[0] == 'u';
    const bool known = q.cursor[0] == 'n' || (p.unfinished && q.unfinished_first);
    if (!known || read.ec != std::errc{} || read.ptr != end || p.row < 0)
        return failure{failure_kind::invalid,
                       "the cursor is not one that a page of this list gave: begin without one"};
    return p;
}

// A table to page through, named by its prefix in the statement.
struct listed {
    std::string select;      // up to and with FROM
    char prefix;             // of its columns
    const char* arrived;     // the column of its time
    std::string unfinished;  // condition, as its partial index has it
};

// Such a delivery is always unfinished: the partial index finds the few among millions.
bool never_ended(state s) {
    return s != state::delivered && s != state::acknowledged && s != state::rejected &&
           s != state::cancelled;
}

std::string condition(const listed& of, const list_query& q, const place& p, bool by_agency) {
    std::string where = "?7 IS NOT NULL";  // so that the seven are always there to bind
    const auto add = [&](bool wanted, std::string_view text) {
        if (wanted) where += fmt::format(" AND {}.{}", of.prefix, text);
    };
    add(by_agency, "agency = ?1");
    add(!q.number.empty(), "number = ?2");
    add(!q.partner.empty(), "partner = ?3");
    add(q.state.has_value(), "state = ?4");
    add(q.state && never_ended(*q.state) && !p.unfinished, where::delivery_unfinished);
    add(q.from.has_value(), fmt::format("{} >= ?5", of.arrived));
    add(q.until.has_value(), fmt::format("{} < ?6", of.arrived));
    if (p.unfinished)
        add(true, of.unfinished);
    else if (q.unfinished_first)
        where += fmt::format(" AND NOT ({}.{})", of.prefix, of.unfinished);
    add(p.row > 0, p.unfinished ? "id > ?7" : "id < ?7");
    return where;
}

using take_row = std::function<std::int64_t(query&)>;  // reads it, keeps it, gives its id

// One page, over both parts if need be. Gives the cursor of the next.
std::string page_of(connection& db, const listed& of, const list_query& q, place at, bool by_agency,
                    const take_row& take) {
    const unsigned most = std::clamp(q.most, 1u, most_rows);
    unsigned taken = 0;
    for (;;) {
        auto rows = db.prepare(sql(of.select, " WHERE ", condition(of, q, at, by_agency),
                                   fmt::format(" ORDER BY {}.id {} LIMIT {}", of.prefix,
                                               at.unfinished ? "ASC" : "DESC", most - taken + 1)));
        rows.with(q.agency, q.number, q.partner, q.state.value_or(state{}),
                  q.from.value_or(time_point{}), q.until.value_or(time_point{}), at.row);
        while (rows.step()) {
            if (taken == most) return cursor_of(at);
            at.row = take(rows);
            ++taken;
        }
        if (!at.unfinished) return {};
        at = {};
    }
}

listed deliveries() {
    static const std::string select =
        sql("SELECT ", delivery_columns, ", ", work_columns,
            " FROM delivery d CROSS JOIN work w ON w.delivery = d.id");
    return {select, 'd', "accepted", std::string{where::delivery_unfinished}};
}

template <class View>
result<page<View>> deliveries_as(connection& db, const list_query& q,
                                 View (*view)(const delivery_row&, const work_row&)) {
    const auto from = place_of(q);
    if (!from) return from.error();
    page<View> p;
    const auto take = [&](query& rows) {
        delivery_row d;
        work_row w;
        read_both(rows, d, w);
        p.rows.push_back(view(d, w));
        return d.id;
    };
    p.next = page_of(db, deliveries(), q, *from, !q.agency.empty(), take);
    return p;
}

}  // namespace

result<page<certificate_view>> list(connection& db, const list_query& q) {
    return deliveries_as<certificate_view>(
        db, q, [](const delivery_row& d, const work_row&) { return view_of(d); });
}

result<page<custody_view>> custody(connection& db, const list_query& q) {
    return deliveries_as<custody_view>(db, q, custody_view_of);
}

result<page<inbound_view>> inbox(connection& db, const list_query& q, bool read_all) {
    list_query asked = q;
    asked.state.reset();
    const auto from = place_of(asked);
    if (!from) return from.error();
    static const std::string select = sql("SELECT ", inbound_columns, " FROM inbound i");
    const listed of{select, 'i', "arrived", std::string{where::inbound_unanswered}};
    page<inbound_view> p;
    const auto take = [&](query& rows) {
        inbound_row i;
        read_inbound(rows, i);
        p.rows.push_back(view_of(i));
        return i.id;
    };
    p.next = page_of(db, of, asked, *from, !read_all && !q.agency.empty(), take);
    return p;
}

}  // namespace ecert::hub::sqlite
