#include "hub/ecertctl/workers.hpp"

#include "hub/ecertctl/ask.hpp"
#include "hub/ecertctl/columns.hpp"
#include "hub/ecertctl/json_fields.hpp"
#include "hub/ecertctl/terminal_text.hpp"

#include <fmt/format.h>
#include <fmt/ostream.h>

namespace ecert::ctl {
namespace {

std::string names_in(const boost::json::value& row) {
    std::string all;
    for (const auto& name : rows_of(row, "partners"))
        if (name.is_string())
            all += (all.empty() ? "" : " ") + terminal_text(std::string_view{name.get_string()});
    return all;
}

// Who fell silent stands out from who said that it stops.
std::string heard(const boost::json::value& row) {
    const auto at = text_of(row, "heard");
    if (is_true(row, "stopped")) return "stopped at " + at;
    return is_true(row, "silent") ? "SILENT since " + at : at;
}

}  // namespace

exit_code show_workers(session& s) {
    const answer found = get(s, "/v1/workers");
    if (!found.value) return found.ended;
    if (s.json) {
        s.out << found.text << '\n';
        return exit_code::ok;
    }
    const auto& rows = rows_of(*found.value);
    if (rows.empty()) {
        fmt::print(s.out, "No worker host has spoken yet.\n");
        return exit_code::ok;
    }
    columns table{{"HOST", "HEARD", "VERSION", "IN FLIGHT", "CLOCK", "PARTNERS"}};
    for (const auto& row : rows)
        table.add({text_of(row, "host"), heard(row), text_of(row, "version"),
                   text_of(row, "in_flight"), text_of(row, "clock_skew_ms") + " ms",
                   names_in(row)});
    table.print(s.out);
    for (const auto& row : rows)
        for (const auto& trouble : rows_of(row, "troubles"))
            fmt::print(s.out, "  ! {}\n", text_of(trouble, "text"));
    return exit_code::ok;
}

}  // namespace ecert::ctl
