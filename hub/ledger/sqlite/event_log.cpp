#include "hub/ledger/sqlite/event_log.hpp"

#include <fmt/format.h>

namespace ecert::hub::sqlite {
namespace {

void add(std::string& fields, std::string_view value) {
    fields.append(std::to_string(value.size())).append(":").append(value);
}

void add(std::string& fields, std::int64_t value) { add(fields, std::to_string(value)); }

void add(std::string& fields, const std::optional<std::int64_t>& value) {
    value ? add(fields, *value) : add(fields, std::string_view{});
}

}  // namespace

crypto::sha256 chained(const crypto::sha256& before, std::int64_t sequence, const event& e) {
    std::string fields{before.view()};
    fields.reserve(256 + e.detail.size());
    add(fields, sequence);
    add(fields, static_cast<std::int64_t>(e.at.time_since_epoch().count()));
    add(fields, e.kind);
    add(fields, e.delivery);
    add(fields, e.inbound);
    add(fields, e.actor);
    add(fields, e.detail);
    add(fields, e.traceparent);
    return crypto::sha256_of(fields);
}

void event_log::append(const event& e) {
    if (!tail_) {
        tail last;
        auto q = db_.prepare("SELECT sequence, hash FROM event ORDER BY sequence DESC LIMIT 1");
        if (q.step()) q.read(last.sequence, last.hash);
        tail_ = last;
    }
    const tail next{tail_->sequence + 1, chained(tail_->hash, tail_->sequence + 1, e)};
    db_.run(
        "INSERT INTO event(sequence, at, kind, delivery, inbound, actor, detail, traceparent, "
        "hash, pulled) VALUES(?,?,?,?,?,?,?,?,?,?)",
        next.sequence, e.at, e.kind, e.delivery, e.inbound, e.actor, e.detail, e.traceparent,
        next.hash, e.pulled);
    tail_ = next;
}

bool audit_some(connection& db, audit_position& from, unsigned most, audit_result& so_far) {
    auto q = db.prepare(
        "SELECT sequence, at, kind, delivery, inbound, actor, detail, traceparent, hash FROM event "
        "WHERE sequence > ? ORDER BY sequence LIMIT ?",
        from.sequence, most);
    unsigned seen = 0;
    for (; q.step(); ++seen) {
        event e;
        std::int64_t sequence = 0;
        crypto::sha256 stored;
        q.read(sequence, e.at, e.kind, e.delivery, e.inbound, e.actor, e.detail, e.traceparent,
               stored);
        if (sequence != from.sequence + 1 || chained(from.hash, sequence, e) != stored) {
            so_far.whole = false;
            so_far.broken_at = from.sequence + 1;
            so_far.text = fmt::format(
                "event {} does not follow from the events before it: it, or one before it, was "
                "changed, removed or put in after it was written",
                from.sequence + 1);
            return false;
        }
        from = {sequence, stored};
        ++so_far.events;
    }
    if (seen == most) return true;
    so_far.text = fmt::format("{} events, each follows from the one before; the last hash is {}",
                              so_far.events, from.hash.hex());
    return false;
}

}  // namespace ecert::hub::sqlite
