#include "queue/amqp/topology.hpp"

#include "queue/transport.hpp"

#include <fmt/format.h>

#include <regex>

namespace ecert::queue::amqp {

bool is_work_queue(std::string_view queue) { return queue.starts_with("work."); }

arguments arguments_of(std::string_view queue, const amqp_settings& by) {
    arguments all{{"x-queue-type", "quorum"}};
    if (!is_work_queue(queue)) return all;
    // The broker takes the message that passes the bound, and refuses the next.
    all.emplace_back("x-max-length", static_cast<std::int64_t>(by.queue_messages - 1));
    all.emplace_back("x-max-length-bytes", static_cast<std::int64_t>(by.queue_bytes));
    all.emplace_back("x-overflow", "reject-publish");
    all.emplace_back("x-delivery-limit", static_cast<std::int64_t>(by.delivery_limit));
    all.emplace_back("x-dead-letter-exchange", "");
    all.emplace_back("x-dead-letter-routing-key", poison_queue);
    all.emplace_back("x-dead-letter-strategy", "at-least-once");
    return all;
}

std::string difference(std::string_view queue, std::string_view brokers_words) {
    static const std::regex form{
        "inequivalent arg '([^']*)' for queue .* received (.*) but current is (.*)"};
    const std::string words{brokers_words};
    constexpr auto remedy =
        "correct [queue.amqp] or rebuild the queue, its work is published again from the ledger";
    std::smatch part;
    if (!std::regex_search(words, part, form))
        return fmt::format("the queue {} exists in another form ({}): {}", queue, words, remedy);
    return fmt::format("the queue {} exists with another {}: theirs is {}, ours {}: {}", queue,
                       part[1].str(), part[3].str(), part[2].str(), remedy);
}

}  // namespace ecert::queue::amqp
