// Events: what happened, append-only, each bound to all before it by a hash. Triggers refuse UPDATE
// and DELETE; audit() finds what was changed behind SQLite's back.
//
// hash = SHA-256(hash of the event before | each field preceded by its length in bytes and a
// colon); the first event's predecessor is 32 zero bytes. Fields: sequence, at, kind, delivery,
// inbound, actor, detail, traceparent (numbers in decimal, an absent one empty).
#pragma once

#include "hub/ledger/ledger.hpp"
#include "hub/ledger/sqlite/connection.hpp"

#include <cstdint>
#include <optional>
#include <string>

namespace ecert::hub::sqlite {

struct event {
    time_point at{};
    std::string kind;
    std::optional<std::int64_t> delivery;
    std::optional<std::int64_t> inbound;
    std::string actor;
    std::string detail;  // JSON object
    std::string traceparent;
    std::optional<std::int64_t> pulled = {};  // finds it; what it says stands in the detail
};

crypto::sha256 chained(const crypto::sha256& before, std::int64_t sequence, const event& e);

// The writer's end of the log. Thread rule: the writer's thread.
class event_log {
  public:
    explicit event_log(connection& db) : db_{db} {}
    void append(const event& e);
    void forget() { tail_.reset(); }  // something was rolled back: the tail is read again

  private:
    struct tail {
        std::int64_t sequence = 0;
        crypto::sha256 hash;
    };
    connection& db_;
    std::optional<tail> tail_;
};

// Checks up to `most` events after `from` and moves `from` on; `so_far` gathers. True: there are
// more.
struct audit_position {
    std::int64_t sequence = 0;
    crypto::sha256 hash;
};
bool audit_some(connection& db, audit_position& from, unsigned most, audit_result& so_far);

}  // namespace ecert::hub::sqlite
