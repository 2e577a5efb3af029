// The third country's door: serves `deliver` of any dialect through the engine's serve role.
//
// Guarantee: a receipt is answered when bytes and log line are on disk; a repeat gets the very same
// receipt; the same id with other content is a fault.
#pragma once

#include "adapters/engine/channels.hpp"
#include "adapters/http/server.hpp"
#include "tests/support/sink/answers.hpp"
#include "tests/support/sink/book.hpp"

namespace ecert::sink {

struct door {
    engine::tools with;
    engine::snapshot_ptr profiles;
    book& received;
    answers& authority;
};
// `parts` and what it refers to outlive the handler.
http::handler make_handler(const door& parts);

}  // namespace ecert::sink
