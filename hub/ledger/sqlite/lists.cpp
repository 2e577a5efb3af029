#include "hub/ledger/sqlite/inbound.hpp"
#include "hub/ledger/sqlite/page.hpp"
#include "hub/ledger/sqlite/views.hpp"

namespace ecert::hub::sqlite {
namespace {

listed deliveries() {
    static const std::string select =
        sql("SELECT ", delivery_columns, ", ", work_columns,
            " FROM delivery d CROSS JOIN work w ON w.delivery = d.id");
    return {.select = select,
            .id = "d.id",
            .agency = "d.agency",
            .number = "d.number",
            .partner = "d.partner",
            .arrived = "d.accepted",
            .state = "d.state",
            .verb = "w.verb",
            .unfinished = sql("d.", where::delivery_unfinished)};
}

// Work that is no delivery. By number it begins at the certificate, else at what is owed.
listed other_work(const list_query& q) {
    static const std::string by_number =
        sql("SELECT ", work_columns, " FROM inbound i CROSS JOIN work w ON w.inbound = i.id");
    static const std::string by_work =
        sql("SELECT ", work_columns, " FROM work w LEFT JOIN inbound i ON i.id = w.inbound");
    return {.select = q.number.empty() ? by_work : by_number,
            .id = "w.id",
            .agency = "+i.agency",
            .number = "i.number",
            .partner = "w.partner",
            .arrived = "+i.arrived",
            .state = "w.state",
            .verb = "w.verb",
            .unfinished = "w.verb <> 0 AND w.status <> 4",
            .all = q.number.empty() ? "w.delivery IS NULL" : "1"};
}

// What is fetched, and not stored yet, by the number under which it was listed.
listed work_by_listed_number() {
    static const std::string select =
        sql("SELECT ", work_columns, " FROM pulled p CROSS JOIN work w ON w.pulled = p.id");
    return {.select = select,
            .id = "w.id",
            .agency = "NULL",  // no agency's yet
            .number = "p.number",
            .partner = "w.partner",
            .arrived = "p.listed",
            .state = "w.state",
            .verb = "w.verb",
            .unfinished = "w.inbound IS NULL AND w.verb <> 0 AND w.status <> 4",
            .all = "w.inbound IS NULL"};
}

template <class View>
table<View> deliveries_as(View (*view)(const delivery_row&, const work_row&)) {
    auto read = [view](query& rows) {
        delivery_row d;
        work_row w;
        read_both(rows, d, w);
        return found<View>{view(d, w), d.id, w.id};
    };
    return {deliveries(), std::move(read)};
}

table<custody_view> work_as_custody(connection& db, listed of) {
    auto read = [&db](query& rows) {
        work_row w;
        read_work(rows, w);
        return found<custody_view>{custody_view_of(db, w), w.id, w.id};
    };
    return {std::move(of), std::move(read)};
}

}  // namespace

result<page<certificate_view>> list(connection& db, const list_query& q) {
    return page_of<certificate_view>(
        db, {deliveries_as<certificate_view>([](const delivery_row& d, const work_row&) {
            return view_of(d);
        })},
        q);
}

result<page<custody_view>> custody(connection& db, const list_query& q) {
    std::vector<table<custody_view>> tables{deliveries_as<custody_view>(custody_view_of),
                                            work_as_custody(db, other_work(q))};
    if (!q.number.empty()) tables.push_back(work_as_custody(db, work_by_listed_number()));
    return page_of<custody_view>(db, tables, q);
}

result<page<inbound_view>> inbox(connection& db, const list_query& q, bool read_all) {
    static const std::string select = sql("SELECT ", inbound_columns, " FROM inbound i");
    list_query asked = q;
    if (read_all) asked.agency.clear();
    listed of{.select = select,
              .id = "i.id",
              .agency = "i.agency",
              .number = "i.number",
              .partner = "i.partner",
              .arrived = "i.arrived",
              .unfinished = sql("i.", where::inbound_unanswered)};
    auto read = [](query& rows) {
        inbound_row i;
        read_inbound(rows, i);
        return found<inbound_view>{view_of(i), i.id, i.id};
    };
    return page_of<inbound_view>(db, {{std::move(of), std::move(read)}}, asked);
}

}  // namespace ecert::hub::sqlite
