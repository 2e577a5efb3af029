// The row of an inbound certificate.
#pragma once

#include "hub/ledger/ledger.hpp"
#include "hub/ledger/sqlite/connection.hpp"

#include <optional>
#include <string>

namespace ecert::hub::sqlite {

struct inbound_row {
    std::int64_t id = 0;
    hub::uuid uuid{};
    std::string partner, channel, message_id;  // or their hub's number
    queue::envelope envelope;
    crypto::sha256 digest;
    std::uint64_t size = 0;
    time_point arrived{};
    std::string agency, receipt;
    bool readable = true;
    std::string findings, traceparent;
    bool withdrawn = false;
    std::optional<std::int64_t> withdraws;
    queue::answer answer;
    bool answer_delivered = false;
    reception received{};
    std::string received_text;
};

extern const std::string inbound_columns;  // with the prefix "i."
void read_inbound(query& q, inbound_row& into);
std::optional<inbound_row> load_inbound(connection& db, std::int64_t id);
std::optional<inbound_row> load_inbound(connection& db, const uuid& id);
inbound_view view_of(const inbound_row& row);

}  // namespace ecert::hub::sqlite
