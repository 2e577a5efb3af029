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
#include <vector>

namespace ecert::engine {

struct exchange {
    std::string verb, role;  // "deliver", "call"
    std::string operation;   // its name, in replies
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
    // Envelopes that a reply tells of, each with the name that its content has in the message.
    struct row {
        std::string reference, standing, text;
        queue::envelope envelope;
        std::optional<carried> content;
        std::string ref;
    };
    std::vector<row> rows;
    struct finding {
        std::string area, level, field, text;
    };
    std::vector<finding> findings;
};

// Failure (invalid): a value holds characters that XML cannot carry; the text names it.
result<crypto::xml::document> make_exchange(const exchange& from);

}  // namespace ecert::engine
