#include "queue/wire/parts.hpp"

#include <boost/json/parse.hpp>

#include <fmt/format.h>

#include <limits>

namespace ecert::queue::wire {

namespace json = boost::json;

namespace {

constexpr auto any_size = std::numeric_limits<std::int64_t>::max();
constexpr auto any_code = std::numeric_limits<int>::max();

}  // namespace

json::object object_of(const content_ref& c) {
    json::object out{{"size", c.size}, {"digest", c.digest.hex()}};
    if (c.bytes) out["bytes"] = crypto::base64_encode(*c.bytes);
    return out;
}

content_ref content_from(fields from) {
    content_ref read;
    read.size = static_cast<std::uint64_t>(from.integer("size", 0, any_size));
    read.digest = from.digest("digest");
    if (!from.has("bytes")) return read;
    read.bytes = from.bytes("bytes");
    if (read.bytes->size() > inline_limit)
        from.fault("bytes", fmt::format("more than {} bytes are not sent inline", inline_limit));
    if (read.bytes->size() != read.size) from.fault("bytes", "differ from size");
    return read;
}

json::object object_of(const envelope& e) {
    return {{"from", text_value(e.from)},
            {"to", text_value(e.to)},
            {"number", text_value(e.number)},
            {"type", e.type},
            {"status", e.status}};
}

envelope envelope_from(fields from) {
    envelope read;
    read.from = from.text("from");
    read.to = from.text("to");
    read.number = from.text("number");
    read.type = static_cast<int>(from.integer("type", 0, any_code));
    read.status = static_cast<int>(from.integer("status", 0, any_code));
    return read;
}

json::object object_of(const exchange_record& x) {
    return {{"request_head", crypto::base64_encode(x.request_head)},
            {"request_tail", crypto::base64_encode(x.request_tail)},
            {"request_digest", x.request_digest.hex()},
            {"request_size", x.request_size},
            {"status", x.status},
            {"reply", crypto::base64_encode(x.reply)},
            {"reply_digest", x.reply_digest.hex()},
            {"tls_peer", text_value(x.tls_peer)},
            {"started", rfc3339(x.started)},
            {"ended", rfc3339(x.ended)}};
}

exchange_record exchange_from(fields from) {
    exchange_record read;
    read.request_head = from.bytes("request_head");
    read.request_tail = from.bytes("request_tail");
    read.request_digest = from.digest("request_digest");
    read.request_size = static_cast<std::uint64_t>(from.integer("request_size", 0, any_size));
    read.status = static_cast<int>(from.integer("status", 0, any_code));
    read.reply = from.bytes("reply");
    read.reply_digest = from.digest("reply_digest");
    read.tls_peer = from.text("tls_peer");
    read.started = from.time("started");
    read.ended = from.time("ended");
    return read;
}

result<json::value> open_document(std::string_view bytes, std::string_view what) {
    boost::system::error_code wrong;
    json::value document = json::parse(bytes, wrong);
    if (wrong)
        return failure{failure_kind::invalid,
                       fmt::format("{}: no JSON: {}", what, wrong.message())};
    const auto* object = document.if_object();
    const auto* v = object ? object->if_contains("v") : nullptr;
    if (!v || !v->is_int64())
        return failure{failure_kind::invalid, fmt::format("{}: v: is missing", what)};
    if (v->get_int64() != version)
        return failure{
            failure_kind::conflict,
            fmt::format("{}: version {} is not known here, only {}: bring the older side of "
                        "hub and workers up to date",
                        what, v->get_int64(), version)};
    return document;
}

}  // namespace ecert::queue::wire
