// The keys of every configuration file. A member of config/settings.hpp that is missing here fails
// a test; `name` and `id` are no keys where the file's stem or the table's name gives them.
#pragma once

#include "config/load/key.hpp"
#include "config/settings.hpp"

namespace ecert::load {

template <>
struct keys_of<peer_identity_rule> {
    using s = peer_identity_rule;
    static constexpr auto all = std::tuple{
        key{"pin", &s::pin, written_as(form::existing_file)},
        key{"ca", &s::ca, written_as(form::existing_file)},
        key{"subject", &s::subject},
    };
};

template <>
struct keys_of<listener_settings> {
    using s = listener_settings;
    static constexpr auto all = std::tuple{
        key{"address", &s::address},
        key{"port", &s::port, between(0, 65535)},
        key{"certificate", &s::certificate, written_as(form::existing_file)},
        key{"key", &s::key, written_as(form::existing_file)},
        key{"client_ca", &s::client_ca, written_as(form::existing_file)},
        key{"connections", &s::connections, between(1, 100'000)},
        key{"connections_per_identity", &s::connections_per_identity, between(1, 100'000)},
        key{"handshakes", &s::handshakes, between(1, 100'000)},
        key{"handshakes_per_address", &s::handshakes_per_address, between(1, 100'000)},
    };
};

template <>
struct keys_of<limit_settings> {
    using s = limit_settings;
    static constexpr auto all = std::tuple{
        key{"certificate_bytes", &s::certificate_bytes, between(64.0 * kib, 1.0 * gib)},
        key{"json_bytes", &s::json_bytes, between(64.0 * kib, 64.0 * mib)},
        key{"body_budget", &s::body_budget, between(1.0 * mib, 64.0 * gib)},
        key{"body_budget_wait", &s::body_budget_wait, between(0s, 60s)},
        key{"body_share_percent", &s::body_share_percent, between(1, 100)},
        key{"small_body_budget", &s::small_body_budget, between(0, 64.0 * gib)},
        key{"spool_threshold", &s::spool_threshold, between(4.0 * kib, 16.0 * mib)},
        key{"disk_reserve_percent", &s::disk_reserve_percent, between(0, 50)},
        key{"disk_reserve_bytes", &s::disk_reserve_bytes, between(0, 1024.0 * gib)},
        key{"xml_depth", &s::xml_depth, between(8, 1024)},
        key{"xml_attributes", &s::xml_attributes, between(8, 1024)},
        key{"xml_nodes", &s::xml_nodes, between(1000, 10'000'000)},
        key{"xml_skeleton_bytes", &s::xml_skeleton_bytes, between(64.0 * kib, 256.0 * mib)},
        key{"xml_text_bytes", &s::xml_text_bytes, between(4.0 * kib, 64.0 * mib)},
        key{"handshake_timeout", &s::handshake_timeout, between(1s, 5min)},
        key{"header_timeout", &s::header_timeout, between(1s, 5min)},
        key{"idle_timeout", &s::idle_timeout, between(1s, 1h)},
        key{"minimum_rate", &s::minimum_rate, between(0, 16.0 * mib)},
        key{"requests_per_second", &s::requests_per_second, between(1, 1'000'000)},
    };
};

template <>
struct keys_of<dispatch_settings> {
    using s = dispatch_settings;
    static constexpr auto all = std::tuple{
        key{"start_by", &s::start_by, between(1s, 1h)},
        key{"attempt_limit", &s::attempt_limit, between(1s, 1h)},
        key{"attempt_limit_per_mib", &s::attempt_limit_per_mib, between(0s, 10min)},
        key{"skew", &s::skew, between(0s, 1h)},
        key{"returned_delay", &s::returned_delay, between(100ms, 1h)},
        key{"returned_longest", &s::returned_longest, between(100ms, 24h)},
        key{"returned_alert", &s::returned_alert, between(1, 1'000'000)},
        key{"drain", &s::drain, between(0s, 10min)},
    };
};

template <>
struct keys_of<adapter_settings> {
    using s = adapter_settings;
    static constexpr auto all = std::tuple{
        key{"name", &s::name},
        key{"hub", &s::hub, written_as(form::url)},
        key{"tls_certificate", &s::tls_certificate, written_as(form::existing_file)},
        key{"tls_key", &s::tls_key, written_as(form::existing_file)},
        key{"tls_ca", &s::tls_ca, written_as(form::existing_file)},
        key{"heartbeat", &s::heartbeat, between(1s, 25s)},
    };
};

template <>
struct keys_of<amqp_settings> {
    using s = amqp_settings;
    static constexpr auto all = std::tuple{
        key{"brokers", &s::brokers},
        key{"virtual_host", &s::virtual_host},
        key{"user", &s::user},
        key{"password_file", &s::password_file, written_as(form::existing_file)},
        key{"tls", &s::tls},
        key{"tls_ca", &s::tls_ca, written_as(form::existing_file)},
        key{"tls_certificate", &s::tls_certificate, written_as(form::existing_file)},
        key{"tls_key", &s::tls_key, written_as(form::existing_file)},
        key{"heartbeat", &s::heartbeat, between(1s, 10min)},
        key{"connect_timeout", &s::connect_timeout, between(100ms, 1min)},
        key{"reconnect_first", &s::reconnect_first, between(10ms, 1min)},
        key{"reconnect_longest", &s::reconnect_longest, between(10ms, 10min)},
        key{"confirm_timeout", &s::confirm_timeout, between(1s, 10min)},
        key{"rebuild_after", &s::rebuild_after, between(100ms, 1h)},
        key{"prefetch", &s::prefetch, between(1, 65535)},
        key{"window", &s::window, between(1, 65535)},
        key{"window_bytes", &s::window_bytes, between(64.0 * kib, 1.0 * gib)},
        key{"delivery_limit", &s::delivery_limit, between(1, 10'000)},
        key{"queue_messages", &s::queue_messages, between(1, 100'000'000)},
        key{"queue_bytes", &s::queue_bytes, between(1.0 * mib, 1024.0 * gib)},
    };
};

template <>
struct keys_of<queue_settings> {
    using s = queue_settings;
    static constexpr auto all = std::tuple{
        key{"kind", &s::kind, one_of("embedded|amqp")},
        key{"seal_keys", &s::seal_keys, written_as(form::existing_file)},
        key{"amqp", &s::amqp},
    };
};

template <>
struct keys_of<node_settings> {
    using s = node_settings;
    static constexpr auto all = std::tuple{
        key{"name", &s::name, needed()},
        key{"data", &s::data},
        key{"operators_socket", &s::operators_socket},
        key{"operator_users", &s::operator_users},
        key{"health_port", &s::health_port, between(0, 65535)},
        key{"dialects", &s::dialects},
        key{"default_agency", &s::default_agency},
        key{"pool_threads", &s::pool_threads, between(1, 256)},
        key{"workers", &s::workers, between(1, 4096)},
        key{"log_level", &s::log_level, one_of("trace|debug|info|warn|error")},
        key{"agencies", &s::agencies},
        key{"partners", &s::partners},
        key{"adapters", &s::adapters},
        key{"adapter", &s::adapter},
        key{"limits", &s::limits},
        key{"dispatch", &s::dispatch},
        key{"queue", &s::queue},
    };
};

template <>
struct keys_of<inbox_rule> {
    using s = inbox_rule;
    static constexpr auto all = std::tuple{
        key{"types", &s::types, between(1, 9999)},
        key{"from", &s::from},
    };
};

template <>
struct keys_of<agency_settings> {
    using s = agency_settings;
    static constexpr auto all = std::tuple{
        key{"identity", &s::identity, needed()},
        key{"number_prefixes", &s::number_prefixes},
        key{"inbox", &s::inbox},
        key{"read_all_inbox", &s::read_all_inbox},
        key{"signature", &s::signature, one_of("none|optional|required")},
        key{"validation", &s::validation, one_of("lenient|standard|strict")},
    };
};

template <>
struct keys_of<host_settings> {
    using s = host_settings;
    static constexpr auto all = std::tuple{
        key{"identity", &s::identity, needed()},
        key{"partners", &s::partners, needed()},
    };
};

template <>
struct keys_of<partner_settings> {
    using s = partner_settings;
    static constexpr auto all = std::tuple{
        key{"channel", &s::channel, needed()},
        key{"address", &s::address},
        key{"complete_at", &s::complete_at, one_of("dialect|delivered|acknowledged")},
        key{"types", &s::types, between(1, 9999)},
        key{"statuses", &s::statuses, between(1, 9999)},
        key{"translate", &s::translate},
        key{"parameters", &s::parameters},
        key{"offer", &s::offer},
        key{"receipt_deadline", &s::receipt_deadline, between(1s, 8760h)},
        key{"acknowledgement_deadline", &s::acknowledgement_deadline, between(1s, 8760h)},
        key{"priority", &s::priority, between(-100, 100)},
        key{"validation", &s::validation, one_of("lenient|standard|strict")},
    };
};

template <>
struct keys_of<retry_settings> {
    using s = retry_settings;
    static constexpr auto all = std::tuple{
        key{"first", &s::first, between(10ms, 1h)},
        key{"factor", &s::factor, between(1, 10)},
        key{"longest", &s::longest, between(10ms, 24h)},
        key{"horizon", &s::horizon, between(1s, 8760h)},
        key{"jitter", &s::jitter, between(0, 1)},
        key{"settle", &s::settle, between(0s, 24h)},
    };
};

template <>
struct keys_of<circuit_settings> {
    using s = circuit_settings;
    static constexpr auto all = std::tuple{
        key{"failures", &s::failures, between(1, 1000)},
        key{"open_for", &s::open_for, between(10ms, 1h)},
        key{"longest_open", &s::longest_open, between(10ms, 24h)},
        key{"ramp", &s::ramp, between(1, 4096)},
    };
};

template <>
struct keys_of<channel_settings> {
    using s = channel_settings;
    static constexpr auto all = std::tuple{
        key{"dialect", &s::dialect, needed()},
        key{"endpoint", &s::endpoint, written_as(form::url)},
        key{"tls_certificate", &s::tls_certificate, written_as(form::existing_file)},
        key{"tls_key", &s::tls_key, written_as(form::existing_file)},
        key{"tls_ca", &s::tls_ca, written_as(form::existing_file)},
        key{"tls_pin", &s::tls_pin, written_as(form::existing_file)},
        key{"identity", &s::identity},
        key{"code", &s::code},
        key{"signing_key", &s::signing_key},
        key{"signing_certificates", &s::signing_certificates, written_as(form::existing_file)},
        key{"window", &s::window, between(1, 4096)},
        key{"connections", &s::connections, between(1, 1024)},
        key{"rate", &s::rate, between(0, 100'000)},
        key{"hours", &s::hours, written_as(form::hours)},
        key{"connect_timeout", &s::connect_timeout, between(100ms, 5min)},
        key{"reply_timeout", &s::reply_timeout, between(100ms, 1h)},
        key{"reply_limit", &s::reply_limit, between(4.0 * kib, 1.0 * gib)},
        key{"timestamp_skew", &s::timestamp_skew, between(0s, 1h)},
        key{"honours_message_id", &s::honours_message_id},
        key{"send_again_when_absent", &s::send_again_when_absent},
        key{"track_after", &s::track_after, between(0s, 24h)},
        key{"pull_every", &s::pull_every, between(0s, 24h)},
        key{"pull_most", &s::pull_most, between(1, 10'000)},
        key{"retry", &s::retry},
        key{"circuit", &s::circuit},
    };
};

template <>
struct keys_of<key_settings> {
    using s = key_settings;
    static constexpr auto all = std::tuple{
        key{"key", &s::key, needed(written_as(form::existing_file))},
        key{"certificate", &s::certificate, needed(written_as(form::existing_file))},
    };
};

}  // namespace ecert::load
