// The engine: carries out one call of a task, and reads and answers what partners ask, over any
// dialect.
//
// Thread rule: coroutines of the I/O executor; XML, digests and signatures run on the pool.
// Errors: call() never fails: whatever happens is an outcome. Problems of ours (a stylesheet that
// gives nothing) are `misconfigured`.
#pragma once

#include "adapters/engine/dialect.hpp"
#include "adapters/http/client.hpp"
#include "adapters/http/message.hpp"
#include "config/clock.hpp"
#include "config/pool.hpp"
#include "crypto/keys/signer.hpp"
#include "crypto/trust/certificate.hpp"
#include "crypto/xml/reader.hpp"
#include "queue/outcome.hpp"
#include "queue/task.hpp"

#include <functional>
#include <memory>
#include <string>
#include <variant>

namespace ecert::engine {

// A channel ready for use: made from a snapshot, shared by the attempts that began with it.
struct channel {
    std::string node;  // our own code
    channel_settings profile;
    dialect_ptr dialect;
    std::shared_ptr<crypto::signer> keys;      // of the snapshot: what we sign with
    std::shared_ptr<http::client> client;      // null: only served
    std::vector<crypto::certificate> signers;  // what they may sign with
    std::vector<crypto::identity_rule> identity;
    crypto::sha256
        client_of;  // what the client was made of: endpoint, limits, bytes of the TLS files
};
using channel_ptr = std::shared_ptr<const channel>;

// Digest over the parsed values of channel and partner profile, without credentials: what a task
// was planned with.
crypto::sha256 profile_digest(const channel_settings& c, const partner_settings& p);

struct tools {
    pool& work;
    const clock& time;
    limit_settings limits;
    std::filesystem::path spool_folder;
    duration attempt_limit{
        60'000};  // of one call, with what it takes to prepare; the stage is exact at its end
    duration attempt_limit_per_mib{1'000};
    // Awaited when the call begins to wait for the peer (true), and when its reply is there, before
    // any of it is read (false): between the two nothing of ours is at work. Empty: nobody asks.
    std::function<awaitable<void>(bool)> waiting_for_peer;
};

// One attempt: translate if there is no kept translation, write, sign, send, verify, classify. The
// envelope is written From our node To the partner's address, whatever the verb: for `respond` we
// are the sender. `to` must outlive the call. A fetch gives its content in `fetched`; the outcome
// names it.
awaitable<queue::outcome> call(tools with, channel_ptr over, const partner_settings& to,
                               queue::task what, crypto::source_ptr content,
                               crypto::source_ptr kept_translation,
                               crypto::source_ptr* new_translation,
                               crypto::source_ptr* fetched = nullptr);

// translate/<name>.xsl over the skeleton, attachments put back. Also the dry run at ingest. Pool
// thread.
result<crypto::source_ptr> translate(const dialect& d, const std::string& name,
                                     const crypto::xml::skeleton& of, const partner_settings& to);

// What a partner asked, read and (by the security profile) proven.
struct served {
    const serve_operation* operation = nullptr;
    dialect_ptr dialect;
    soap_version spoken = soap_version::v1_2;  // the answer is in the same
    std::string message_id, relates_to;        // wsa
    queue::envelope envelope;
    crypto::source_ptr content;                 // null: none
    std::map<std::string, std::string> fields;  // everything the operation's rules extracted
    crypto::sha256 signature;                   // of the signature value; for the replay cache
    time_point signature_until{};
    std::string signer;  // subject
};

struct fault {
    bool sender = true;   // Sender (400) or Receiver (500)
    std::string subcode;  // "wsse:FailedCheck", "Forbidden", "Conflict", "Busy" ...;
                          // "MustUnderstand" and "VersionMismatch" are codes
    std::string text;     // helps an honest sender
    std::optional<unsigned> retry_after_seconds;
    std::string relates_to;  // their MessageID as it stands in the message, unproven; empty if it
                             // could not be read
    std::optional<soap_version> spoken = {};  // by them; not set: the dialect's own
};

// The facts a reply stylesheet may use: message_id, digest, size, receiver, time, matched ...
using facts = std::map<std::string, std::string>;

// What became of something, in words that the reply stylesheets put into their contract's.
enum class standing { pending, delivered, warned, unreadable, failed, unknown };
std::string_view name_of(standing s);
std::optional<standing> standing_of(std::string_view name);

// One envelope that a reply tells of.
struct told_envelope {
    queue::envelope envelope;
    std::string reference;  // the number we know it by
    engine::standing standing = standing::pending;
    std::string text;            // why
    crypto::source_ptr content;  // spliced in; null: the header alone
};
struct told_finding {
    std::string area, level, field, text;
};
struct reply_material {
    facts known;
    std::vector<told_envelope> envelopes;
    std::vector<told_finding> findings;
};

// `over`: of the partner, or what a dialect is served to agencies with (channels.hpp).
awaitable<boost::system::result<served, fault>> read_request(tools with, channel_ptr over,
                                                             const http::request_head& head,
                                                             crypto::source_ptr body);
// The reply's Body content: canonical bytes around the contents of its envelopes, which are read
// while it is sent: whatever they weigh, it is no more than text in memory.
awaitable<result<crypto::xml::parts>> render(tools with, channel_ptr over, const served& to,
                                             reply_material what);
// The same without envelopes, as bytes. Kept as the receipt, and the same for ever.
awaitable<result<std::string>> render_reply(tools with, channel_ptr over, const served& to,
                                            facts known);
// Wraps it: addressing, signature made afresh.
awaitable<http::response> write_reply(tools with, channel_ptr over, const served& to,
                                      crypto::xml::parts body);
awaitable<http::response> write_reply(tools with, channel_ptr over, const served& to,
                                      std::string body);
// `relates_to` empty: what.relates_to. Signed like a reply; unsigned only where signing itself
// fails.
awaitable<http::response> write_fault(tools with, channel_ptr over, const std::string& relates_to,
                                      fault what);
// The service's description at this address.
http::response describe(const dialect& of, std::string_view address);

}  // namespace ecert::engine

namespace ecert::engine {
[[noreturn]] inline void throw_exception_from_error(const fault& f, const boost::source_location&) {
    throw std::runtime_error(f.text);
}
}  // namespace ecert::engine
