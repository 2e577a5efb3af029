// What a verb works with while it runs on the writer's thread, inside its savepoint.
#pragma once

#include "config/metrics.hpp"
#include "hub/ledger/ledger.hpp"
#include "hub/ledger/sqlite/connection.hpp"
#include "hub/ledger/sqlite/counters.hpp"
#include "hub/ledger/sqlite/event_log.hpp"

#include <cstdint>
#include <functional>
#include <string>

namespace ecert::hub::sqlite {

// What stays the same while the process lives.
struct circumstances {
    std::string node;                          // for derived ids
    std::int64_t epoch = 0;                    // raised by each start
    std::function<void(const char*)> reached;  // crash harness; may be empty
    metrics* figures = nullptr;
};

struct transaction {
    connection& db;
    event_log& events;
    const circumstances& in;
    counters& counted;
};

// Who did it and on whose request: goes into every event of a change.
struct cause {
    time_point at{};
    std::string actor;
    std::string traceparent;
};

}  // namespace ecert::hub::sqlite
