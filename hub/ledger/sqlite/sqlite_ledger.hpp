// The ledger's face: hands each verb to the writer or to the readers.
#pragma once

#include "config/pool.hpp"
#include "hub/ledger/sqlite/checkpoints.hpp"
#include "hub/ledger/sqlite/content.hpp"
#include "hub/ledger/sqlite/folder_lock.hpp"
#include "hub/ledger/sqlite/open.hpp"
#include "hub/ledger/sqlite/readers.hpp"
#include "hub/ledger/sqlite/verbs.hpp"
#include "hub/ledger/sqlite/writer.hpp"

#include <memory>

namespace ecert::hub::sqlite {

struct ledger_parts {
    folder_lock lock;
    content_files files;
    std::unique_ptr<connection> db;
    circumstances in;
    std::filesystem::path file;
    const clock& time;
};

class sqlite_ledger final : public ledger {
  public:
    sqlite_ledger(ledger_parts parts, const sqlite_settings& settings);

    awaitable<result<accept_result>> accept(accept_request what, receipt_writer receipt) override;
    awaitable<result<std::vector<due_partner>>> due(time_point now) override;
    awaitable<result<std::vector<queue::task>>> take_due(std::string partner, unsigned most,
                                                         lease_terms terms) override;
    awaitable<result<applied>> apply(queue::outcome o, work_policy by, time_point now,
                                     double jitter) override;
    awaitable<result<void>> pull(std::vector<pulled_channel> channels, time_point now) override;
    awaitable<result<applied>> fetched(queue::outcome o, fetched_arrival what, work_policy by,
                                       time_point now, double jitter) override;
    awaitable<result<void>> unpublished(std::int64_t work, std::uint32_t attempt, time_point now,
                                        duration after) override;
    awaitable<result<void>> alone(std::int64_t work, std::uint32_t attempt, bool is) override;
    awaitable<result<unsigned>> end_leases(time_point now, policy_of policy,
                                           unsigned most) override;
    awaitable<result<std::vector<std::string>>> overdue(time_point now, policy_of policy) override;
    awaitable<result<std::optional<time_point>>> next_due() override;
    awaitable<result<std::vector<open_lease>>> leased(time_point now) override;

    awaitable<result<arrived>> arrive(arrival what) override;
    awaitable<result<acknowledged>> acknowledge(acknowledgement what) override;
    awaitable<result<inbound_view>> answer(uuid inbound, std::string agency, queue::answer what,
                                           time_point now, std::string traceparent) override;

    awaitable<result<std::vector<certificate_view>>> offered(std::vector<std::string> partners,
                                                             unsigned most) override;
    awaitable<result<certificate_view>> report(partner_report what) override;
    awaitable<result<inbound_view>> receive(uuid inbound, std::string agency, reception how,
                                            std::string text, time_point now,
                                            std::string traceparent) override;

    awaitable<result<state>> retry(uuid id, std::string actor, std::string reason,
                                   time_point now) override;
    awaitable<result<state>> hold(uuid id, std::string actor, std::string reason,
                                  time_point now) override;
    awaitable<result<state>> release(uuid id, std::string actor, std::string reason,
                                     time_point now) override;
    awaitable<result<state>> cancel(uuid id, std::string actor, std::string reason,
                                    time_point now) override;
    awaitable<result<void>> note_act(std::string kind, std::string actor, std::string detail,
                                     time_point now) override;

    awaitable<result<certificate_view>> certificate(uuid id, std::string agency) override;
    awaitable<result<std::vector<event_view>>> events(uuid id, std::string agency) override;
    awaitable<result<page<certificate_view>>> list(list_query q) override;
    awaitable<result<page<custody_view>>> custody(list_query q) override;
    awaitable<result<custody_view>> custody_of(uuid id) override;
    awaitable<result<page<inbound_view>>> inbox(list_query q, bool read_all) override;
    awaitable<result<inbound_view>> inbound(uuid id, std::string agency, bool read_all) override;
    awaitable<result<std::vector<work_count>>> counts() override;
    awaitable<result<certificate_view>> delivery_to(uuid id,
                                                    std::vector<std::string> partners) override;
    awaitable<result<inbound_view>> arrival_from(uuid id,
                                                 std::vector<std::string> partners) override;
    awaitable<result<inbound_view>> arrival_numbered(std::string reference, std::string channel,
                                                     std::vector<std::string> partners) override;
    awaitable<result<std::vector<certificate_view>>> under_way(std::string agency,
                                                               unsigned most) override;
    awaitable<result<std::vector<inbound_view>>> arrivals_since(std::vector<std::string> partners,
                                                                time_point since,
                                                                unsigned most) override;
    awaitable<result<std::vector<inbound_view>>> to_receive(std::string agency, unsigned most,
                                                            std::string from) override;
    awaitable<result<inbound_view>> arrival_like(std::string agency, queue::envelope e) override;

    awaitable<result<crypto::source_ptr>> content(crypto::sha256 digest) override;
    awaitable<result<void>> put(crypto::source_ptr content) override;
    awaitable<result<audit_result>> audit() override;
    awaitable<result<bool>> remember_signature(crypto::sha256 signature, time_point until,
                                               time_point now) override;
    awaitable<void> close() override;

  private:
    awaitable<result<ready_content>> ready(crypto::source_ptr of);
    void tell_damaged(std::string text, time_point at);
    awaitable<result<state>> operate(life_event act, uuid id, std::string actor, std::string reason,
                                     time_point now);

    folder_lock lock_;  // ends last
    content_files files_;
    checkpoints checkpoints_;
    writer writer_;
    readers people_;    // views, which may take their time
    readers dispatch_;  // what is due, content: never behind a slow view
    pool disk_{1};      // writes content files; ends first, its work refers to files_
};

}  // namespace ecert::hub::sqlite
