// The verbs, as they run inside the writer's transaction. What each promises stands in
// hub/ledger/ledger.hpp; a failure returned, or an exception, rolls the verb's savepoint back.
#pragma once

#include "hub/ledger/ledger.hpp"
#include "hub/ledger/sqlite/content.hpp"
#include "hub/ledger/sqlite/transaction.hpp"

#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace ecert::hub::sqlite {

using policy_of = std::function<work_policy(const std::string&)>;

// `translated`: of a certificate that is offered; without one: not set.
result<accept_result> accept(transaction& t, const accept_request& what, const ready_content& kept,
                             const std::optional<ready_content>& translated,
                             const receipt_writer& receipt);

result<std::vector<queue::task>> take_due(transaction& t, const std::string& partner, unsigned most,
                                          const lease_terms& terms);
result<applied> apply(transaction& t, const queue::outcome& o, const work_policy& by,
                      time_point now, double jitter);
result<void> pull(transaction& t, const std::vector<pulled_channel>& channels, time_point now);
result<applied> fetched(transaction& t, const queue::outcome& o, const fetched_arrival& what,
                        const ready_content& kept, const work_policy& by, time_point now,
                        double jitter);
result<void> unpublished(transaction& t, std::int64_t work, std::uint32_t attempt, time_point now,
                         duration after);
result<unsigned> end_leases(transaction& t, time_point now, const policy_of& policy, unsigned most);
result<std::vector<std::string>> overdue(transaction& t, time_point now, const policy_of& policy);

result<arrived> arrive(transaction& t, const arrival& what, const ready_content& kept);
result<acknowledged> acknowledge(transaction& t, const acknowledgement& what);
result<inbound_view> answer(transaction& t, const uuid& inbound, const std::string& agency,
                            const queue::answer& what, time_point now,
                            const std::string& traceparent);

result<certificate_view> report(transaction& t, const partner_report& what);
result<inbound_view> receive(transaction& t, const uuid& inbound, const std::string& agency,
                             reception how, const std::string& text, time_point now,
                             const std::string& traceparent);

// retry, hold, release, cancel: one act of an operator on the work of this delivery, or about this
// inbound certificate.
result<state> operate(transaction& t, life_event act, const uuid& id, const std::string& actor,
                      const std::string& reason, time_point now);

result<bool> remember_signature(transaction& t, const crypto::sha256& signature, time_point until,
                                time_point now);

}  // namespace ecert::hub::sqlite
