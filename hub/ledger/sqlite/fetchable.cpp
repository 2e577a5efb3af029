// What others may fetch here, and what they may ask of: every question names who asks, and what is
// not theirs is not there.
#include "hub/ledger/sqlite/inbound.hpp"
#include "hub/ledger/sqlite/views.hpp"

#include <boost/json/array.hpp>
#include <boost/json/serialize.hpp>

#include <algorithm>
#include <utility>

namespace ecert::hub::sqlite {
namespace {

failure nothing_there() { return {failure_kind::not_found, "there is no such certificate"}; }

bool is_of(const std::string& partner, const std::vector<std::string>& partners) {
    return std::ranges::count(partners, partner) > 0;
}

// A list tells nothing of findings, and a thousand rows may have half a million of them.
std::string without(const std::string& columns, std::string_view findings) {
    auto named = columns;
    return named.replace(named.find(findings), findings.size(), "'[]'");
}
const std::string& brief_delivery() {
    static const std::string columns = without(delivery_columns, "d.warnings");
    return columns;
}
const std::string& brief_inbound() {
    static const std::string columns = without(inbound_columns, "i.findings");
    return columns;
}

template <class Row>
auto views_in(query q, void (*read)(query&, Row&)) {
    std::vector<decltype(view_of(std::declval<const Row&>()))> found;
    Row row;
    while (q.step()) {
        read(q, row);
        found.push_back(view_of(row));
    }
    return found;
}
std::vector<inbound_view> arrivals(query q) { return views_in(std::move(q), read_inbound); }
std::vector<certificate_view> deliveries(query q) { return views_in(std::move(q), read_delivery); }

}  // namespace

result<std::vector<certificate_view>> offered(connection& db,
                                              const std::vector<std::string>& partners,
                                              unsigned most) {
    static const std::string of_partner =
        sql("SELECT ", brief_delivery(), " FROM delivery d WHERE ", where::delivery_on_offer,
            " AND d.partner = ? AND d.progress = ? ORDER BY d.id LIMIT ?");
    std::vector<certificate_view> all;
    for (const auto fetched : {progress::none, progress::sent})
        for (const auto& partner : partners) {
            if (all.size() >= most) return all;
            auto more = deliveries(db.prepare(of_partner, partner, fetched, most - all.size()));
            std::ranges::move(more, std::back_inserter(all));
        }
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
        sql("SELECT ", brief_delivery(), " FROM delivery d WHERE ", where::delivery_under_way,
            " AND d.agency = ? AND d.side <> ? ORDER BY d.id DESC LIMIT ?");
    return deliveries(db.prepare(newest, agency, side::refused, most));
}

// Before format 6 their number stood as a message id.
result<inbound_view> arrival_numbered(connection& db, const std::string& reference,
                                      const std::string& channel,
                                      const std::vector<std::string>& partners) {
    static const std::string latest =
        sql("SELECT ", inbound_columns, " FROM inbound i WHERE i.", where::inbound_numbered,
            " AND i.partner = ? AND i.channel = ? AND i.reference = ? ORDER BY i.id DESC LIMIT 1");
    static const std::string before =
        sql("SELECT ", inbound_columns,
            " FROM inbound i WHERE i.partner = ? AND i.channel = ? AND i.message_id = ?");
    inbound_row row;
    for (const auto* among : {&latest, &before})
        for (const auto& partner : partners) {
            auto q = db.prepare(*among, partner, channel, reference);
            if (!q.step()) continue;
            read_inbound(q, row);
            return view_of(row);
        }
    return nothing_there();
}

// However many rows the table has, it is a walk over its end.
result<std::vector<inbound_view>> arrivals_since(connection& db,
                                                 const std::vector<std::string>& partners,
                                                 time_point since, unsigned most) {
    static const std::string newest =
        sql("SELECT ", brief_inbound(),
            " FROM inbound i WHERE i.id > (SELECT max(id) FROM inbound) - 10000 AND "
            "i.partner IN (SELECT value FROM json_each(?)) AND i.arrived >= ? "
            "ORDER BY i.id DESC LIMIT ?");
    const boost::json::array named(partners.begin(), partners.end());
    return arrivals(db.prepare(newest, boost::json::serialize(named), since, most));
}

result<std::vector<inbound_view>> to_receive(connection& db, const std::string& agency,
                                             unsigned most, const std::string& from) {
    static const std::string oldest =
        sql("SELECT ", brief_inbound(), " FROM inbound i WHERE ", where::inbound_to_receive,
            " AND i.agency = ?1 AND (?2 = '' OR i.sender = ?2 OR i.partner = ?2) "
            "ORDER BY i.id LIMIT ?3");
    return arrivals(db.prepare(oldest, agency, from, most));
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
