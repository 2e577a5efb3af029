#include "queue/amqp/connection.hpp"

#include "queue/amqp/brokers.hpp"

#include <amqp_framing.h>
#include <amqp_ssl_socket.h>
#include <amqp_tcp_socket.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>

#include <array>
#include <new>

namespace ecert::queue::amqp {
namespace {

constexpr int largest_frame = 131'072;
constexpr duration longest_removal{20'000};

timeval as_timeval(duration d) {
    return {static_cast<time_t>(d.count() / 1000),
            static_cast<suseconds_t>(d.count() % 1000 * 1000)};
}

amqp_bytes_t bytes_of(std::string_view text) {
    return {text.size(), const_cast<char*>(text.data())};
}

amqp_table_entry_t entry(const char* name, bool value) {
    amqp_table_entry_t e{};
    e.key = amqp_cstring_bytes(name);
    e.value.kind = AMQP_FIELD_KIND_BOOLEAN;
    e.value.value.boolean = value;
    return e;
}

amqp_table_entry_t entry(std::string_view name, std::string_view value) {
    amqp_table_entry_t e{};
    e.key = bytes_of(name);
    e.value.kind = AMQP_FIELD_KIND_UTF8;
    e.value.value.bytes = bytes_of(value);
    return e;
}

amqp_table_entry_t entry(std::string_view name, std::int64_t value) {
    amqp_table_entry_t e{};
    e.key = bytes_of(name);
    e.value.kind = AMQP_FIELD_KIND_I64;
    e.value.value.i64 = value;
    return e;
}

std::vector<amqp_table_entry_t> entries_of(const arguments& all) {
    std::vector<amqp_table_entry_t> made;
    for (const auto& [name, value] : all) {
        const auto* text = std::get_if<std::string>(&value);
        made.push_back(text ? entry(name, *text) : entry(name, std::get<std::int64_t>(value)));
    }
    return made;
}

}  // namespace

connection::connection(const std::string& broker, const amqp_settings& with,
                       const std::string& name)
    : state_{amqp_new_connection()} {
    if (!state_) throw std::bad_alloc{};
    dial(broker, with);
    log_in(with, name);
}

void connection::require(int status, const char* what) {
    if (status != AMQP_STATUS_OK)
        throw connection_lost{std::string{what} + ": " + amqp_error_string2(status)};
}

void connection::dial(const std::string& broker, const amqp_settings& with) {
    const auto within = as_timeval(with.connect_timeout);
    require(amqp_set_handshake_timeout(state_.get(), &within), "handshake timeout");
    require(amqp_set_rpc_timeout(state_.get(), &within), "call timeout");
    auto* socket = with.tls ? amqp_ssl_socket_new(state_.get()) : amqp_tcp_socket_new(state_.get());
    if (!socket) throw std::bad_alloc{};
    if (with.tls) secure(socket, with);
    const auto [host, port] = host_and_port(broker);
    require(amqp_socket_open_noblock(socket, host.c_str(), port, &within), "connect");
    // A broker that stops reading holds a send for ever, and no heartbeat ends it.
    const auto silent = static_cast<unsigned>(2 * with.heartbeat.count());
    if (setsockopt(amqp_get_sockfd(state_.get()), IPPROTO_TCP, TCP_USER_TIMEOUT, &silent,
                   sizeof silent) != 0)
        throw connection_lost{"TCP_USER_TIMEOUT cannot be set"};
}

void connection::secure(amqp_socket_t* socket, const amqp_settings& with) {
    amqp_ssl_socket_set_verify_peer(socket, 1);
    amqp_ssl_socket_set_verify_hostname(socket, 1);
    require(amqp_ssl_socket_set_ssl_versions(socket, AMQP_TLSv1_2, AMQP_TLSvLATEST), "TLS version");
    require(amqp_ssl_socket_set_cacert(socket, with.tls_ca.c_str()), "tls_ca");
    if (!with.tls_certificate.empty())
        require(amqp_ssl_socket_set_key(socket, with.tls_certificate.c_str(), with.tls_key.c_str()),
                "tls_certificate, tls_key");
}

// The plain login announces neither capability, and a deleted queue and a blocked broker are
// silent.
void connection::log_in(const amqp_settings& with, const std::string& name) {
    std::array can{entry("consumer_cancel_notify", true), entry("connection.blocked", true)};
    amqp_table_entry_t capabilities{};
    capabilities.key = amqp_cstring_bytes("capabilities");
    capabilities.value.kind = AMQP_FIELD_KIND_TABLE;
    capabilities.value.value.table = {static_cast<int>(can.size()), can.data()};
    std::array told{capabilities,
                    entry(std::string_view{"connection_name"}, std::string_view{name})};
    const amqp_table_t properties{static_cast<int>(told.size()), told.data()};
    const auto heartbeat =
        static_cast<int>(std::chrono::ceil<std::chrono::seconds>(with.heartbeat).count());
    amqp_rpc_reply_t reply;
    if (with.password_file.empty()) {  // any identity will do, but an empty one fails
        reply = amqp_login_with_properties(state_.get(), with.virtual_host.c_str(), 0,
                                           largest_frame, heartbeat, &properties,
                                           AMQP_SASL_METHOD_EXTERNAL, with.user.c_str());
    } else {
        const auto password = password_in(with.password_file);
        if (!password) throw connection_lost{password.error().text};
        reply = amqp_login_with_properties(
            state_.get(), with.virtual_host.c_str(), 0, largest_frame, heartbeat, &properties,
            AMQP_SASL_METHOD_PLAIN, with.user.c_str(), password->reveal().c_str());
    }
    require_reply(reply, 0, "log in");
}

void connection::closed_by_broker(const amqp_method_t& method) {
    const auto* said = static_cast<const amqp_connection_close_t*>(method.decoded);
    std::string text{static_cast<const char*>(said->reply_text.bytes), said->reply_text.len};
    amqp_connection_close_ok_t ok{};
    amqp_send_method(state_.get(), 0, AMQP_CONNECTION_CLOSE_OK_METHOD, &ok);
    throw connection_lost{"the broker closed it: " + text, said->reply_code};
}

void connection::require_reply(const amqp_rpc_reply_t& reply, channel_number channel,
                               const char* what) {
    if (reply.reply_type == AMQP_RESPONSE_NORMAL) {
        amqp_maybe_release_buffers_on_channel(state_.get(), channel);
        return;
    }
    if (reply.reply_type == AMQP_RESPONSE_NONE)
        throw connection_lost{std::string{what} + ": the broker hung up"};
    if (reply.reply_type == AMQP_RESPONSE_LIBRARY_EXCEPTION)
        throw connection_lost{std::string{what} + ": " + amqp_error_string2(reply.library_error)};
    if (reply.reply.id == AMQP_CONNECTION_CLOSE_METHOD) closed_by_broker(reply.reply);
    const auto* said = static_cast<const amqp_channel_close_t*>(reply.reply.decoded);
    const channel_refused refused{
        said->reply_code, {static_cast<const char*>(said->reply_text.bytes), said->reply_text.len}};
    amqp_channel_close_ok_t ok{};
    require(amqp_send_method(state_.get(), channel, AMQP_CHANNEL_CLOSE_OK_METHOD, &ok), what);
    throw refused;
}

void connection::open(channel_number channel) {
    amqp_channel_open(state_.get(), channel);
    require_reply(amqp_get_rpc_reply(state_.get()), channel, "open a channel");
}

void connection::close(channel_number channel) {
    require_reply(amqp_channel_close(state_.get(), channel, AMQP_REPLY_SUCCESS), channel,
                  "close a channel");
    partial_.erase(channel);
}

void connection::confirms(channel_number channel) {
    amqp_confirm_select(state_.get(), channel);
    require_reply(amqp_get_rpc_reply(state_.get()), channel, "ask for confirms");
}

void connection::declare(channel_number channel, const std::string& queue, const arguments& with) {
    auto entries = entries_of(with);
    const amqp_table_t table{static_cast<int>(entries.size()), entries.data()};
    amqp_queue_declare(state_.get(), channel, bytes_of(queue), 0, 1, 0, 0, table);
    require_reply(amqp_get_rpc_reply(state_.get()), channel, "declare a queue");
}

connection::looked_at connection::look_at(channel_number channel, const std::string& queue) {
    const auto* is =
        amqp_queue_declare(state_.get(), channel, bytes_of(queue), 1, 0, 0, 0, amqp_empty_table);
    const looked_at seen = is ? looked_at{is->message_count, is->consumer_count} : looked_at{};
    require_reply(amqp_get_rpc_reply(state_.get()), channel, "look at a queue");
    return seen;
}

// The broker itself waits 5 s for a queue that does not answer, before it deletes it by force.
void connection::remove(channel_number channel, const std::string& queue) {
    const auto usual = *amqp_get_rpc_timeout(state_.get());
    const auto longer = as_timeval(longest_removal);
    require(amqp_set_rpc_timeout(state_.get(), &longer), "call timeout");
    amqp_queue_delete(state_.get(), channel, bytes_of(queue), 0, 0);
    const auto reply = amqp_get_rpc_reply(state_.get());
    require(amqp_set_rpc_timeout(state_.get(), &usual), "call timeout");
    require_reply(reply, channel, "delete a queue");
}

void connection::prefetch(channel_number channel, unsigned count) {
    amqp_basic_qos(state_.get(), channel, 0, static_cast<std::uint16_t>(count), 0);
    require_reply(amqp_get_rpc_reply(state_.get()), channel, "set the prefetch");
}

void connection::consume(channel_number channel, const std::string& queue) {
    const std::string tag = std::to_string(channel);
    amqp_basic_consume(state_.get(), channel, bytes_of(queue), bytes_of(tag), 0, 0, 0,
                       amqp_empty_table);
    require_reply(amqp_get_rpc_reply(state_.get()), channel, "consume");
}

void connection::goodbye() noexcept {
    const timeval soon{1, 0};
    amqp_set_rpc_timeout(state_.get(), &soon);
    amqp_connection_close(state_.get(), AMQP_REPLY_SUCCESS);
}

void connection::cancel(channel_number channel) {
    const std::string tag = std::to_string(channel);
    amqp_basic_cancel_t what{};
    what.consumer_tag = bytes_of(tag);
    what.nowait = 1;
    require(amqp_send_method(state_.get(), channel, AMQP_BASIC_CANCEL_METHOD, &what), "cancel");
}

void connection::publish(channel_number channel, const std::string& queue, std::uint64_t id,
                         std::string_view body) {
    const std::string name = std::to_string(id);
    amqp_basic_properties_t with{};
    with._flags = AMQP_BASIC_DELIVERY_MODE_FLAG | AMQP_BASIC_MESSAGE_ID_FLAG;
    with.delivery_mode = AMQP_DELIVERY_PERSISTENT;
    with.message_id = bytes_of(name);
    require(amqp_basic_publish(state_.get(), channel, amqp_empty_bytes, bytes_of(queue), 1, 0,
                               &with, bytes_of(body)),
            "publish");
}

void connection::ack(channel_number channel, std::uint64_t tag) {
    require(amqp_basic_ack(state_.get(), channel, tag, 0), "acknowledge");
}

void connection::give_back(channel_number channel, std::uint64_t tag) {
    require(amqp_basic_nack(state_.get(), channel, tag, 0, 1), "give back");
}

std::optional<event> connection::next() {
    for (;;) {
        amqp_frame_t frame;
        const timeval at_once{0, 0};
        const int got = amqp_simple_wait_frame_noblock(state_.get(), &frame, &at_once);
        if (got == AMQP_STATUS_TIMEOUT) return std::nullopt;
        require(got, "read");
        auto told = read(frame);
        if (!told) continue;
        amqp_maybe_release_buffers_on_channel(state_.get(), frame.channel);
        return told;
    }
}

// Frames may be in the library already, and decrypted bytes do not make a socket readable: next()
// has asked the library to read until there was nothing.
void connection::wait(int wake, duration most) {
    if (amqp_frames_enqueued(state_.get()) || amqp_data_in_buffer(state_.get())) return;
    std::array<pollfd, 2> on{{{amqp_get_sockfd(state_.get()), POLLIN, 0}, {wake, POLLIN, 0}}};
    ::poll(on.data(), on.size(), static_cast<int>(most.count()));
}

}  // namespace ecert::queue::amqp
