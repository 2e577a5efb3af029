// A task: one attempt at one piece of work, version 1 (wire/). A worker has nothing but this and
// its own profiles and keys.
#pragma once

#include "config/clock.hpp"
#include "queue/content.hpp"
#include "queue/envelope.hpp"
#include "queue/ids.hpp"

#include <cstdint>
#include <map>
#include <optional>
#include <string>

namespace ecert::queue {

// The six verbs, the same in ledger, queue, engine and dialects.
enum class verb { deliver, track, list, fetch, confirm, respond };
std::string_view name_of(verb v);
std::optional<verb> verb_of(std::string_view name);

struct answer {      // respond: our authority's answer
    int status = 0;  // UNTDID 4405: 39 accepted, 41 rejected
    std::string reason;
    std::string language;
    bool operator==(const answer&) const = default;
};

// confirm: how what we fetched was received. The names are those of the wire and of dialects.
enum class confirmation_kind {
    plain,    // stored
    warning,  // stored, and we found something that they should know
    failed    // not stored: it cannot be read
};
std::string_view name_of(confirmation_kind r);
std::optional<confirmation_kind> confirmation_kind_of(std::string_view name);

struct confirmation {
    confirmation_kind how = confirmation_kind::plain;
    std::string text;  // for them; empty when plain
    bool operator==(const confirmation&) const = default;
};

struct task {
    queue::verb verb = verb::deliver;
    uuid id{};                       // of the piece of work: the same for every attempt
    uuid message{};                  // wsa:MessageID: the delivery id, or respond id
    std::optional<uuid> relates_to;  // respond: their delivery id
    std::uint32_t attempt = 0;       // 1 is the first
    time_point start_by{};           // a worker that takes it later hands it back
    std::int64_t work = 0;           // row in the ledger
    std::string partner;
    std::string channel;
    crypto::sha256 dialect;  // digests of the parsed dialect and profile (channel + partner) it was
                             // planned with
    crypto::sha256 profile;
    queue::envelope envelope;
    std::optional<content_ref> content;
    std::optional<content_ref>
        translation;        // kept from the first transmission: retries send it, never another
    std::string reference;  // track, fetch, confirm: the peer's reference
    std::optional<queue::answer> answer;
    std::optional<queue::confirmation> confirmation;
    std::string page;           // list: where to go on, as they named it; empty: from the beginning
    std::uint64_t expects = 0;  // fetch: so many bytes may come, and have their time
    std::string traceparent;    // W3C Trace Context
    std::string token;     // opens the hub's door for this attempt's content over inline_limit;
                           // empty: there is none
    bool suspect = false;  // a process died during an earlier attempt: runs alone
    bool operator==(const task&) const = default;
};

}  // namespace ecert::queue
