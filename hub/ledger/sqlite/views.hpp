// What readers see, each from one snapshot.
#pragma once

#include "hub/ledger/ledger.hpp"
#include "hub/ledger/sqlite/inbound.hpp"
#include "hub/ledger/sqlite/rows.hpp"

#include <optional>
#include <string>
#include <vector>

namespace ecert::hub::sqlite {

result<certificate_view> certificate(connection& db, const uuid& id, const std::string& agency);
result<std::vector<event_view>> events(connection& db, const uuid& id, const std::string& agency);
result<custody_view> custody_of(connection& db, const uuid& id);
result<inbound_view> inbound(connection& db, const uuid& id, const std::string& agency,
                             bool read_all);

result<page<certificate_view>> list(connection& db, const list_query& q);
result<page<custody_view>> custody(connection& db, const list_query& q);
result<page<inbound_view>> inbox(connection& db, const list_query& q, bool read_all);

result<std::vector<due_partner>> due(connection& db, time_point now);
result<std::optional<time_point>> next_due(connection& db);
result<std::vector<open_lease>> leased(connection& db, time_point now);
result<std::vector<work_count>> counts(connection& db);

result<std::vector<certificate_view>> offered(connection& db,
                                              const std::vector<std::string>& partners,
                                              unsigned most);
result<certificate_view> delivery_to(connection& db, const uuid& id,
                                     const std::vector<std::string>& partners);
result<inbound_view> arrival_numbered(connection& db, const std::string& reference,
                                      const std::string& channel,
                                      const std::vector<std::string>& partners);
result<inbound_view> arrival_from(connection& db, const uuid& id,
                                  const std::vector<std::string>& partners);
result<std::vector<certificate_view>> under_way(connection& db, const std::string& agency,
                                                unsigned most);
result<std::vector<inbound_view>> arrivals_since(connection& db,
                                                 const std::vector<std::string>& partners,
                                                 time_point since, unsigned most);
result<std::vector<inbound_view>> to_receive(connection& db, const std::string& agency,
                                             unsigned most, const std::string& from);
result<inbound_view> arrival_like(connection& db, const std::string& agency,
                                  const queue::envelope& e);

certificate_view view_of(const delivery_row& d);
// Plain sentences for people: who holds it, and who must act.
custody_view custody_view_of(const delivery_row& d, const work_row& w);
// Of work that is no delivery, with what it is about.
custody_view custody_view_of(connection& db, const work_row& w);

}  // namespace ecert::hub::sqlite
