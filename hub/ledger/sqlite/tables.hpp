// The tables of format 1, as format.md describes them.
#pragma once

#include "hub/ledger/sqlite/connection.hpp"

namespace ecert::hub::sqlite {

void make_first_tables(connection& db);
void give_all_work_a_life(
    connection& db);  // format 2  // in an empty file, inside the caller's transaction

}  // namespace ecert::hub::sqlite
