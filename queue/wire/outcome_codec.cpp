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

json::object object_of(const listing& l) {
    json::array all;
    for (const auto& each : l.envelopes)
        all.push_back(json::object{{"reference", text_value(each.reference)},
                                   {"envelope", wire::object_of(each.envelope)}});
    json::object out{{"envelopes", std::move(all)}};
    put_text(out, "next", l.next);
    if (l.cut) out["cut"] = true;
    if (l.left_out > 0) out["left_out"] = l.left_out;
    return out;
}

waiting_there waiting_from(fields from) {
    waiting_there read;
    read.reference = from.text("reference");
    if (auto envelope = from.object("envelope")) read.envelope = envelope_from(*envelope);
    return read;
}

listing listing_from(fields from) {
    listing read;
    auto all = from.objects("envelopes", most_listed);
    for (auto& each : all) read.envelopes.push_back(waiting_from(std::move(each)));
    read.next = from.text_or_empty("next");
    read.cut = from.flag("cut");
    if (from.has("left_out"))
        read.left_out = static_cast<std::uint32_t>(
            from.integer("left_out", 0, std::numeric_limits<std::uint32_t>::max()));
    return read;
}

json::object object_of(const fetched& f) {
    json::object out{{"envelope", wire::object_of(f.envelope)}};
    if (f.content) out["content"] = wire::object_of(*f.content);
    return out;
}

fetched fetched_from(fields from) {
    fetched read;
    if (auto envelope = from.object("envelope")) read.envelope = envelope_from(*envelope);
    if (from.has("content"))
        if (auto content = from.object("content")) read.content = content_from(*content);
    return read;
}

void read_optional(fields& from, outcome& into) {
    into.reference = from.text_or_empty("reference");
    into.text = from.text_or_empty("text");
    into.warning = from.text_or_empty("warning");
    into.traceparent = from.text_or_empty("traceparent");
    if (from.has("retry_after_ms"))
        into.retry_after = duration{std::clamp<std::int64_t>(
            from.integer("retry_after_ms", least_integer, most_integer), 0, longest_retry_after)};
    if (from.has("peer_digest")) into.peer_digest = from.digest("peer_digest");
    if (from.has("translation"))
        if (auto made = from.object("translation")) into.translation = content_from(*made);
    if (from.has("listing"))
        if (auto named = from.object("listing")) into.listing = listing_from(*named);
    if (from.has("fetched"))
        if (auto brought = from.object("fetched")) into.fetched = fetched_from(*brought);
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
    put_text(out, "warning", o.warning);
    if (o.retry_after) out["retry_after_ms"] = o.retry_after->count();
    if (o.peer_digest) out["peer_digest"] = o.peer_digest->hex();
    if (o.translation) out["translation"] = wire::object_of(*o.translation);
    if (o.listing) out["listing"] = object_of(*o.listing);
    if (o.fetched) out["fetched"] = object_of(*o.fetched);
    if (o.exchange != exchange_record{}) out["exchange"] = wire::object_of(o.exchange);
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
