// What the ledger is asked to accept from an agency, and what it answers.
#pragma once

#include "config/clock.hpp"
#include "config/problem.hpp"
#include "crypto/source.hpp"
#include "hub/ledger/lifecycle.hpp"
#include "queue/task.hpp"

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace ecert::hub {

using queue::uuid;

struct accept_request {
    std::string agency;
    std::string partner;
    std::string channel;
    queue::envelope envelope;
    crypto::source_ptr content;
    std::string idempotency_key;  // empty: none
    std::optional<uuid> supersedes;
    std::vector<std::string> replaces;  // ADRPN numbers: their chains go first
    completes_at completes = completes_at::acknowledged;
    time_point at{};
    std::string traceparent;
    problems warnings;    // kept with the certificate
    bool offers = false;  // not to be sent: the partner fetches it
    crypto::source_ptr
        translation;  // offers: what they are given instead; null: the certificate as it is
};

struct accepted {
    bool repeat = false;  // known: the stored receipt again
    uuid certificate{};
    uuid delivery{};
    std::string receipt;  // exactly the bytes stored the first time
};

enum class accept_conflict {
    other_content,  // same number, type and status with other bytes, the earlier one is live
    earlier_link,  // equal to an earlier link that is not the latest: needs its own Idempotency-Key
    key_reused,    // the Idempotency-Key belongs to other bytes
    supersedes_unknown,  // Supersedes names nothing of this agency's chain
    closed  // equal to the latest link, which is over without being in force (refused, rejected,
            // cancelled): nothing would be sent; an Idempotency-Key of its own makes it the next
            // link
};
struct conflict {
    accept_conflict why{};
    uuid other{};  // the certificate it conflicts with
    std::string text;
    std::optional<hub::state> state;  // closed: of the other one, and why it came to that
    std::string reason;
};
using accept_result = std::variant<accepted, conflict>;

// What receipt text to store for a new acceptance (JSON of the REST door): called once, inside the
// transaction.
struct acceptance {
    uuid certificate{}, delivery{};
    std::uint32_t link = 0;
    crypto::sha256 digest;
    std::uint64_t size = 0;
    time_point at{};
};
using receipt_writer = std::function<std::string(const acceptance&)>;

}  // namespace ecert::hub
