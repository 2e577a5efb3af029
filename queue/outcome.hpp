// An outcome: the classified result of one task, with its evidence, version 1 (wire/).
#pragma once

#include "config/clock.hpp"
#include "queue/content.hpp"
#include "queue/envelope.hpp"
#include "queue/ids.hpp"
#include "queue/task.hpp"

#include <cstdint>
#include <optional>
#include <string>

namespace ecert::queue {

enum class outcome_class {
    sent,           // they took custody
    delivered,      // their system has it
    done,           // list, fetch, confirm, respond
    duplicate,      // they say they have it already
    absent,         // track: they do not have it
    refused,        // their system will never take it as it is
    temporary,      // later, by itself
    ambiguous,      // bytes went out, no answer came
    misconfigured,  // credentials, certificate, clock: nobody's message is at fault
    unrecognised,   // an answer that no rule matches
    poison,         // kills whoever works on it
    returned        // handed back unspent
};
std::string_view name_of(outcome_class c);
std::optional<outcome_class> outcome_class_of(std::string_view name);

enum class outcome_scope { task, channel };

// What went over the wire: evidence. Secrets are masked by the worker.
struct exchange_record {
    std::string request_head;       // the request up to the content
    std::string request_tail;       // and after it
    crypto::sha256 request_digest;  // of the whole request as sent
    std::uint64_t request_size = 0;
    int status = 0;               // HTTP
    std::string reply;            // first 1 MiB
    crypto::sha256 reply_digest;  // of all of it
    std::string tls_peer;         // subject of their certificate
    time_point started{}, ended{};
    bool operator==(const exchange_record&) const = default;
};

struct outcome {
    uuid id{};  // the task's
    std::uint32_t attempt = 0;
    std::int64_t work = 0;
    std::string partner;
    std::string channel;
    outcome_class what = outcome_class::returned;
    outcome_scope scope = outcome_scope::task;
    std::string reference;  // the peer's
    std::string text;       // the peer's words, or ours where the peer said nothing
    std::optional<duration> retry_after;
    std::optional<crypto::sha256> peer_digest;  // of the content their receipt names
    std::optional<content_ref> translation;     // a new one, made for this transmission
    exchange_record exchange;
    std::string traceparent;
    bool operator==(const outcome&) const = default;
};

}  // namespace ecert::queue
