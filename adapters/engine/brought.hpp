// What an answer of theirs brought beside its meaning: the list of what waits for us there, or the
// envelope and content of one of them.
//
// Thread rule: pool work. Nothing here is trusted: entries without a reference are left out and
// counted, a code that is none becomes 0 and fails wherever it matters.
#pragma once

#include "adapters/engine/dialect.hpp"
#include "adapters/engine/engine.hpp"
#include "adapters/soap/read.hpp"

namespace ecert::engine {

// Whether their lists come in pages of theirs, or as one whole that we read in parts.
bool has_pages(const call_operation& by);

// At most queue::most_listed entries of the page `page`; `next` says where the rest begins.
queue::listing read_listing(const call_operation& by, const crypto::xml::node& body,
                            const crypto::xml::variables& asked, const std::string& page = {});

struct fetched_reply {
    queue::envelope envelope;
    std::string reference;       // theirs, of what came
    crypto::source_ptr content;  // null: there was none
};
// Failure (invalid): the content stands there more than once, or cannot be unpacked.
result<fetched_reply> read_fetched(const call_operation& by, const soap::received& reply,
                                   const crypto::xml::node& body,
                                   const crypto::xml::variables& asked, const tools& with);

}  // namespace ecert::engine
