// The row of what a partner's list named: the memory of what was fetched, and how it is confirmed.
// The list of a channel has one too, without a reference: what its work is about.
#pragma once

#include "hub/ledger/ledger.hpp"
#include "hub/ledger/sqlite/transaction.hpp"

#include <optional>
#include <string>

namespace ecert::hub::sqlite {

struct pulled_row {
    std::int64_t id = 0;
    hub::uuid uuid{};
    std::string channel, reference;
    std::string partner;  // empty: From is nobody's yet
    queue::envelope envelope;
    time_point listed{};
    std::optional<std::int64_t> inbound;              // as it was stored
    std::optional<crypto::sha256> digest;             // of what came
    std::optional<queue::confirmation_kind> confirm;  // once it was fetched
    std::string confirm_text;
};

std::optional<pulled_row> load_pulled(connection& db, std::int64_t id);
std::optional<pulled_row> load_pulled(connection& db, const uuid& id);
std::optional<pulled_row> load_pulled(connection& db, const std::string& channel,
                                      const std::string& reference);
void insert(transaction& t, pulled_row& row);  // sets id and uuid
void update(transaction& t, const pulled_row& row);
pulled_view view_of(const pulled_row& row);

}  // namespace ecert::hub::sqlite
