#include "hub/operators/queue_rows.hpp"

#include "hub/listen/json.hpp"

#include <algorithm>
#include <map>
#include <optional>

namespace ecert::hub {
namespace {

constexpr std::uint64_t counted_up_to = 1'000;  // ledger::due

struct partner_seen {
    std::string channel;
    std::uint64_t due = 0, leased = 0;
    std::optional<time_point> oldest_due, next_due;
};

std::map<std::string, partner_seen> by_partner(const queue_seen& seen) {
    std::map<std::string, partner_seen> all;
    for (const auto& [name, channel] : seen.partners) all[name].channel = channel;
    for (const auto& d : seen.due) {
        auto& of = all[d.partner];
        if (of.channel.empty()) of.channel = d.channel;
        of.due = d.ready;
        (d.ready > 0 ? of.oldest_due : of.next_due) = d.due;
    }
    for (const auto& l : seen.leased) {
        auto& of = all[l.partner];
        if (of.channel.empty()) of.channel = l.channel;
        ++of.leased;
    }
    return all;
}

void add_channel(boost::json::object& row, const queue_seen& seen, const std::string& name) {
    const auto at = std::ranges::find(seen.channels, name, &channel_status::channel);
    const bool known = at != seen.channels.end();
    row["channel"] = json_text(name);
    row["channel_in_flight"] = known ? at->in_flight : 0;
    row["window"] = known ? at->window : 0;
    row["circuit"] = known ? at->circuit : "no such channel";
    row["within_hours"] = known && at->within_hours;
}

}  // namespace

boost::json::value queue_figures_json(const queue_seen& seen, const std::string& name) {
    const auto at = std::ranges::find(seen.queues, name, &queue::queue_figures::name);
    if (at == seen.queues.end()) return nullptr;
    return boost::json::object{
        {"name", json_text(name)},         {"ready", at->ready},
        {"unsettled_here", at->unsettled}, {"unconfirmed", at->unconfirmed},
        {"consumers", at->consumers},      {"trouble", json_text(at->trouble)}};
}

boost::json::array queue_rows(const queue_seen& seen) {
    boost::json::array rows;
    for (const auto& [name, of] : by_partner(seen)) {
        boost::json::object row;
        row["partner"] = json_text(name);
        row["due"] = of.due;
        row["due_at_least"] = of.due >= counted_up_to;
        row["in_flight"] = of.leased;
        row["oldest_due"] = json_time(of.oldest_due);
        row["next_due"] = json_time(of.next_due);
        add_channel(row, seen, of.channel);
        row["served"] = !(seen.nobody_serves && seen.nobody_serves(name));
        row["queue"] = queue_figures_json(seen, queue::work_queue(name));
        rows.push_back(std::move(row));
    }
    return rows;
}

}  // namespace ecert::hub
