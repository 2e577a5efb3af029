// The row of what a partner's list named: the memory of what was fetched, and how it is confirmed.
// The list of a channel has one too, without a reference: what its work is about.
#pragma once

#include "hub/ledger/ledger.hpp"
#include "hub/ledger/sqlite/transaction.hpp"

#include <optional>
#include <string>
#include <vector>

namespace ecert::hub::sqlite {

struct pulled_row {
    std::int64_t id = 0;
    hub::uuid uuid{};
    std::string channel, reference;
    std::string partner;  // empty: From is nobody's yet; of a list: the channel is not pulled
    queue::envelope envelope;
    time_point listed{};
    std::optional<std::int64_t> inbound;              // as it was stored
    std::optional<crypto::sha256> digest;             // of what came
    std::optional<queue::confirmation_kind> confirm;  // once it was fetched
    std::string confirm_text;
    std::optional<time_point> told;  // list: what it could not bring was last alerted
};

inline constexpr const char* not_pulled = "this channel is not pulled now";

std::optional<pulled_row> load_pulled(connection& db, std::int64_t id);
std::optional<pulled_row> load_pulled(connection& db, const uuid& id);
// One number may name several certificates, one after the other: each with its envelope.
std::optional<pulled_row> load_pulled(connection& db, const std::string& channel,
                                      const queue::waiting_there& what);
std::vector<std::int64_t> namesakes(connection& db, const std::string& channel,
                                    const std::string& reference);
void insert(transaction& t, pulled_row& row);  // sets id and uuid
void update(transaction& t, const pulled_row& row);
pulled_view view_of(const pulled_row& row);

}  // namespace ecert::hub::sqlite
