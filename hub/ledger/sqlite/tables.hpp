// The tables, a step a format, as format.md describes them.
#pragma once

#include "hub/ledger/sqlite/connection.hpp"

namespace ecert::hub::sqlite {

// Each inside the caller's transaction.
void make_first_tables(connection& db);             // in an empty file
void give_all_work_a_life(connection& db);          // format 2
void let_partners_fetch(connection& db);            // format 3
void make_room_for_what_is_pulled(connection& db);  // format 4
void keep_since_when_absent(connection& db);        // format 5
void let_numbers_come_again(connection& db);        // format 6

}  // namespace ecert::hub::sqlite
