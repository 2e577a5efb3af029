// What the process was told. Plain structs: a member, its default and a comment are the whole
// definition of a setting; config/load reads them from TOML and the commented examples in
// deploy/examples equal these defaults (a test).
//
// Layout of a configuration folder (/etc/ecert): node.toml, agencies/*.toml, partners/*.toml,
// channels/*.toml, adapters/*.toml, keys.toml, trust/, dialects/. A file's stem is its name:
// partners/NL.toml is the partner NL. Relative paths in a file are relative to the configuration
// folder.
#pragma once

#include "config/clock.hpp"

#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace ecert {

using std::chrono_literals::operator""ms;
using std::chrono_literals::operator""s;
using std::chrono_literals::operator""min;
using std::chrono_literals::operator""h;

constexpr std::uint64_t kib = 1024, mib = 1024 * kib, gib = 1024 * mib;

// Who may connect as whom: a pin of the certificate itself, or a subject under a named CA. One of
// the two.
struct peer_identity_rule {
    std::filesystem::path pin;  // PEM file: this very certificate, which must also be in its time
    std::filesystem::path ca;   // PEM file: CA(s) that may have issued it
    std::string subject;        // RFC 4514, as `openssl x509 -nameopt RFC2253` prints it; exact
};

struct listener_settings {
    std::string address = "127.0.0.1";
    std::uint16_t port = 0;                   // 0: this listener is off
    std::filesystem::path certificate;        // PEM chain, ours
    std::filesystem::path key;                // PEM
    std::filesystem::path client_ca;          // PEM: CAs whose clients may finish the handshake
    unsigned connections = 512;               // more: the longest idle one makes room, else 503
    unsigned connections_per_identity = 128;  // of one client certificate's subject
    unsigned handshakes = 256;                // unfinished ones, beside the connections
    unsigned handshakes_per_address = 64;     // of one source address, once all are taken
};

struct limit_settings {
    std::uint64_t certificate_bytes = 110 * mib;  // largest body of a certificate or message
    std::uint64_t json_bytes = 8 * mib;           // largest certificate inside JSON, decoded
    std::uint64_t body_budget = 512 * mib;        // body bytes in flight over all listeners
    duration body_budget_wait = 5s;               // a request waits so long for its share, then 503
    double body_share_percent = 25;  // of it, for one client identity; one body is never too much
    std::uint64_t small_body_budget = 32 * mib;  // of it, kept for bodies of at most 1 MiB
    std::uint64_t spool_threshold = 1 * mib;     // larger bodies go to a file
    double disk_reserve_percent = 5;  // below it, or below the next, nothing new is taken in
    std::uint64_t disk_reserve_bytes = 2 * gib;
    unsigned xml_depth = 64;
    unsigned xml_attributes = 64;  // per element
    unsigned xml_nodes = 100'000;  // of a skeleton
    std::uint64_t xml_skeleton_bytes = 4 * mib;
    std::uint64_t xml_text_bytes = 1 * mib;  // one text that is no attachment
    duration handshake_timeout = 10s;        // TLS must be agreed by then
    duration header_timeout = 10s;           // a request's head must be there by then
    duration idle_timeout = 60s;             // between requests of one connection
    std::uint64_t minimum_rate =
        4 * kib;  // bytes a second of a body, averaged over 10 s: slower is cut off
    unsigned requests_per_second = 500;  // per agency: more is 429
};

struct dispatch_settings {
    duration start_by = 2min;
    duration attempt_limit = 60s;  // plus the next for every MiB of content
    duration attempt_limit_per_mib = 1s;
    duration skew = 60s;               // added to the lease
    duration returned_delay = 10s;     // a task handed back is due again after; doubled each time
    duration returned_longest = 1min;  // up to this
    unsigned returned_alert = 6;       // so often in a row alerts, and again each day
    duration drain = 10s;              // SIGTERM: so long for what is in flight
};

// This process as a worker host (ecert-adapter): how it reaches its hub.
struct adapter_settings {
    std::string name;                       // as the hub's adapters/<name>.toml
    std::string hub;                        // https URL of the hub's adapters listener
    std::filesystem::path tls_certificate;  // ours, as client
    std::filesystem::path tls_key;
    std::filesystem::path tls_ca;  // who may have issued the hub's certificate
    duration heartbeat = 10s;
};

// RabbitMQ between hub and workers. Brokers are tried in turn, from a random one on.
struct amqp_settings {
    std::vector<std::string> brokers = {"localhost:5672"};  // host:port; of one cluster
    std::string virtual_host = "/";
    std::string user = "ecert";
    std::filesystem::path password_file;  // first line; read at each connect. Empty: the client
                                          // certificate says who we are (EXTERNAL)
    bool tls = false;
    std::filesystem::path tls_ca;           // PEM: who may have issued the brokers' certificates
    std::filesystem::path tls_certificate;  // PEM, ours
    std::filesystem::path tls_key;
    duration heartbeat = 15s;  // a broker or network that is silent for twice as long is gone
    duration connect_timeout = 5s;
    duration reconnect_first = 500ms;  // after a round over all brokers; doubled for each more
    duration reconnect_longest = 30s;
    duration confirm_timeout = 30s;  // a broker that owes a confirm so long is left
    duration rebuild_after = 30s;    // a queue the broker has but can no longer use is made anew
    unsigned prefetch = 256;         // unsettled messages a consumer has at most
    unsigned window = 256;           // published and unconfirmed at most
    std::uint64_t window_bytes = 16 * mib;  // and their bodies
    unsigned delivery_limit = 8;  // a task that came back more often goes to the queue `poison`
    unsigned queue_messages = 10'000;  // ready in one work queue
    std::uint64_t queue_bytes = 256 * mib;
};

struct queue_settings {
    std::string kind = "embedded";    // embedded: in this process; amqp: RabbitMQ
    std::filesystem::path seal_keys;  // amqp: what tasks and outcomes are sealed with
                                      // (crypto/seal/keys.hpp says how it is written)
    amqp_settings amqp;
};

struct node_settings {
    std::string name;  // "CN": the country or body this node speaks for; required
    std::filesystem::path data = "/var/lib/ecert";  // ledger, content, spool; locked by the process
    std::filesystem::path operators_socket = "/run/ecert/operators.sock";
    std::vector<std::string> operator_users = {"root"};  // Unix users who may operate
    std::uint16_t health_port = 9180;  // loopback: /healthz /readyz /metrics; 0: off
    std::filesystem::path dialects = "/usr/share/ecert/dialects";  // the built-in ones
    std::string default_agency;  // gets what arrives and matches no agency's rule
    unsigned pool_threads = 2;
    unsigned workers = 256;          // attempts at once, over all partners (embedded)
    std::string log_level = "info";  // trace debug info warn error
    listener_settings agencies;      // REST for national agencies
    listener_settings partners;      // SOAP for partners
    listener_settings adapters;      // for worker hosts: heartbeats and content
    adapter_settings adapter;        // ecert-adapter only
    limit_settings limits;
    dispatch_settings dispatch;
    queue_settings queue;
};

// How much of what can be said against a certificate refuses it. lenient: only what this node
// cannot do without; standard: errors of the rules; strict: warnings and the schema's findings too.
// What does not refuse is kept with the certificate.
enum class strictness { lenient, standard, strict };

// Inbound certificates that an agency is responsible for: all set members must match.
struct inbox_rule {
    std::vector<int> types;         // document type codes; empty: any
    std::vector<std::string> from;  // countries; empty: any
};

struct agency_settings {
    std::string name;                          // the file's stem
    std::vector<peer_identity_rule> identity;  // how it connects; at least one
    std::vector<std::string>
        number_prefixes;  // certificate numbers it may issue; empty: any not claimed by another
    std::vector<inbox_rule> inbox;
    bool read_all_inbox = false;     // may read (never answer) what others are responsible for
    std::string signature = "none";  // none | optional | required (required refuses to start:
                                     // documents' own signatures are not checked yet)
    strictness validation = strictness::standard;  // what its certificates must keep
};

// A worker host that the hub knows.
struct host_settings {
    std::string name;                          // the file's stem
    std::vector<peer_identity_rule> identity;  // how it connects; at least one
    std::vector<std::string> partners;         // it may serve: it sees their certificates
};

// What completes a delivery: their system has it, or their authority answered. `dialect`: as its
// contract is used, which the dialect says.
enum class complete_when { dialect, delivered, acknowledged };

struct partner_settings {
    std::string name;     // the file's stem: ISO country code, or a body's code
    std::string channel;  // required
    std::string address;  // its code on the channel (envelope To); default: name
    complete_when complete_at = complete_when::dialect;
    std::vector<int> types;     // document types it accepts; empty: any
    std::vector<int> statuses;  // statuses it accepts; empty: any
    std::string
        translate;  // stylesheet of the dialect's translate/ (without .xsl); empty: as it is
    std::map<std::string, std::string> parameters;  // given to stylesheets by param()
    bool offer = false;  // what is for it is not sent: it waits here until they fetch it
    duration receipt_deadline = 1h;           // sent but not delivered: alert
    duration acknowledgement_deadline = 72h;  // delivered but not answered: alert
    int priority = 0;                         // higher goes first among the partners of a channel
    strictness validation = strictness::lenient;  // what certificates that arrive from it must keep
};

struct retry_settings {
    duration first = 5s;
    double factor = 2.0;
    duration longest = 1h;
    duration horizon = 240h;  // ten days, then it parks
    double jitter = 0.2;      // each delay is spread by up to so much of itself, both ways
    duration settle = 10min;  // absent after an ambiguous send: asked again until then
};

struct circuit_settings {
    unsigned failures = 5;    // in a row open it
    duration open_for = 30s;  // then one probe; doubled for each failed probe
    duration longest_open = 10min;
    unsigned ramp = 4;  // in flight after a good probe, doubling with each success up to the window
};

struct channel_settings {
    std::string name;                       // the file's stem
    std::string dialect;                    // required
    std::string endpoint;                   // https URL we call; required unless only served
    std::filesystem::path tls_certificate;  // ours, as client
    std::filesystem::path tls_key;
    std::filesystem::path tls_ca;              // who may have issued the endpoint's certificate
    std::filesystem::path tls_pin;             // or: this very certificate
    std::vector<peer_identity_rule> identity;  // how it connects to us
    std::string code;         // ours on this channel (envelope From); empty: the node's name
    std::string signing_key;  // key id in keys.toml: signs what we call and answer with
    std::vector<std::filesystem::path> signing_certificates;  // theirs: what they may sign with
    unsigned window = 64;                                     // attempts in flight
    unsigned connections = 16;                                // kept alive to the endpoint
    double rate = 0;                                          // attempts a second; 0: no limit
    std::string hours;  // "08:00-18:00" UTC, may pass midnight; empty: always
    duration connect_timeout = 10s;
    duration reply_timeout = 60s;
    std::uint64_t reply_limit = 8 * mib;
    duration timestamp_skew = 5min;
    bool honours_message_id =
        true;  // a repeat of one id is stored once there: ambiguous may be resent
    bool send_again_when_absent = false;  // else parks what they say, after `retry.settle`, they
                                          // do not have
    duration track_after =
        1min;                  // in their custody: asked what became of it, then ever more
                               // rarely, up to `retry.longest`; 0: only when a receipt is overdue
    duration pull_every = 0s;  // what waits for us there is listed so often; 0: never
    unsigned pull_most = 100;  // fetched after one listing; the rest after the next
    retry_settings retry;
    circuit_settings circuit;
};

struct key_settings {
    std::string id;                     // table name in keys.toml
    std::filesystem::path key;          // PEM private key
    std::filesystem::path certificate;  // PEM certificate of it
};

// One consistent reading of the whole configuration. Immutable; swapped as a whole on SIGHUP;
// whoever began with one keeps it by its shared_ptr.
struct configuration {
    std::filesystem::path folder;
    node_settings node;
    std::map<std::string, agency_settings> agencies;
    std::map<std::string, partner_settings> partners;
    std::map<std::string, channel_settings> channels;
    std::map<std::string, host_settings> hosts;  // adapters/
    std::map<std::string, key_settings> keys;
};
using configuration_ptr = std::shared_ptr<const configuration>;

}  // namespace ecert
