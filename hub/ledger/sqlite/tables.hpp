// The tables of format 1, as format.md describes them, and what each later format changed.
#pragma once

#include "hub/ledger/sqlite/connection.hpp"

namespace ecert::hub::sqlite {

void make_first_tables(connection& db);     // in an empty file, inside the caller's transaction
void give_all_work_a_life(connection& db);  // format 2
void let_partners_fetch(connection& db);    // format 3

}  // namespace ecert::hub::sqlite
