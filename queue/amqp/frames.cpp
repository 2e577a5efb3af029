// Frames put together: a method, its header, its body in pieces become one event.
#include "queue/amqp/connection.hpp"

#include <amqp_framing.h>

#include <algorithm>
#include <charconv>

namespace ecert::queue::amqp {
namespace {

constexpr std::uint64_t largest_body = 64 * mib;

std::string_view view(const amqp_bytes_t& b) { return {static_cast<const char*>(b.bytes), b.len}; }

std::int64_t integer_of(const amqp_field_value_t& v) {
    switch (v.kind) {
        case AMQP_FIELD_KIND_I64:
            return v.value.i64;
        case AMQP_FIELD_KIND_I32:
            return v.value.i32;
        case AMQP_FIELD_KIND_I16:
            return v.value.i16;
        case AMQP_FIELD_KIND_I8:
            return v.value.i8;
        default:
            return 0;
    }
}

// Quorum queues say how often a message was handed out before.
unsigned handed_out_before(const amqp_basic_properties_t& p) {
    if (!(p._flags & AMQP_BASIC_HEADERS_FLAG)) return 0;
    for (int i = 0; i < p.headers.num_entries; ++i) {
        const auto& e = p.headers.entries[i];
        if (view(e.key) == "x-delivery-count")
            return static_cast<unsigned>(
                std::clamp<std::int64_t>(integer_of(e.value), 0, 1'000'000));
    }
    return 0;
}

std::uint64_t id_of(const amqp_basic_properties_t& p) {
    std::uint64_t id = 0;
    if (p._flags & AMQP_BASIC_MESSAGE_ID_FLAG) {
        const auto text = view(p.message_id);
        std::from_chars(text.data(), text.data() + text.size(), id);
    }
    return id;
}

}  // namespace

std::optional<event> connection::read(const amqp_frame_t& frame) {
    if (frame.frame_type == AMQP_FRAME_METHOD) return read_method(frame);
    if (frame.frame_type == AMQP_FRAME_HEADER || frame.frame_type == AMQP_FRAME_BODY)
        return read_content(frame);
    return std::nullopt;
}

std::optional<event> connection::read_method(const amqp_frame_t& frame) {
    const auto& method = frame.payload.method;
    switch (method.id) {
        case AMQP_BASIC_DELIVER_METHOD: {
            const auto* d = static_cast<const amqp_basic_deliver_t*>(method.decoded);
            delivery begun;
            begun.channel = frame.channel;
            begun.tag = d->delivery_tag;
            begun.redelivered = d->redelivered != 0;
            partial_[frame.channel] = {std::move(begun)};
            return std::nullopt;
        }
        case AMQP_BASIC_RETURN_METHOD:
            partial_[frame.channel] = {};
            return std::nullopt;
        case AMQP_BASIC_ACK_METHOD: {
            const auto* a = static_cast<const amqp_basic_ack_t*>(method.decoded);
            return confirm{a->delivery_tag, a->multiple != 0, true};
        }
        case AMQP_BASIC_NACK_METHOD: {
            const auto* n = static_cast<const amqp_basic_nack_t*>(method.decoded);
            return confirm{n->delivery_tag, n->multiple != 0, false};
        }
        case AMQP_BASIC_CANCEL_METHOD:
            return consumer_cancelled{frame.channel};
        case AMQP_CONNECTION_BLOCKED_METHOD:
            return blocked{std::string{
                view(static_cast<const amqp_connection_blocked_t*>(method.decoded)->reason)}};
        case AMQP_CONNECTION_UNBLOCKED_METHOD:
            return unblocked{};
        case AMQP_CHANNEL_CLOSE_METHOD: {
            const auto* c = static_cast<const amqp_channel_close_t*>(method.decoded);
            channel_closed told{frame.channel, std::string{view(c->reply_text)}};
            amqp_channel_close_ok_t ok{};
            require(
                amqp_send_method(state_.get(), frame.channel, AMQP_CHANNEL_CLOSE_OK_METHOD, &ok),
                "close a channel");
            partial_.erase(frame.channel);
            return told;
        }
        case AMQP_CONNECTION_CLOSE_METHOD:
            closed_by_broker(method);
        default:
            return std::nullopt;
    }
}

std::optional<event> connection::read_content(const amqp_frame_t& frame) {
    const auto found = partial_.find(frame.channel);
    if (found == partial_.end()) return std::nullopt;
    partial& p = found->second;
    if (frame.frame_type == AMQP_FRAME_HEADER) {
        const auto& properties =
            *static_cast<const amqp_basic_properties_t*>(frame.payload.properties.decoded);
        p.size = frame.payload.properties.body_size;
        if (p.size > largest_body) throw connection_lost{"a message is larger than 64 MiB"};
        p.id = id_of(properties);
        p.headed = true;
        if (p.to_us) {
            p.to_us->deliveries = handed_out_before(properties) + 1;
            p.to_us->body.reserve(p.size);
        }
    } else {
        const auto piece = view(frame.payload.body_fragment);
        if (piece.size() > p.size) throw connection_lost{"a message is longer than it said"};
        p.size -= piece.size();
        if (p.to_us) p.to_us->body += piece;
    }
    if (!p.headed || p.size > 0) return std::nullopt;
    partial done = std::move(p);
    partial_.erase(found);
    if (!done.to_us) return came_back{done.id};
    return std::move(*done.to_us);
}

}  // namespace ecert::queue::amqp
