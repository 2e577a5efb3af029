#include "hub/dispatch/waits.hpp"

#include <fmt/format.h>

namespace ecert::hub {
namespace {

constexpr std::uint64_t counted_up_to = 1'000;  // of a partner (ledger::due)

std::string amount(const due_now& due) {
    if (due.pieces == 0) return "nothing is due now";
    return fmt::format("{}{} {} for {} {} due", due.at_least ? "at least " : "", due.pieces,
                       due.pieces == 1 ? "piece" : "pieces", due.partners,
                       due.partners == 1 ? "partner" : "partners");
}

std::string since(const queue::transport_state& queue) {
    return queue.since ? " since " + rfc3339(*queue.since) : std::string{};
}

}  // namespace

due_now sum_of(const std::vector<due_partner>& due) {
    due_now all;
    for (const auto& of : due) {
        all.pieces += of.ready;
        all.partners += of.ready > 0;
        all.at_least |= of.ready >= counted_up_to;
    }
    return all;
}

std::vector<std::string> what_waits(const queue::transport_state& queue, const due_now& due,
                                    const std::vector<std::string>& stalled) {
    std::vector<std::string> all;
    if (!queue.publishing)
        all.push_back(fmt::format("all work waits for the queue{} ({}): {}", since(queue),
                                  amount(due), queue.trouble));
    else if (queue.consuming && !queue.trouble.empty())
        all.push_back("a queue cannot be used: " + queue.trouble);
    if (!queue.consuming)
        all.push_back(queue.publishing ? fmt::format("outcomes wait in the queue{}: {}",
                                                     since(queue), queue.trouble)
                                       : "outcomes wait in the queue, too");
    for (const auto& partner : stalled)
        all.push_back("work for " + partner + " waits for a place in its queue");
    return all;
}

}  // namespace ecert::hub
