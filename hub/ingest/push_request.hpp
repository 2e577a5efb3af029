// What a push says beside its body: ?to=, Idempotency-Key, Supersedes.
#pragma once

#include "adapters/http/message.hpp"
#include "config/problem.hpp"
#include "queue/ids.hpp"

#include <optional>
#include <string>

namespace ecert::hub {

struct push_request {
    std::optional<std::string> to;
    std::string idempotency_key;
    std::optional<queue::uuid> supersedes;
    problems found;
};
push_request read_push_request(const http::request_head& head);
// The two fields alone, for who says in the body whom it is for.
push_request read_push_fields(const http::fields& fields);

}  // namespace ecert::hub
