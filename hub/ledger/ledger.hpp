// The ledger: the only truth about what the node has accepted and what became of it. Its interface
// is verbs; each is one transaction (load, decide by pure functions, store, append the event),
// shared with others in a group commit, and its awaiter resumes after the commit is on disk: what a
// verb has answered survives SIGKILL and power loss.
//
// Thread rule: any coroutine; each resumes on its own executor, which outlives the ledger. One
// process owns a ledger: the data folder is locked. receipt_writer and the policy functions are
// called on the ledger's own thread: they must not block, nor touch what the caller changes.
// Errors: failure_kind::unavailable when the disk is full or the ledger cannot be written (nothing
// is half done); not_found, conflict, forbidden as each verb says. Implementations:
// hub/ledger/sqlite; tests/conformance/ledger_suite.hpp holds each to this page.
#pragma once

#include "config/pool.hpp"
#include "config/result.hpp"
#include "hub/ledger/accepting.hpp"
#include "hub/ledger/arriving.hpp"
#include "hub/ledger/views.hpp"
#include "hub/ledger/working.hpp"
#include "queue/outcome.hpp"

#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace ecert::hub {

class ledger {
  public:
    virtual ~ledger() = default;

    // Taking in. Content is durable with the row; duplicates, occurrence, chain link and ids are
    // decided inside the transaction.
    virtual awaitable<result<accept_result>> accept(accept_request what,
                                                    receipt_writer receipt) = 0;

    // Working. take_due commits attempt number and lease of each task before it is returned.
    virtual awaitable<result<std::vector<due_partner>>> due(time_point now) = 0;
    virtual awaitable<result<std::vector<queue::task>>> take_due(std::string partner, unsigned most,
                                                                 lease_terms terms) = 0;
    virtual awaitable<result<applied>> apply(queue::outcome o, work_policy by, time_point now,
                                             double jitter) = 0;
    // The publish came back or was refused: the lease ends, due again after `after`, no attempt
    // counted.
    virtual awaitable<result<void>> unpublished(std::int64_t work, std::uint32_t attempt,
                                                time_point now, duration after) = 0;
    // A suspect that is out steps aside for others, or works alone again: only one alone counts
    // when the process dies.
    virtual awaitable<result<void>> alone(std::int64_t work, std::uint32_t attempt, bool is) = 0;
    // Leases that ended without an outcome: each decided as ambiguous. At most `most`; returns how
    // many.
    virtual awaitable<result<unsigned>> end_leases(
        time_point now, std::function<work_policy(const std::string&)> policy, unsigned most) = 0;
    // Receipts and acknowledgements overdue, chains blocked too long, acknowledgements unmatched:
    // alerts as events, once each; their texts.
    virtual awaitable<result<std::vector<std::string>>> overdue(
        time_point now, std::function<work_policy(const std::string&)> policy) = 0;
    // When the next piece of work or lease is due; nullopt: nothing waits.
    virtual awaitable<result<std::optional<time_point>>> next_due() = 0;
    // Leases that are open at `now`: after a start, those of workers that outlived the process
    // before.
    virtual awaitable<result<std::vector<open_lease>>> leased(time_point now) = 0;

    // Pulling. Channels that are pulled from now on, and no others: each has one piece of work
    // `list`, due again `pull_every` after each answer; one that is out now is fitted to this when
    // it is back, and nobody starts the list of a channel that is not pulled. An answer to it makes
    // work `fetch` of every reference that is not known yet; of a From that nobody names, an alert,
    // once.
    virtual awaitable<result<void>> pull(std::vector<pulled_channel> channels, time_point now) = 0;
    // The outcome of a fetch together with what it brought: the certificate, the end of the fetch
    // and the work `confirm` are one transaction. A reference that was stored before is stored
    // once; a repeat of the outcome changes nothing.
    virtual awaitable<result<applied>> fetched(queue::outcome o, fetched_arrival what,
                                               work_policy by, time_point now, double jitter) = 0;

    // Arriving.
    virtual awaitable<result<arrived>> arrive(arrival what) = 0;
    virtual awaitable<result<acknowledged>> acknowledge(acknowledgement what) = 0;
    // The agency's answer to an inbound certificate: recorded once, and work `respond` in the same
    // transaction. conflict: answered otherwise before.
    virtual awaitable<result<inbound_view>> answer(uuid inbound, std::string agency,
                                                   queue::answer what, time_point now,
                                                   std::string traceparent) = 0;

    // Offered. A delivery that was accepted to be offered is on offer from the moment no earlier
    // link stands before it, until it is received or over. Of all these partners those that nobody
    // fetched yet first, then those without a confirmation, each partner's oldest first.
    virtual awaitable<result<std::vector<certificate_view>>> offered(
        std::vector<std::string> partners, unsigned most) = 0;
    // Fetched is sent, received is delivered, refused stops it with their words; said again,
    // nothing changes, and nothing lowers it. A complaint about what is delivered already is kept
    // and alerted, once. not_found: there is no such delivery, or it is another partner's; fetched:
    // or it is not theirs to fetch (any more).
    virtual awaitable<result<certificate_view>> report(partner_report what) = 0;
    // How the responsible agency's system received an arrival: the first word stands, unless it was
    // plain and a complaint follows; any new complaint is alerted, once. not_found: it is none of
    // this agency's.
    virtual awaitable<result<inbound_view>> receive(uuid inbound, std::string agency, reception how,
                                                    std::string text, time_point now,
                                                    std::string traceparent) = 0;

    // Operators: each audited with actor and reason. `id`: of a delivery, or of the inbound
    // certificate that the work is about (custody_view::id). conflict: makes no sense in this state
    // (the text says why).
    virtual awaitable<result<state>> retry(uuid id, std::string actor, std::string reason,
                                           time_point now) = 0;
    virtual awaitable<result<state>> hold(uuid id, std::string actor, std::string reason,
                                          time_point now) = 0;
    virtual awaitable<result<state>> release(uuid id, std::string actor, std::string reason,
                                             time_point now) = 0;
    virtual awaitable<result<state>> cancel(uuid id, std::string actor, std::string reason,
                                            time_point now) = 0;
    // What was done to the node itself (its queues), not to one piece of work: an event, nothing
    // else. `detail`: a JSON object.
    virtual awaitable<result<void>> note_act(std::string kind, std::string actor,
                                             std::string detail, time_point now) = 0;

    // Seeing: snapshots, under a second. An id of another agency is not_found.
    virtual awaitable<result<certificate_view>> certificate(uuid certificate_or_delivery,
                                                            std::string agency) = 0;
    virtual awaitable<result<std::vector<event_view>>> events(uuid certificate_or_inbound,
                                                              std::string agency) = 0;
    virtual awaitable<result<page<certificate_view>>> list(list_query q) = 0;
    virtual awaitable<result<page<custody_view>>> custody(
        list_query q) = 0;  // all work, of every verb
    virtual awaitable<result<custody_view>> custody_of(uuid certificate_delivery_or_inbound) = 0;
    virtual awaitable<result<page<inbound_view>>> inbox(list_query q, bool read_all) = 0;
    virtual awaitable<result<inbound_view>> inbound(uuid id, std::string agency, bool read_all) = 0;
    virtual awaitable<result<std::vector<work_count>>> counts() = 0;  // from kept counters
    // By those who speak for others. not_found: there is none, or it is not of one of these.
    virtual awaitable<result<certificate_view>> delivery_to(uuid delivery,
                                                            std::vector<std::string> partners) = 0;
    virtual awaitable<result<inbound_view>> arrival_from(uuid inbound,
                                                         std::vector<std::string> partners) = 0;
    // The latest that came from one of these over the channel under a number of theirs.
    virtual awaitable<result<inbound_view>> arrival_numbered(std::string reference,
                                                             std::string channel,
                                                             std::vector<std::string> partners) = 0;
    // What came from these since then, the newest first, without its findings; of the newest 10 000
    // arrivals of the node.
    virtual awaitable<result<std::vector<inbound_view>>> arrivals_since(
        std::vector<std::string> partners, time_point since, unsigned most) = 0;
    // An agency's own, without warnings and findings: what is neither delivered nor over, nor
    // refused by them, the newest first; what its system has not received yet, the oldest first
    // (from this country or partner alone, unless it is empty). And the latest arrival with this
    // header.
    virtual awaitable<result<std::vector<certificate_view>>> under_way(std::string agency,
                                                                       unsigned most) = 0;
    virtual awaitable<result<std::vector<inbound_view>>> to_receive(std::string agency,
                                                                    unsigned most,
                                                                    std::string from = {}) = 0;
    virtual awaitable<result<inbound_view>> arrival_like(std::string agency, queue::envelope e) = 0;

    // Content by digest; not_found if the ledger never had it. put() makes it durable
    // (translations, fetched content).
    virtual awaitable<result<crypto::source_ptr>> content(crypto::sha256 digest) = 0;
    virtual awaitable<result<void>> put(crypto::source_ptr content) = 0;

    virtual awaitable<result<audit_result>> audit() = 0;

    // Signature values seen, for the replay cache that survives a restart; false: known.
    virtual awaitable<result<bool>> remember_signature(crypto::sha256 signature, time_point until,
                                                       time_point now) = 0;

    // Ends writing: commits what was submitted, answers it, marks a clean stop.
    virtual awaitable<void> close() = 0;
};

}  // namespace ecert::hub
