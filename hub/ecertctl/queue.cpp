#include "hub/ecertctl/queue.hpp"

#include "config/utf8.hpp"
#include "hub/ecertctl/ask.hpp"
#include "hub/ecertctl/columns.hpp"
#include "hub/ecertctl/json_fields.hpp"
#include "hub/ecertctl/relative_time.hpp"
#include "hub/ecertctl/terminal_text.hpp"

#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

#include <fmt/format.h>
#include <fmt/ostream.h>

namespace ecert::ctl {
namespace {

const boost::json::value& member(const boost::json::value& in, std::string_view name) {
    static const boost::json::value nothing;
    const auto* object = in.if_object();
    const auto* found = object ? object->if_contains(name) : nullptr;
    return found ? *found : nothing;
}

// "-": the broker said nothing of this queue.
std::string figure(const boost::json::value& queue, std::string_view name) {
    return queue.is_object() ? text_of(queue, name) : "-";
}

std::string due_of(const boost::json::value& row) {
    return text_of(row, "due") + (is_true(row, "due_at_least") ? "+" : "");
}

std::string trouble_of(const boost::json::value& row) {
    std::string told = text_of(member(row, "queue"), "trouble");
    if (!is_true(row, "served")) told = "no worker serves it" + (told.empty() ? "" : "; " + told);
    return told;
}

void print_transport(session& s, const boost::json::value& node) {
    const std::string trouble = text_of(node, "trouble");
    fmt::print(s.out, "queue     {}: {}\n", text_of(node, "kind"),
               trouble.empty() ? "well"
                               : fmt::format("TROUBLE{}: {}",
                                             text_of(node, "since").empty()
                                                 ? std::string{}
                                                 : " since " + text_of(node, "since"),
                                             trouble));
    for (const auto* name : {"outcomes", "poison"}) {
        const auto& queue = member(node, name);
        fmt::print(s.out, "{:<9} {} ready, {} being applied\n", name, figure(queue, "ready"),
                   figure(queue, "unsettled_here"));
    }
    for (const auto& each : rows_of(node, "waits"))
        if (each.is_string())
            fmt::print(s.out, "waits     {}\n", terminal_text(std::string_view{each.get_string()}));
}

void print_partners(session& s, const boost::json::array& rows) {
    columns table{{"PARTNER", "DUE", "OLDEST DUE", "IN FLIGHT", "CHANNEL", "WINDOW", "CIRCUIT",
                   "READY", "UNCONFIRMED", "CONSUMERS", "TROUBLE"}};
    for (const auto& row : rows) {
        const auto& queue = member(row, "queue");
        table.add({text_of(row, "partner"), due_of(row),
                   relative(text_of(row, "oldest_due"), s.time.now()), text_of(row, "in_flight"),
                   text_of(row, "channel"),
                   text_of(row, "channel_in_flight") + '/' + text_of(row, "window"),
                   text_of(row, "circuit"), figure(queue, "ready"), figure(queue, "unconfirmed"),
                   figure(queue, "consumers"), trouble_of(row)});
    }
    table.print(s.out);
}

}  // namespace

exit_code show_queue(session& s) {
    const answer found = get(s, "/v1/queue");
    if (!found.value) return found.ended;
    if (s.json) {
        s.out << found.text << '\n';
        return exit_code::ok;
    }
    print_transport(s, *found.value);
    s.out << '\n';
    print_partners(s, rows_of(*found.value));
    return exit_code::ok;
}

exit_code rebuild_queue(session& s, const rebuild_wish& wish, const std::string& reason) {
    constexpr std::size_t longest_reason = 2000;
    const boost::json::object body{
        {"partners", boost::json::array(wish.partners.begin(), wish.partners.end())},
        {"outcomes", wish.outcomes},
        {"all", wish.all},
        {"reason", valid_utf8(reason, longest_reason)}};
    const answer done = post(s, "/v1/queue/rebuild", boost::json::serialize(body));
    if (!done.value) return done.ended;
    const auto& rows = rows_of(*done.value);
    bool all_done = true;
    for (const auto& row : rows) all_done &= is_true(row, "done");
    if (s.json) {
        s.out << done.text << '\n';
    } else {
        columns table{{"QUEUE", "READY BEFORE", "READY NOW", "REBUILT"}};
        for (const auto& row : rows)
            table.add({text_of(row, "queue"), text_of(row, "before"), text_of(row, "after"),
                       is_true(row, "done") ? "yes" : "NO: " + text_of(row, "trouble")});
        table.print(s.out);
        fmt::print(s.out,
                   "What was in them is published again from the ledger when its lease ends.\n");
    }
    return all_done ? exit_code::ok : exit_code::refused;
}

}  // namespace ecert::ctl
