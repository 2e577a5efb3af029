#include "hub/ledger/sqlite/inbound.hpp"

#include "hub/ledger/sqlite/conditions.hpp"
#include "hub/ledger/sqlite/problems_json.hpp"

namespace ecert::hub::sqlite {

const std::string inbound_columns =
    "i.id, i.uuid, i.partner, i.channel, coalesce(i.message_id, i.reference, ''), i.sender, "
    "i.receiver, i.number, i.type, i.status, i.digest, i.size, i.arrived, i.agency, i.receipt, "
    "i.readable, "
    "i.findings, i.traceparent, i.withdrawn, i.withdraws, i.answer_status, i.answer_reason, "
    "i.answer_language, i.answer_delivered, i.received, i.received_text";

void read_inbound(query& q, inbound_row& i) {
    q.read(i.id, i.uuid, i.partner, i.channel, i.message_id, i.envelope.from, i.envelope.to,
           i.envelope.number, i.envelope.type, i.envelope.status, i.digest, i.size, i.arrived,
           i.agency, i.receipt, i.readable, i.findings, i.traceparent, i.withdrawn, i.withdraws,
           i.answer.status, i.answer.reason, i.answer.language, i.answer_delivered, i.received,
           i.received_text);
}

std::optional<inbound_row> load_inbound(connection& db, std::int64_t id) {
    static const std::string by_row =
        sql("SELECT ", inbound_columns, " FROM inbound i WHERE i.id = ?");
    auto q = db.prepare(by_row, id);
    inbound_row row;
    if (!q.step()) return std::nullopt;
    read_inbound(q, row);
    return row;
}

std::optional<inbound_row> load_inbound(connection& db, const uuid& id) {
    static const std::string by_id =
        sql("SELECT ", inbound_columns, " FROM inbound i WHERE i.uuid = ?");
    auto q = db.prepare(by_id, id);
    inbound_row row;
    if (!q.step()) return std::nullopt;
    read_inbound(q, row);
    return row;
}

inbound_view view_of(const inbound_row& row) {
    return {.inbound = row.uuid,
            .partner = row.partner,
            .agency = row.agency,
            .envelope = row.envelope,
            .message_id = row.message_id,
            .size = row.size,
            .digest = row.digest,
            .arrived = row.arrived,
            .answer_status = row.answer.status,
            .answer_reason = row.answer.reason,
            .answer_delivered = row.answer_delivered,
            .withdrawn = row.withdrawn,
            .findings = problems_of(row.findings),
            .received = row.received,
            .received_text = row.received_text};
}

}  // namespace ecert::hub::sqlite
