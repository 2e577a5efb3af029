// What others may fetch here, and what they may ask of: every question names who asks, and what is
// not theirs is not there.
#include "hub/ledger/sqlite/inbound.hpp"
#include "hub/ledger/sqlite/views.hpp"

#include <algorithm>

namespace ecert::hub::sqlite {
namespace {

failure nothing_there() { return {failure_kind::not_found, "there is no such certificate"}; }

bool is_of(const std::string& partner, const std::vector<std::string>& partners) {
    return std::ranges::count(partners, partner) > 0;
}

std::vector<certificate_view> deliveries(query q) {
    std::vector<certificate_view> found;
    delivery_row row;
    while (q.step()) {
        read_delivery(q, row);
        found.push_back(view_of(row));
    }
    return found;
}

}  // namespace

result<std::vector<certificate_view>> offered(connection& db,
                                              const std::vector<std::string>& partners,
                                              unsigned most) {
    static const std::string of_partner =
        sql("SELECT ", delivery_columns, " FROM delivery d WHERE ", where::delivery_on_offer,
            " AND d.partner = ? ORDER BY d.progress, d.id LIMIT ?");
    std::vector<certificate_view> all;
    for (const auto& partner : partners) {
        if (all.size() >= most) break;
        auto more = deliveries(db.prepare(of_partner, partner, most - all.size()));
        std::ranges::move(more, std::back_inserter(all));
    }
    std::ranges::stable_partition(
        all, [](const certificate_view& v) { return v.state == state::offered; });
    return all;
}

result<certificate_view> delivery_to(connection& db, const uuid& id,
                                     const std::vector<std::string>& partners) {
    const auto row = load_delivery(db, id);
    if (!row || !is_of(row->partner, partners)) return nothing_there();
    return view_of(*row);
}

result<inbound_view> arrival_from(connection& db, const uuid& id,
                                  const std::vector<std::string>& partners) {
    const auto row = load_inbound(db, id);
    if (!row || !is_of(row->partner, partners)) return nothing_there();
    return view_of(*row);
}

result<std::vector<certificate_view>> under_way(connection& db, const std::string& agency,
                                                unsigned most) {
    static const std::string newest =
        sql("SELECT ", delivery_columns, " FROM delivery d WHERE ", where::delivery_under_way,
            " AND d.agency = ? AND d.side <> ? ORDER BY d.id DESC LIMIT ?");
    return deliveries(db.prepare(newest, agency, side::refused, most));
}

result<std::vector<inbound_view>> to_receive(connection& db, const std::string& agency,
                                             unsigned most) {
    static const std::string oldest =
        sql("SELECT ", inbound_columns, " FROM inbound i WHERE ", where::inbound_to_receive,
            " AND i.agency = ? ORDER BY i.id LIMIT ?");
    std::vector<inbound_view> found;
    inbound_row row;
    auto q = db.prepare(oldest, agency, most);
    while (q.step()) {
        read_inbound(q, row);
        found.push_back(view_of(row));
    }
    return found;
}

result<inbound_view> arrival_like(connection& db, const std::string& agency,
                                  const queue::envelope& e) {
    static const std::string latest =
        sql("SELECT ", inbound_columns,
            " FROM inbound i WHERE i.number = ? AND i.agency = ? AND i.sender = ? AND i.type = ? "
            "AND i.status = ? ORDER BY i.id DESC LIMIT 1");
    auto q = db.prepare(latest, e.number, agency, e.from, e.type, e.status);
    inbound_row row;
    if (!q.step()) return nothing_there();
    read_inbound(q, row);
    return view_of(row);
}

}  // namespace ecert::hub::sqlite
