// The rows verbs load, change and store: a delivery and a piece of work. Immutable columns are read
// only.
#pragma once

#include "hub/ledger/ledger.hpp"
#include "hub/ledger/sqlite/conditions.hpp"
#include "hub/ledger/sqlite/transaction.hpp"

#include <cstdint>
#include <optional>
#include <string>

namespace ecert::hub::sqlite {

enum class watch { none, receipt, answer, fetch };

struct delivery_row {
    std::int64_t id = 0;
    hub::uuid uuid{}, certificate{};
    std::string agency, partner, channel;
    queue::envelope envelope;
    std::int64_t chain = 0;
    std::uint32_t link = 0;
    crypto::sha256 digest;
    std::uint64_t size = 0;
    time_point accepted{};
    std::string receipt, warnings, traceparent;

    hub::life life;
    hub::state stored = state::waiting;  // as the row says: counters move from it
    time_point since{};
    sqlite::watch watch = watch::none;
    time_point watch_since{};
    bool overdue = false;  // their receipt: alerted
    std::optional<crypto::sha256> translation;
    std::uint64_t translation_size = 0;
    std::string reference;
    int answer_status = 0;
    std::string answer_reason;
    reception received{};
    std::string received_text;
};

struct work_row {
    std::int64_t id = 0;
    queue::verb verb = queue::verb::deliver;
    std::string partner, channel;
    std::optional<std::int64_t> delivery, inbound, pulled;

    work_status status = work_status::due;
    time_point due{};
    std::uint32_t attempt = 0;  // the last one committed: fences older ones off
    std::uint32_t spent = 0;    // of this horizon
    bool ask = false;           // the next attempt tracks instead of sending
    std::uint32_t asked = 0;    // askings that found it in their custody still
    std::string page;           // list: where the next attempt goes on
    time_point lease{};
    std::int64_t epoch = 0;     // of the process that holds the lease
    bool suspect = false;       // a process died while an attempt at it was out
    std::uint32_t crashes = 0;  // of those, while it was the only suspect out
    std::optional<time_point> first_attempt;
    std::optional<time_point> ambiguous_since;
    std::optional<time_point> absent_since;  // they say so since then, without another answer
    std::optional<time_point> blocked_since;
    bool lost = false;                      // the outcome of an attempt never came
    bool transmitted = false;               // an attempt may have reached them
    std::optional<crypto::sha256> dialect;  // the digest its last attempt was planned with
    std::string reason, advice, last_answer;
    std::uint32_t returns = 0;               // handed back so often in a row
    std::optional<time_point> returns_told;  // the last alert about that
    bool offers = false;                     // fetched from us, not sent

    // Of work that is no delivery, whose life is complete when they have it. leased and ended
    // follow from the other columns.
    hub::life life{.completes = completes_at::delivered};
    hub::state stored = state::waiting;
    time_point since{};
};

extern const std::string delivery_columns;  // with the prefix "d."
extern const std::string work_columns;      // with the prefix "w."
void read_delivery(query& q, delivery_row& into);
void read_work(query& q, work_row& into);
void read_both(query& q, delivery_row& d, work_row& w);  // delivery_columns, work_columns

std::optional<delivery_row> load_delivery(connection& db, std::int64_t id);
std::optional<delivery_row> load_delivery(connection& db, const uuid& id);
std::optional<work_row> load_work(connection& db, std::int64_t id);
std::optional<work_row> load_work_of_delivery(connection& db, std::int64_t delivery);

void insert(transaction& t, delivery_row& d);  // sets id; and the counters
void insert(transaction& t, work_row& w);      // sets id; and those of what is no delivery
void update(transaction& t, delivery_row& d);  // and the counters
void update(transaction& t, work_row& w);      // and the counters of what is no delivery

}  // namespace ecert::hub::sqlite
