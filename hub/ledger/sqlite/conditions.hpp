// The conditions of the partial indexes. SQLite uses such an index only for a query that repeats
// its condition literally, so both are built from these; a test reads the query plans.
#pragma once

#include <string>
#include <string_view>

namespace ecert::hub::sqlite {

enum class work_status { due, leased, blocked, stopped, done, offered };

namespace where {
inline constexpr std::string_view work_due = "status = 0";
inline constexpr std::string_view work_leased = "status = 1";
inline constexpr std::string_view suspect_leased = "status = 1 AND suspect = 1";
inline constexpr std::string_view work_blocked = "status = 2 AND blocked_since IS NOT NULL";
// What is owed beside deliveries (our answers ...), and not done yet.
inline constexpr std::string_view other_work_owed = "verb <> 0 AND status <> 4";
inline constexpr std::string_view work_pulled = "pulled IS NOT NULL";
inline constexpr std::string_view work_list = "verb = 2";
inline constexpr std::string_view delivery_unfinished = "ended = 0";
inline constexpr std::string_view delivery_watched = "watch > 0";
inline constexpr std::string_view inbound_numbered = "reference IS NOT NULL";
inline constexpr std::string_view inbound_unanswered = "answer_status = 0";
inline constexpr std::string_view acknowledgement_unmatched = "delivery IS NULL";
inline constexpr std::string_view acknowledgement_naming = "delivery IS NULL AND named IS NOT NULL";
inline constexpr std::string_view acknowledgement_referring =
    "delivery IS NULL AND reference <> ''";
inline constexpr std::string_view acknowledgement_unalerted = "delivery IS NULL AND alerted = 0";
inline constexpr std::string_view withdrawal_unspent = "status = 40 AND withdraws IS NULL";
inline constexpr std::string_view delivery_on_offer = "offered = 1 AND side = 0 AND progress < 2";
inline constexpr std::string_view delivery_under_way = "ended = 0 AND progress < 2";
inline constexpr std::string_view inbound_to_receive = "received = 0";
inline constexpr std::string_view attempt_referenced = "reference <> ''";
}  // namespace where

// sql("SELECT ... WHERE ", where::work_due, " AND ...")
template <class... Parts>
std::string sql(const Parts&... parts) {
    std::string all;
    (all.append(parts), ...);
    return all;
}

}  // namespace ecert::hub::sqlite
