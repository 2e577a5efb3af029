// What the ledger shows: snapshots, each true at one moment.
#pragma once

#include "config/clock.hpp"
#include "config/problem.hpp"
#include "crypto/source.hpp"
#include "hub/ledger/arriving.hpp"
#include "hub/ledger/lifecycle.hpp"
#include "queue/task.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace ecert::hub {

struct certificate_view {
    uuid certificate{}, delivery{};
    std::string agency, partner, channel;
    queue::envelope envelope;
    std::uint32_t link = 0;
    std::uint64_t size = 0;
    crypto::sha256 digest;
    time_point accepted{};
    hub::state state{};
    bool ended = false;
    std::optional<crypto::sha256> translation;
    std::string peer_reference;
    int answer_status = 0;
    std::string answer_reason;
    std::string receipt;
    problems warnings;
    bool offered = false;  // it is theirs to fetch
    reception received{};  // by their system
    std::string received_text;
};

struct inbound_view {
    uuid inbound{};
    std::string partner, agency;
    queue::envelope envelope;
    std::string message_id;  // or the number that their hub gave it
    std::uint64_t size = 0;
    crypto::sha256 digest;
    time_point arrived{};
    int answer_status = 0;  // 0: not answered
    std::string answer_reason;
    bool answer_delivered = false;
    bool withdrawn = false;
    problems findings;
    reception received{};  // by the agency's system
    std::string received_text;
};

// What waits for us at a partner, or was fetched from there.
struct pulled_view {
    std::string channel, reference;
    queue::envelope envelope;  // as they listed it
};

// A piece of work that is owed to a partner, whatever its verb: who holds it, since when, what they
// last said, what comes next, who must act.
struct custody_view {
    queue::verb verb = queue::verb::deliver;
    uuid id{};  // operators act on it by this: of the delivery, else of the inbound certificate it
                // is about
    std::string partner, channel;
    hub::state state{};  // of what is no delivery: waiting, queued, delivered (they have it),
                         // refused, parked, held, cancelled
    bool ended = false;
    std::optional<certificate_view> certificate;  // deliver: what is sent
    std::optional<inbound_view> inbound;  // respond: what it answers; confirm: what was stored
    std::optional<pulled_view> pulled;    // list (the channel alone), fetch, confirm
    std::string holder;                   // "hub", "worker", "NL", "NL authority", "operator"
    time_point since{};
    std::string last_answer;  // in the peer's words
    std::uint32_t attempts = 0;
    std::optional<time_point> next_try;
    std::string reason;        // of parked, refused, held, cancelled, waiting
    std::string who_must_act;  // "nobody: it goes on by itself", "operator: ...", "NL authority"
};

struct event_view {
    std::int64_t sequence = 0;
    time_point at{};
    std::string
        kind;  // accepted, attempt, outcome, sent, delivered, acknowledged, ended, parked, held ...
    std::string actor;   // agency:NPPO, partner:NZ, operator:root, hub
    std::string detail;  // JSON object
    std::string traceparent;
};

struct work_count {
    queue::verb verb = queue::verb::deliver;
    hub::state state{};
    std::uint64_t pieces = 0;
};

struct list_query {
    std::string agency;  // empty: operators, all
    std::string number, partner;
    std::optional<hub::state> state;
    std::optional<queue::verb> verb;  // custody: of this verb alone
    std::optional<time_point> from, until;
    bool unfinished_first = false;  // operators: unfinished, oldest first
    std::string cursor;             // of the page before
    unsigned most = 100;
};
template <class View>
struct page {
    std::vector<View> rows;
    std::string next;  // cursor; empty: the last
};

struct audit_result {
    std::uint64_t events = 0;
    bool whole = true;
    std::int64_t broken_at = 0;  // sequence of the first event that does not hold
    std::string text;
};

}  // namespace ecert::hub
