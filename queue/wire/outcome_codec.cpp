#include "queue/wire/codec.hpp"
#include "queue/wire/parts.hpp"

#include <boost/json/serialize.hpp>

#include <algorithm>
#include <limits>

namespace ecert::queue {

namespace json = boost::json;
using namespace wire;

namespace {

constexpr auto least_integer = std::numeric_limits<std::int64_t>::min();
constexpr auto most_integer = std::numeric_limits<std::int64_t>::max();

// What a peer asks for is bounded here, not refused: an outcome must not be lost over it.
constexpr std::int64_t longest_retry_after = std::int64_t{366} * 24 * 3600 * 1000;

void read_class(fields& from, outcome& into) {
    const auto what = outcome_class_of(from.text("class"));
    if (!what && from.has("class")) from.fault("class", "is none of the outcome classes");
    into.what = what.value_or(outcome_class::unrecognised);
    const std::string scope = from.text_or_empty("scope");
    if (scope == "channel") into.scope = outcome_scope::channel;
    if (!scope.empty() && scope != "channel" && scope != "task")
        from.fault("scope", "must be task or channel");
}

void read_optional(fields& from, outcome& into) {
    into.reference = from.text_or_empty("reference");
    into.text = from.text_or_empty("text");
    into.traceparent = from.text_or_empty("traceparent");
    if (from.has("retry_after_ms"))
        into.retry_after = duration{std::clamp<std::int64_t>(
            from.integer("retry_after_ms", least_integer, most_integer), 0, longest_retry_after)};
    if (from.has("peer_digest")) into.peer_digest = from.digest("peer_digest");
    if (from.has("translation"))
        if (auto made = from.object("translation")) into.translation = content_from(*made);
    if (from.has("exchange"))
        if (auto exchange = from.object("exchange")) into.exchange = exchange_from(*exchange);
}

}  // namespace

std::string encode(const outcome& o) {
    json::object out{{"v", version},
                     {"task", to_string(o.id)},
                     {"attempt", o.attempt},
                     {"work", o.work},
                     {"partner", text_value(o.partner)},
                     {"channel", text_value(o.channel)},
                     {"class", name_of(o.what)},
                     {"scope", o.scope == outcome_scope::channel ? "channel" : "task"}};
    put_text(out, "reference", o.reference);
    put_text(out, "text", o.text);
    if (o.retry_after) out["retry_after_ms"] = o.retry_after->count();
    if (o.peer_digest) out["peer_digest"] = o.peer_digest->hex();
    if (o.translation) out["translation"] = object_of(*o.translation);
    if (o.exchange != exchange_record{}) out["exchange"] = object_of(o.exchange);
    put_text(out, "traceparent", o.traceparent);
    return json::serialize(out);
}

result<outcome> decode_outcome(std::string_view bytes) {
    const auto document = open_document(bytes, "outcome");
    if (!document) return document.error();
    faults wrong;
    fields from{document->get_object(), "", wrong};
    outcome read;
    read.id = from.id("task");
    read.attempt = static_cast<std::uint32_t>(
        from.integer("attempt", 0, std::numeric_limits<std::uint32_t>::max()));
    read.work = from.integer("work", 0, std::numeric_limits<std::int64_t>::max());
    read.partner = from.text("partner");
    read.channel = from.text("channel");
    read_class(from, read);
    read_optional(from, read);
    if (!wrong.none()) return failure{failure_kind::invalid, "outcome: " + wrong.text()};
    return read;
}

}  // namespace ecert::queue
