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
#include <vector>

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

// What waits for us there, one page. An outcome carries at most most_listed of it.
constexpr std::size_t most_listed = 1000;
struct waiting_there {
    queue::envelope envelope;
    std::string reference;  // theirs: what it is fetched by
    bool operator==(const waiting_there&) const = default;
};
struct listing {
    std::vector<waiting_there> envelopes;
    std::string next;  // where it goes on: their name for the next page, or, where their lists are
                       // one page, how many entries were read so far; empty: this is the end
    bool cut = false;  // a page of theirs named more than an outcome carries: the rest is not seen
    std::uint32_t left_out = 0;  // entries that cannot be fetched: no number, or longer than may be
    bool operator==(const listing&) const = default;
};

// What a fetch brought: the envelope as they wrote it; no content: there was none in it.
struct fetched {
    queue::envelope envelope;
    std::optional<content_ref> content;
    bool operator==(const fetched&) const = default;
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
    std::string warning;    // they have it, and complained about it: kept, and somebody is told
    std::optional<duration> retry_after;
    std::optional<crypto::sha256> peer_digest;  // of the content their receipt names
    std::optional<content_ref> translation;     // a new one, made for this transmission
    std::optional<queue::listing> listing;      // list
    std::optional<queue::fetched> fetched;      // fetch
    exchange_record exchange;
    std::string traceparent;
    bool operator==(const outcome&) const = default;
};

}  // namespace ecert::queue
