#include "hub/ecertctl/work.hpp"

#include "hub/ecertctl/ask.hpp"
#include "hub/ecertctl/columns.hpp"
#include "hub/ecertctl/custody_card.hpp"
#include "hub/ecertctl/json_fields.hpp"
#include "hub/ecertctl/relative_time.hpp"

#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

#include <fmt/format.h>
#include <fmt/ostream.h>

namespace ecert::ctl {
namespace {

constexpr auto path = "/v1/work";

bool is_uuid(std::string_view text) {
    return text.size() == 36 && text.find_first_not_of("0123456789abcdefABCDEF-") == text.npos;
}

// In a word: what a partner is owed.
std::string kind_of(const boost::json::value& row) {
    const std::string verb = text_of(row, "verb");
    if (verb == "deliver") return "certificate";
    return verb == "respond" ? "answer" : verb;
}

void print_table(session& s, const boost::json::array& rows) {
    const time_point now = s.time.now();
    columns table{{"STATE", "OWED", "PARTNER", "NUMBER", "TYPE/STATUS", "HOLDER", "SINCE",
                   "NEXT TRY", "ID", "WHO MUST ACT"}};
    for (const auto& row : rows) {
        table.add({text_of(row, "state"), kind_of(row), text_of(row, "partner"),
                   text_of(row, "number"), text_of(row, "type") + '/' + text_of(row, "status"),
                   text_of(row, "holder"), relative(text_of(row, "since"), now),
                   relative(text_of(row, "next_try"), now), text_of(row, "id"),
                   text_of(row, "who_must_act")});
    }
    table.print(s.out);
}

exit_code show_by_number(session& s, const std::string& number) {
    const answer found = get(s, with_query(path, {{"number", number}, {"limit", "1000"}}));
    if (!found.value) return found.ended;
    if (s.json) s.out << found.text << '\n';
    const auto& rows = rows_of(*found.value);
    if (rows.empty()) {
        fmt::print(s.err, "ecertctl: nothing is owed about a certificate with this number\n");
        return exit_code::refused;
    }
    if (s.json) return exit_code::ok;
    if (rows.size() > 1) {
        print_table(s, rows);
    } else {
        print_card(s, rows.front());
    }
    return exit_code::ok;
}

}  // namespace

exit_code show_work(session& s, const std::string& id_or_number) {
    if (!is_uuid(id_or_number)) return show_by_number(s, id_or_number);
    const answer found = get(s, std::string{path} + '/' + escaped(id_or_number));
    if (!found.value) return found.ended;
    if (s.json) {
        s.out << found.text << '\n';
    } else {
        print_card(s, *found.value);
    }
    return exit_code::ok;
}

exit_code show_events(session& s, const std::string& id) {
    const answer found = get(s, std::string{path} + '/' + escaped(id));
    if (!found.value) return found.ended;
    if (s.json) {
        s.out << found.text << '\n';
        return exit_code::ok;
    }
    columns table{{"AT", "EVENT", "BY", "DETAIL"}};
    for (const auto& e : rows_of(*found.value, "events"))
        table.add(
            {text_of(e, "at"), text_of(e, "kind"), text_of(e, "actor"), text_of(e, "detail")});
    table.print(s.out);
    return exit_code::ok;
}

exit_code list_work(session& s, const list_wish& wish) {
    query asked{
        {"state", wish.state},   {"verb", wish.verb},    {"partner", wish.partner},
        {"number", wish.number}, {"unfinished", "true"}, {"limit", wish.all ? "1000" : "100"},
        {"cursor", ""}};
    boost::json::array rows;
    std::string next;
    do {
        asked.back().second = next;
        const answer found = get(s, with_query(path, asked));
        if (!found.value) return found.ended;
        if (s.json && !wish.all) {
            s.out << found.text << '\n';
            return exit_code::ok;
        }
        const auto& page = rows_of(*found.value);
        rows.insert(rows.end(), page.begin(), page.end());
        next = text_of(*found.value, "next");
    } while (wish.all && !next.empty());

    if (s.json) {
        s.out << boost::json::serialize(boost::json::object{{"rows", rows}, {"next", ""}}) << '\n';
        return exit_code::ok;
    }
    print_table(s, rows);
    if (!next.empty()) fmt::print(s.err, "There are more: --all shows them.\n");
    return exit_code::ok;
}

}  // namespace ecert::ctl
