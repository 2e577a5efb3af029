#include "hub/ledger/sqlite/page.hpp"

#include <fmt/format.h>

#include <charconv>

namespace ecert::hub::sqlite {
namespace {

std::optional<std::int64_t> hex_number(std::string_view text) {
    std::int64_t number = 0;
    const char* end = text.data() + text.size();
    const auto read = std::from_chars(text.data(), end, number, 16);
    if (read.ec != std::errc{} || read.ptr != end || number < 0) return std::nullopt;
    return number;
}

std::optional<std::vector<std::int64_t>> hex_numbers(std::string_view text) {
    std::vector<std::int64_t> numbers;
    for (;;) {
        const auto dot = text.find('.');
        const auto one = hex_number(text.substr(0, dot));
        if (!one) return std::nullopt;
        numbers.push_back(*one);
        if (dot == text.npos) return numbers;
        text.remove_prefix(dot + 1);
    }
}

// Such work is always unfinished: the partial index finds the few among millions.
bool never_ended(state s) {
    return s != state::delivered && s != state::acknowledged && s != state::rejected &&
           s != state::cancelled;
}

}  // namespace

std::string cursor_of(const place& p) {
    std::string text;
    for (const auto row : p.rows)
        text += fmt::format("{}{:x}", text.empty() ? (p.unfinished ? "u" : "n") : ".", row);
    return text;
}

result<place> place_of(const list_query& q, std::size_t tables) {
    if (q.cursor.empty()) return place{q.unfinished_first, std::vector<std::int64_t>(tables)};
    const bool unfinished = q.cursor[0] == 'u';
    const bool known = q.cursor[0] == 'n' || (unfinished && q.unfinished_first);
    const auto rows = hex_numbers(std::string_view{q.cursor}.substr(1));
    if (!known || !rows || rows->size() != tables)
        return failure{failure_kind::invalid,
                       "the cursor is not one that a page of this list gave: begin without one"};
    return place{unfinished, *rows};
}

std::string page_statement(const listed& of, const list_query& q, bool unfinished, bool behind_row,
                           unsigned most) {
    std::string where = "?8 IS NOT NULL";  // so that the eight are always there to bind
    const auto add = [&](bool wanted, const std::string& column, std::string_view is) {
        if (wanted && !column.empty()) where += fmt::format(" AND {}{}", column, is);
    };
    add(!q.agency.empty(), of.agency, " = ?1");
    add(!q.number.empty(), of.number, " = ?2");
    add(!q.partner.empty(), of.partner, " = ?3");
    add(q.state.has_value(), of.state, " = ?4");
    add(q.from.has_value(), of.arrived, " >= ?5");
    add(q.until.has_value(), of.arrived, " < ?6");
    add(q.verb.has_value(), of.verb, " = ?7");
    const bool by_state = q.state && !of.state.empty() && never_ended(*q.state);
    add(true, unfinished || by_state ? of.unfinished : of.all, "");
    if (!unfinished && q.unfinished_first) where += fmt::format(" AND NOT ({})", of.unfinished);
    add(behind_row, of.id, unfinished ? " > ?8" : " < ?8");
    return sql(of.select, " WHERE ", where, " ORDER BY ", of.id, unfinished ? " ASC" : " DESC",
               " LIMIT ", std::to_string(most));
}

query open_page(connection& db, const listed& of, const list_query& q, bool unfinished,
                std::int64_t behind, unsigned most) {
    auto rows = db.prepare(page_statement(of, q, unfinished, behind > 0, most));
    rows.with(q.agency, q.number, q.partner, q.state.value_or(state{}),
              q.from.value_or(time_point{}), q.until.value_or(time_point{}),
              q.verb.value_or(queue::verb{}), behind);
    return rows;
}

}  // namespace ecert::hub::sqlite
