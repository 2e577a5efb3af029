// The <exchange> document: everything a stylesheet of a dialect may know. Its shape is in
// adapters/dialects/README.md.
#pragma once

#include "config/result.hpp"
#include "crypto/xml/document.hpp"
#include "queue/envelope.hpp"
#include "queue/task.hpp"

#include <map>
#include <optional>
#include <string>

namespace ecert::engine {

struct exchange {
    std::string verb, role;  // "deliver", "call"
    std::string message_id, relates_to, reference;
    queue::envelope envelope;
    struct carried {
        std::uint64_t size = 0;
        crypto::sha256 digest;
        std::string encoding;  // "text" "base64"
    };
    std::optional<carried> content;
    std::optional<queue::answer> answer;
    std::optional<queue::confirmation> confirmation;
    std::string page;
    std::map<std::string, std::string> facts;
};

// Failure (invalid): a value holds characters that XML cannot carry; the text names it.
result<crypto::xml::document> make_exchange(const exchange& from);

}  // namespace ecert::engine
