#include "adapters/worker/attempt.hpp"

#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>

namespace ecert::worker {
namespace {

std::string text_of(const boost::json::object& from, std::string_view name) {
    const auto* at = from.if_contains(name);
    const auto* text = at ? at->if_string() : nullptr;
    return text ? std::string{text->c_str(), text->size()} : std::string{};
}

std::int64_t number_of(const boost::json::object& from, std::string_view name) {
    const auto* at = from.if_contains(name);
    const auto* number = at ? at->if_int64() : nullptr;
    return number ? *number : -1;
}

}  // namespace

queue::outcome returned(const queue::task& what, std::string why, time_point now) {
    queue::outcome o;
    o.id = what.id;
    o.attempt = what.attempt;
    o.work = what.work;
    o.partner = what.partner;
    o.channel = what.channel;
    o.what = queue::outcome_class::returned;
    o.text = std::move(why);
    o.traceparent = what.traceparent;
    o.exchange.started = o.exchange.ended = now;
    return o;
}

void before_us(queue::outcome& o) {
    o.what = queue::outcome_class::ambiguous;
    o.text += "; a worker that had it before may have sent it";
}

std::optional<queue::outcome> returned_unread(std::string_view message, std::string why,
                                              time_point now) {
    if (const auto head = queue::head_of(message)) {  // it did open: what it says holds
        queue::task known;
        known.id = head->id;
        known.attempt = head->attempt;
        known.work = head->work;
        known.partner = head->partner;
        return returned(known, std::move(why), now);
    }
    boost::system::error_code wrong;
    const auto parsed = boost::json::parse({message.data(), message.size()}, wrong);
    const auto* from = wrong ? nullptr : parsed.if_object();
    if (!from) return std::nullopt;
    queue::task as_far_as_read;
    const auto attempt = number_of(*from, "attempt");
    as_far_as_read.work = number_of(*from, "work");
    if (!queue::parse_uuid(text_of(*from, "task"), as_far_as_read.id) || attempt < 0 ||
        as_far_as_read.work < 0)
        return std::nullopt;
    as_far_as_read.attempt = static_cast<std::uint32_t>(attempt);
    as_far_as_read.partner = text_of(*from, "partner");
    as_far_as_read.channel = text_of(*from, "channel");
    as_far_as_read.traceparent = text_of(*from, "traceparent");
    return returned(as_far_as_read, std::move(why), now);
}

}  // namespace ecert::worker
