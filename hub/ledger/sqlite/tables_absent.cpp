// Format 5: since when a partner says that it does not have what it is asked about. What was being
// settled when the format changed settles anew.
#include "hub/ledger/sqlite/tables.hpp"

namespace ecert::hub::sqlite {

void keep_since_when_absent(connection& db) {
    db.execute("ALTER TABLE work ADD COLUMN absent_since INTEGER");
}

}  // namespace ecert::hub::sqlite
