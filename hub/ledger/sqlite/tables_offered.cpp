// Format 3: deliveries that partners fetch, and how certificates were received: theirs by partners,
// arrivals by agencies. What arrived before is received: its agencies know it from their inbox.
#include "hub/ledger/sqlite/conditions.hpp"
#include "hub/ledger/sqlite/tables.hpp"

namespace ecert::hub::sqlite {
namespace {

constexpr const char* columns = R"sql(
ALTER TABLE work ADD COLUMN offers INTEGER NOT NULL DEFAULT 0;
ALTER TABLE delivery ADD COLUMN received INTEGER NOT NULL DEFAULT 0;
ALTER TABLE delivery ADD COLUMN received_text TEXT NOT NULL DEFAULT '';
ALTER TABLE inbound ADD COLUMN received INTEGER NOT NULL DEFAULT 0;
ALTER TABLE inbound ADD COLUMN received_text TEXT NOT NULL DEFAULT '';
UPDATE delivery SET received = 1 WHERE progress >= 2;
UPDATE inbound SET received = 1;
)sql";

}  // namespace

void let_partners_fetch(connection& db) {
    const auto index = [&db](std::string_view name, std::string_view on, std::string_view where) {
        db.execute(sql("CREATE INDEX ", name, " ON ", on, " WHERE ", where).c_str());
    };
    db.execute(columns);
    index("delivery_on_offer", "delivery(partner, progress)", where::delivery_on_offer);
    index("delivery_under_way", "delivery(agency)", where::delivery_under_way);
    index("inbound_to_receive", "inbound(agency)", where::inbound_to_receive);
}

}  // namespace ecert::hub::sqlite
