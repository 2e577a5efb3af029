#include "hub/ledger/sqlite/pulled.hpp"

#include "hub/ledger/sqlite/conditions.hpp"

namespace ecert::hub::sqlite {
namespace {

const std::string& selected() {
    static const std::string columns =
        "SELECT id, uuid, channel, reference, partner, sender, receiver, number, type, status, "
        "listed, inbound, digest, confirm, confirm_text, told FROM pulled WHERE ";
    return columns;
}

std::optional<pulled_row> read(query q) {
    if (!q.step()) return std::nullopt;
    pulled_row row;
    auto& e = row.envelope;
    q.read(row.id, row.uuid, row.channel, row.reference, row.partner, e.from, e.to, e.number,
           e.type, e.status, row.listed, row.inbound, row.digest, row.confirm, row.confirm_text,
           row.told);
    return row;
}

}  // namespace

std::optional<pulled_row> load_pulled(connection& db, std::int64_t id) {
    static const std::string by_row = sql(selected(), "id = ?");
    return read(db.prepare(by_row, id));
}

std::optional<pulled_row> load_pulled(connection& db, const uuid& id) {
    static const std::string by_id = sql(selected(), "uuid = ?");
    return read(db.prepare(by_id, id));
}

std::optional<pulled_row> load_pulled(connection& db, const std::string& channel,
                                      const queue::waiting_there& what) {
    static const std::string by_reference =
        sql(selected(),
            "channel = ? AND reference = ? AND sender = ? AND receiver = ? AND number = ? AND "
            "type = ? AND status = ?");
    const auto& e = what.envelope;
    return read(db.prepare(by_reference, channel, what.reference, e.from, e.to, e.number, e.type,
                           e.status));
}

std::vector<std::int64_t> namesakes(connection& db, const std::string& channel,
                                    const std::string& reference) {
    std::vector<std::int64_t> rows;
    auto q =
        db.prepare("SELECT id FROM pulled WHERE channel = ? AND reference = ?", channel, reference);
    while (q.step()) rows.push_back(q.integer(0));
    return rows;
}

void insert(transaction& t, pulled_row& row) {
    const auto& e = row.envelope;
    row.uuid = queue::derive({"pulled", t.in.node, row.channel, row.reference, e.from, e.to,
                              e.number, std::to_string(e.type), std::to_string(e.status)});
    t.db.run(
        "INSERT INTO pulled(uuid, channel, reference, partner, sender, receiver, number, type, "
        "status, listed) VALUES(?,?,?,?,?,?,?,?,?,?)",
        row.uuid, row.channel, row.reference, row.partner, e.from, e.to, e.number, e.type, e.status,
        row.listed);
    row.id = t.db.last_row();
}

void update(transaction& t, const pulled_row& row) {
    t.db.run(
        "UPDATE pulled SET partner=?, inbound=?, digest=?, confirm=?, confirm_text=?, told=? "
        "WHERE id=?",
        row.partner, row.inbound, row.digest, row.confirm, row.confirm_text, row.told, row.id);
}

pulled_view view_of(const pulled_row& row) {
    return {.channel = row.channel, .reference = row.reference, .envelope = row.envelope};
}

}  // namespace ecert::hub::sqlite
