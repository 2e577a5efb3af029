// The ledger: the only truth about what the node has accepted and what became of it. Its interface is verbs; each is one transaction
// (load, decide by pure functions, store, append the event), shared with others in a group commit, and its awaiter resumes after the commit is
// on disk: what a verb has answered survives SIGKILL and power loss.
//
// Thread rule: any coroutine; each resumes on its own executor, which outlives the ledger. One process owns a ledger: the data folder is locked.
// receipt_writer and the policy functions are called on the ledger's own thread: they must not block, nor touch what the caller changes.
// Errors: failure_kind::unavailable when the disk is full or the ledger cannot be written (nothing is half done); not_found, conflict, forbidden
// as each verb says. Implementations: hub/ledger/sqlite; tests/conformance/ledger_suite.hpp holds each to this page.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "config/clock.hpp"
#include "config/pool.hpp"
#include "config/problem.hpp"
#include "config/result.hpp"
#include "config/settings.hpp"
#include "crypto/source.hpp"
#include "hub/dispatch/decide.hpp"
#include "hub/ledger/lifecycle.hpp"
#include "queue/outcome.hpp"
#include "queue/task.hpp"

namespace ecert::hub {

using queue::uuid;

// ---- taking in -------------------------------------------------------------------------------------------------------

struct accept_request {
    std::string agency;
    std::string partner;
    std::string channel;
    queue::envelope envelope;
    crypto::source_ptr content;
    std::string idempotency_key;              // empty: none
    std::optional<uuid> supersedes;
    std::vector<std::string> replaces;        // ADRPN numbers: their chains go first
    completes_at completes = completes_at::acknowledged;
    time_point at{};
    std::string traceparent;
    problems warnings;                        // kept with the certificate
    bool offers = false;                      // not to be sent: the partner fetches it
    crypto::source_ptr translation;           // offers: what they are given instead; null: the certificate as it is
};

struct accepted {
    bool repeat = false;                      // known: the stored receipt again
    uuid certificate{};
    uuid delivery{};
    std::string receipt;                      // exactly the bytes stored the first time
};

enum class accept_conflict {
    other_content,        // same number, type and status with other bytes, the earlier one is live
    earlier_link,         // equal to an earlier link that is not the latest: needs its own Idempotency-Key
    key_reused,           // the Idempotency-Key belongs to other bytes
    supersedes_unknown,   // Supersedes names nothing of this agency's chain
    closed                // equal to the latest link, which is over without being in force (refused, rejected, cancelled): nothing would be
                          // sent; an Idempotency-Key of its own makes it the next link
};
struct conflict {
    accept_conflict why{};
    uuid other{};         // the certificate it conflicts with
    std::string text;
    std::optional<hub::state> state;   // closed: of the other one, and why it came to that
    std::string reason;
};
using accept_result = std::variant<accepted, conflict>;

// What receipt text to store for a new acceptance (JSON of the REST door): called once, inside the transaction.
struct acceptance {
    uuid certificate{}, delivery{};
    std::uint32_t link = 0;
    crypto::sha256 digest;
    std::uint64_t size = 0;
    time_point at{};
};
using receipt_writer = std::function<std::string(const acceptance&)>;

// ---- working ---------------------------------------------------------------------------------------------------------

struct lease_terms {
    dispatch_settings limits;
    time_point now{};
    crypto::sha256 dialect;          // what dispatch will plan with; all zero: not known. When the outcome of an earlier send never came, no
                                     // translation was kept and this digest has changed since, the work parks instead of going out
    std::uint64_t fetch_bytes = 0;   // what a fetch may bring at most: it has the time for that
};

// How the pieces of work of a partner are treated: from the configuration snapshot.
struct work_policy {
    retry_settings retry;
    bool can_track = false;
    bool honours_message_id = true;
    duration receipt_deadline{3'600'000};
    duration acknowledgement_deadline{259'200'000};
    bool send_again_when_absent = false;
    duration track_after{0};         // what is in their custody is asked for by itself; 0: only when their receipt is overdue
    crypto::sha256 dialect;          // in force now
    duration pull_every{0};          // list: its channel is listed so often
    unsigned pull_most = 100;        // list: fetched after one listing
    std::shared_ptr<const std::map<std::string, std::string>> senders;   // list: From on its channel -> partner
    return_terms returned;
};

struct applied {
    bool known = false;              // false: no such work or attempt; kept as an event all the same
    bool repeat = false;             // this very outcome was applied before (a queue may bring it twice): recorded, nothing else
    uuid delivery{};                 // or what else the work is about: the inbound certificate we answered
    state before{}, after{};
    bool ended = false;
    hub::verdict verdict;
    std::vector<std::string> alerts;
};

struct due_partner {
    std::string partner;
    std::string channel;
    time_point due{};                // of its earliest piece of work
    std::uint64_t ready = 0;         // at least; counting stops at 1000
};

// An attempt that is out: what dispatch counts as in flight when it starts.
struct open_lease {
    std::int64_t work = 0;
    std::uint32_t attempt = 0;
    std::string partner, channel;
    time_point ends{};
    bool suspect = false;
};

// ---- arriving --------------------------------------------------------------------------------------------------------

struct arrival {
    std::string partner;             // authenticated
    std::string channel;
    std::string message_id;          // wsa:MessageID; or the hub's delivery number
    queue::envelope envelope;
    crypto::source_ptr content;
    std::string agency;              // responsible
    std::string receipt;             // the receipt element to store if this is new
    time_point at{};
    std::string traceparent;
    bool readable = true;            // false: kept, but our skeleton or rules found errors
    problems findings;
};
struct arrived {
    bool repeat = false;
    bool other_content = false;      // same id, other bytes: refused and alerted; nothing else is set
    uuid inbound{};
    std::string receipt;             // stored
    bool withdrawn_before = false;   // a withdrawal came first: kept, not revived
};

// A channel that is pulled: its partners share one list, which one of them carries.
struct pulled_channel {
    std::string channel;
    std::string partner;             // on whose queue the work `list` goes
};

// What a fetch brought, once it was read and judged.
struct fetched_arrival {
    arrival what;                    // message_id is their reference
    queue::confirmation confirm;     // failed: nothing is stored in the inbox; the bytes are kept as evidence
};

struct acknowledgement {
    std::string partner;             // authenticated
    std::string message_id;          // of the acknowledgement itself: repeats are known by it
    std::optional<uuid> delivery;    // RelatesTo
    std::string reference;           // the peer's, else
    queue::envelope envelope;        // (from, to, number, type, status) of the certificate it answers
    int status = 0;                  // 39 accepted, 41 rejected ...
    std::string reason;
    std::string receipt;             // to store if new
    time_point at{};
    std::string traceparent;
};
struct acknowledged {
    bool repeat = false;
    bool matched = false;            // false: kept, matched later, alerted after 10 minutes
    bool differs = false;            // a second, different answer: recorded and alerted
    uuid delivery{};
    std::string receipt;             // stored
};

// ---- fetched from us ------------------------------------------------------------------------------------------------

// How something was received by those it was for.
enum class reception { not_yet, plain, warned, unreadable };

// What a partner did with a delivery, or says became of it, in a message of its own and not in an answer to an attempt of ours.
enum class partner_word { pending, fetched, received, refused, unknown };
struct partner_report {
    std::vector<std::string> partners;  // authenticated: of one of these
    std::optional<uuid> delivery;       // which, by our number;
    std::string reference;              // else by theirs,
    queue::envelope envelope;           // else the latest link with this header that may have reached them
    partner_word said{};
    reception how = reception::plain;   // received
    std::string text;                   // their words
    time_point at{};
    std::string traceparent;
};

// ---- seeing ----------------------------------------------------------------------------------------------------------

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
    bool offered = false;            // it is theirs to fetch
    reception received{};            // by their system
    std::string received_text;
};

struct inbound_view {
    uuid inbound{};
    std::string partner, agency;
    queue::envelope envelope;
    std::string message_id;
    std::uint64_t size = 0;
    crypto::sha256 digest;
    time_point arrived{};
    int answer_status = 0;           // 0: not answered
    std::string answer_reason;
    bool answer_delivered = false;
    bool withdrawn = false;
    problems findings;
    reception received{};            // by the agency's system
    std::string received_text;
};

// What waits for us at a partner, or was fetched from there.
struct pulled_view {
    std::string channel, reference;
    queue::envelope envelope;        // as they listed it
};

// A piece of work that is owed to a partner, whatever its verb: who holds it, since when, what they last said, what comes next, who must act.
struct custody_view {
    queue::verb verb = queue::verb::deliver;
    uuid id{};                       // operators act on it by this: of the delivery, else of the inbound certificate it is about
    std::string partner, channel;
    hub::state state{};              // of what is no delivery: waiting, queued, delivered (they have it), refused, parked, held, cancelled
    bool ended = false;
    std::optional<certificate_view> certificate;   // deliver: what is sent
    std::optional<inbound_view> inbound;           // respond: what it answers; confirm: what was stored
    std::optional<pulled_view> pulled;             // list (the channel alone), fetch, confirm
    std::string holder;              // "hub", "worker", "NL", "NL authority", "operator"
    time_point since{};
    std::string last_answer;         // in the peer's words
    std::uint32_t attempts = 0;
    std::optional<time_point> next_try;
    std::string reason;              // of parked, refused, held, cancelled, waiting
    std::string who_must_act;        // "nobody: it goes on by itself", "operator: ...", "NL authority"
};

struct event_view {
    std::int64_t sequence = 0;
    time_point at{};
    std::string kind;                // accepted, attempt, outcome, sent, delivered, acknowledged, ended, parked, held ...
    std::string actor;               // agency:NPPO, partner:NZ, operator:root, hub
    std::string detail;              // JSON object
    std::string traceparent;
};

struct work_count {
    queue::verb verb = queue::verb::deliver;
    hub::state state{};
    std::uint64_t pieces = 0;
};

struct list_query {
    std::string agency;              // empty: operators, all
    std::string number, partner;
    std::optional<hub::state> state;
    std::optional<queue::verb> verb; // custody: of this verb alone
    std::optional<time_point> from, until;
    bool unfinished_first = false;   // operators: unfinished, oldest first
    std::string cursor;              // of the page before
    unsigned most = 100;
};
template <class View>
struct page {
    std::vector<View> rows;
    std::string next;                // cursor; empty: the last
};

struct audit_result {
    std::uint64_t events = 0;
    bool whole = true;
    std::int64_t broken_at = 0;      // sequence of the first event that does not hold
    std::string text;
};

class ledger {
  public:
    virtual ~ledger() = default;

    // Taking in. Content is durable with the row; duplicates, occurrence, chain link and ids are decided inside the transaction.
    virtual awaitable<result<accept_result>> accept(accept_request what, receipt_writer receipt) = 0;

    // Working. take_due commits attempt number and lease of each task before it is returned.
    virtual awaitable<result<std::vector<due_partner>>> due(time_point now) = 0;
    virtual awaitable<result<std::vector<queue::task>>> take_due(std::string partner, unsigned most, lease_terms terms) = 0;
    virtual awaitable<result<applied>> apply(queue::outcome o, work_policy by, time_point now, double jitter) = 0;
    // The publish came back or was refused: the lease ends, due again after `after`, no attempt counted.
    virtual awaitable<result<void>> unpublished(std::int64_t work, std::uint32_t attempt, time_point now, duration after) = 0;
    // A suspect that is out steps aside for others, or works alone again: only one alone counts when the process dies.
    virtual awaitable<result<void>> alone(std::int64_t work, std::uint32_t attempt, bool is) = 0;
    // Leases that ended without an outcome: each decided as ambiguous. At most `most`; returns how many.
    virtual awaitable<result<unsigned>> end_leases(time_point now, std::function<work_policy(const std::string&)> policy, unsigned most) = 0;
    // Receipts and acknowledgements overdue, chains blocked too long, acknowledgements unmatched: alerts as events, once each; their texts.
    virtual awaitable<result<std::vector<std::string>>> overdue(time_point now, std::function<work_policy(const std::string&)> policy) = 0;
    // When the next piece of work or lease is due; nullopt: nothing waits.
    virtual awaitable<result<std::optional<time_point>>> next_due() = 0;
    // Leases that are open at `now`: after a start, those of workers that outlived the process before.
    virtual awaitable<result<std::vector<open_lease>>> leased(time_point now) = 0;

    // Pulling. Channels that are pulled from now on, and no others: each has one piece of work `list`, due again `pull_every` after each answer.
    // An answer to it makes work `fetch` of every reference that is not known yet; of a From that nobody names, an alert, once.
    virtual awaitable<result<void>> pull(std::vector<pulled_channel> channels, time_point now) = 0;
    // The outcome of a fetch together with what it brought: the certificate, the end of the fetch and the work `confirm` are one transaction.
    // A reference that was stored before is stored once; a repeat of the outcome changes nothing.
    virtual awaitable<result<applied>> fetched(queue::outcome o, fetched_arrival what, work_policy by, time_point now, double jitter) = 0;

    // Arriving.
    virtual awaitable<result<arrived>> arrive(arrival what) = 0;
    virtual awaitable<result<acknowledged>> acknowledge(acknowledgement what) = 0;
    // The agency's answer to an inbound certificate: recorded once, and work `respond` in the same transaction. conflict: answered otherwise before.
    virtual awaitable<result<inbound_view>> answer(uuid inbound, std::string agency, queue::answer what, time_point now, std::string traceparent) = 0;

    // Offered. A delivery that was accepted to be offered is on offer from the moment no earlier link stands before it, until it is received or
    // over. Those that nobody fetched yet first, then those without a confirmation, each oldest first.
    virtual awaitable<result<std::vector<certificate_view>>> offered(std::vector<std::string> partners, unsigned most) = 0;
    // Fetched is sent, received is delivered, refused stops it with their words; said again, nothing changes, and nothing lowers it. not_found:
    // there is no such delivery, or it is another partner's.
    virtual awaitable<result<certificate_view>> report(partner_report what) = 0;
    // How the responsible agency's system received an arrival: the first word stands. not_found: it is none of this agency's.
    virtual awaitable<result<inbound_view>> receive(uuid inbound, std::string agency, reception how, std::string text, time_point now, std::string traceparent) = 0;

    // Operators: each audited with actor and reason. `id`: of a delivery, or of the inbound certificate that the work is about (custody_view::id).
    // conflict: makes no sense in this state (the text says why).
    virtual awaitable<result<state>> retry(uuid id, std::string actor, std::string reason, time_point now) = 0;
    virtual awaitable<result<state>> hold(uuid id, std::string actor, std::string reason, time_point now) = 0;
    virtual awaitable<result<state>> release(uuid id, std::string actor, std::string reason, time_point now) = 0;
    virtual awaitable<result<state>> cancel(uuid id, std::string actor, std::string reason, time_point now) = 0;
    // What was done to the node itself (its queues), not to one piece of work: an event, nothing else. `detail`: a JSON object.
    virtual awaitable<result<void>> note_act(std::string kind, std::string actor, std::string detail, time_point now) = 0;

    // Seeing: snapshots, under a second. An id of another agency is not_found.
    virtual awaitable<result<certificate_view>> certificate(uuid certificate_or_delivery, std::string agency) = 0;
    virtual awaitable<result<std::vector<event_view>>> events(uuid certificate_or_inbound, std::string agency) = 0;
    virtual awaitable<result<page<certificate_view>>> list(list_query q) = 0;
    virtual awaitable<result<page<custody_view>>> custody(list_query q) = 0;                // all work, of every verb
    virtual awaitable<result<custody_view>> custody_of(uuid certificate_delivery_or_inbound) = 0;
    virtual awaitable<result<page<inbound_view>>> inbox(list_query q, bool read_all) = 0;
    virtual awaitable<result<inbound_view>> inbound(uuid id, std::string agency, bool read_all) = 0;
    virtual awaitable<result<std::vector<work_count>>> counts() = 0;                        // from kept counters
    // By those who speak for others. not_found: there is none, or it is not of one of these.
    virtual awaitable<result<certificate_view>> delivery_to(uuid delivery, std::vector<std::string> partners) = 0;
    virtual awaitable<result<inbound_view>> arrival_from(uuid inbound, std::vector<std::string> partners) = 0;
    // An agency's own: what is not delivered yet, the newest first; what its system has not received yet, the oldest first; the latest arrival
    // with this header.
    virtual awaitable<result<std::vector<certificate_view>>> under_way(std::string agency, unsigned most) = 0;
    virtual awaitable<result<std::vector<inbound_view>>> to_receive(std::string agency, unsigned most) = 0;
    virtual awaitable<result<inbound_view>> arrival_like(std::string agency, queue::envelope e) = 0;

    // Content by digest; not_found if the ledger never had it. put() makes it durable (translations, fetched content).
    virtual awaitable<result<crypto::source_ptr>> content(crypto::sha256 digest) = 0;
    virtual awaitable<result<void>> put(crypto::source_ptr content) = 0;

    virtual awaitable<result<audit_result>> audit() = 0;

    // Signature values seen, for the replay cache that survives a restart; false: known.
    virtual awaitable<result<bool>> remember_signature(crypto::sha256 signature, time_point until, time_point now) = 0;

    // Ends writing: commits what was submitted, answers it, marks a clean stop.
    virtual awaitable<void> close() = 0;
};

}  // namespace ecert::hub
