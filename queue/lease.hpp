// How long an attempt may take, and its lease: counted once, for the worker that must end in time,
// the ledger that gives the lease, and dispatch that waits for its end. The same settings and the
// same task give the same times on every side.
#pragma once

#include "config/settings.hpp"
#include "queue/task.hpp"

#include <algorithm>
#include <cstdint>

namespace ecert::queue {

// The bytes that decide how long an attempt takes: the larger of the certificate and what is sent
// in its place; of a fetch, what may come.
inline std::uint64_t carried(std::uint64_t content, std::uint64_t translation) {
    return std::max(content, translation);
}
inline std::uint64_t carried(const task& t) {
    const auto sent =
        carried(t.content ? t.content->size : 0, t.translation ? t.translation->size : 0);
    return std::max(sent, t.expects);
}

// The hard limit of an attempt. A MiB that was begun counts.
inline duration attempt_limit(std::uint64_t bytes_carried, const dispatch_settings& s) {
    const auto mebibytes = static_cast<duration::rep>((bytes_carried + mib - 1) / mib);
    return s.attempt_limit + mebibytes * s.attempt_limit_per_mib;
}

// From when it is given: until a worker must have begun, and ended, with the clocks apart.
inline duration lease_of(std::uint64_t bytes_carried, const dispatch_settings& s) {
    return s.start_by + attempt_limit(bytes_carried, s) + s.skew;
}
inline time_point lease_end(const task& t, const dispatch_settings& s) {
    return t.start_by - s.start_by + lease_of(carried(t), s);
}

}  // namespace ecert::queue
