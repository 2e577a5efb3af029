#include "hub/ecertctl/node.hpp"

#include "hub/ecertctl/ask.hpp"
#include "hub/ecertctl/columns.hpp"
#include "hub/ecertctl/json_fields.hpp"
#include "hub/ecertctl/terminal_text.hpp"

#include <boost/json/object.hpp>

#include <fmt/format.h>
#include <fmt/ostream.h>

namespace ecert::ctl {
namespace {

void print_channels(session& s, const boost::json::array& rows) {
    columns table{{"CHANNEL", "IN FLIGHT", "CIRCUIT", "HOURS", "LAST FAILURE"}};
    for (const auto& row : rows) {
        table.add({text_of(row, "channel"),
                   text_of(row, "in_flight") + '/' + text_of(row, "window"),
                   text_of(row, "circuit"), is_true(row, "within_hours") ? "open" : "closed",
                   text_of(row, "last_failure")});
    }
    table.print(s.out);
}

void print_disk(session& s, const boost::json::value& disk) {
    constexpr double gibibyte = 1 << 30;
    fmt::print(s.out, "disk      {}: {:.1f} GiB free{}\n", text_of(disk, "folder"),
               static_cast<double>(number_of(disk, "free_bytes")) / gibibyte,
               is_true(disk, "low") ? ", BELOW ITS RESERVE: nothing new is taken in" : "");
}

// "waiting 3, parked 1"
std::string counts_of(const boost::json::value& states) {
    std::string told;
    if (!states.is_object()) return told;
    for (const auto& [name, count] : states.as_object())
        told += fmt::format("{}{} {}", told.empty() ? "" : ", ", std::string_view{name},
                            text_of(states, name));
    return told;
}

// A line for each verb beside deliveries: "answers   parked 1".
void print_owed(session& s, const boost::json::value& owed) {
    if (!owed.is_object()) return;
    for (const auto& [verb, states] : owed.as_object())
        fmt::print(s.out, "{:<9} {}\n",
                   verb == "respond" ? std::string_view{"answers"} : std::string_view{verb},
                   counts_of(states));
}

}  // namespace

exit_code show_node(session& s) {
    const answer found = get(s, "/v1/status");
    if (!found.value) return found.ended;
    if (s.json) {
        s.out << found.text << '\n';
        return exit_code::ok;
    }
    const auto& node = *found.value;
    fmt::print(s.out, "node      {} at {}\n", text_of(node, "node"), text_of(node, "at"));
    const auto* states = node.as_object().if_contains("states");
    const std::string told = states ? counts_of(*states) : std::string{};
    fmt::print(s.out, "states    {}\n", told.empty() ? "none yet" : told);
    if (const auto* owed = node.as_object().if_contains("owed")) print_owed(s, *owed);
    if (const auto* disk = node.as_object().if_contains("disk")) print_disk(s, *disk);
    for (const auto& each : rows_of(node, "waits"))
        if (each.is_string())
            fmt::print(s.out, "waits     {}\n", terminal_text(std::string_view{each.as_string()}));
    s.out << '\n';
    print_channels(s, rows_of(node, "channels"));
    return exit_code::ok;
}

exit_code show_channels(session& s) {
    const answer found = get(s, "/v1/channels");
    if (!found.value) return found.ended;
    if (s.json) {
        s.out << found.text << '\n';
    } else {
        print_channels(s, rows_of(*found.value));
    }
    return exit_code::ok;
}

exit_code verify_audit(session& s) {
    const answer found = get(s, "/v1/audit");
    if (!found.value) return found.ended;
    const bool whole = is_true(*found.value, "whole");
    if (s.json) {
        s.out << found.text << '\n';
    } else if (whole) {
        fmt::print(s.out, "The chain of {} events is whole.\n", text_of(*found.value, "events"));
    } else {
        fmt::print(s.out, "BROKEN at event {}: {}\n", text_of(*found.value, "broken_at"),
                   text_of(*found.value, "text"));
    }
    return whole ? exit_code::ok : exit_code::broken;
}

exit_code reload_configuration(session& s) {
    const answer done = post(s, "/v1/reload", "{}");
    if (!done.value) return done.ended;
    if (s.json) {
        s.out << done.text << '\n';
        return exit_code::ok;
    }
    fmt::print(s.out, "The new configuration is in force.\n");
    for (const auto& w : rows_of(*done.value, "warnings"))
        fmt::print(s.out, "  warning [{}] {}: {}\n", text_of(w, "id"), text_of(w, "path"),
                   text_of(w, "text"));
    return exit_code::ok;
}

}  // namespace ecert::ctl
