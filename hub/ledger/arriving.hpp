// What comes from partners: certificates, the answers of their authorities, what was fetched from
// them, and what they say of deliveries of ours.
#pragma once

#include "config/clock.hpp"
#include "config/problem.hpp"
#include "crypto/source.hpp"
#include "queue/task.hpp"

#include <optional>
#include <string>
#include <vector>

namespace ecert::hub {

using queue::uuid;

struct arrival {
    std::string partner;  // authenticated
    std::string channel;
    std::string message_id;  // wsa:MessageID
    std::string reference;   // where there is none: the number that their hub gave it, which names
                             // one certificate on one channel, and with its envelope
    queue::envelope envelope;
    crypto::source_ptr content;
    std::string agency;   // responsible
    std::string receipt;  // the receipt element to store if this is new
    time_point at{};
    std::string traceparent;
    std::optional<queue::confirmation> confirm;  // owed to them under `reference` by a call of
                                                 // ours, in the transaction that stores it
    bool readable = true;  // false: kept, but our skeleton or rules found errors
    problems findings;
};
struct arrived {
    bool repeat = false;
    bool other_content = false;  // same id, other bytes: refused and alerted; nothing else is set
    uuid inbound{};
    std::string receipt;            // stored
    bool withdrawn_before = false;  // a withdrawal came first: kept, not revived
};

// A channel that is pulled: its partners share one list, which one of them carries.
struct pulled_channel {
    std::string channel;
    std::string partner;  // on whose queue the work `list` goes
};

// What a fetch brought, once it was read and judged.
struct fetched_arrival {
    arrival what;  // under their reference
    queue::confirmation
        confirm;          // failed: nothing is stored in the inbox; the bytes are kept as evidence
    bool by_rule = true;  // an agency's rule names it; false: it went to the default agency
    problems differing;   // of the findings, those about its countries
};

struct acknowledgement {
    std::string partner;           // authenticated
    std::string message_id;        // of the acknowledgement itself: repeats are known by it. Empty
                                   // where the contract has none: by equal words about one delivery
    std::optional<uuid> delivery;  // RelatesTo
    std::string reference;         // the peer's, else
    queue::envelope envelope;      // (from, to, number, type, status) of the certificate it answers
    int status = 0;                // 39 accepted, 41 rejected ...
    std::string reason;
    std::string receipt;  // to store if new
    time_point at{};
    std::string traceparent;
};
struct acknowledged {
    bool repeat = false;
    bool matched = false;  // false: kept, matched later, alerted after 10 minutes
    bool differs = false;  // a second, different answer: recorded and alerted
    uuid delivery{};
    std::string receipt;  // stored
};

// How something was received by those it was for.
enum class reception { not_yet, plain, warned, unreadable };

// What a partner did with a delivery, or says became of it, in a message of its own and not in an
// answer to an attempt of ours.
enum class partner_word { pending, fetched, received, refused, unknown };
struct partner_report {
    std::vector<std::string> partners;  // authenticated: of one of these
    std::optional<uuid> delivery;       // which, by our number;
    std::string reference;              // else by theirs,
    queue::envelope envelope;  // else the latest link with this header that may have reached them
    partner_word said{};
    reception how = reception::plain;  // received
    std::string text;                  // their words
    time_point at{};
    std::string traceparent;
};

}  // namespace ecert::hub
