// A certificate inside JSON, for agencies whose systems write no XML request:
//
//   {"to": "NZ", "number": "CN-1", "type": 851, "status": 70, "content": "<base64>"}
//
// The certificate's bytes are what `content` decodes to: same digest, same ids, same receipt as if
// they were the body. The other members say what the sender takes it to be, and are held against
// it; none is needed.
//
// Guarantee: read as a stream; content goes to a spool as it is decoded, nothing else is kept above
// a thousand bytes. All that is wrong is found at once. Thread rule: pool work.
#pragma once

#include "adapters/sps/certificate.hpp"
#include "config/problem.hpp"
#include "config/settings.hpp"
#include "crypto/source.hpp"

#include <filesystem>
#include <optional>
#include <string>

namespace ecert::hub {

struct asserted {
    std::optional<std::string> to, number;
    std::optional<int> type, status;
};

struct json_push {
    asserted said;
    crypto::source_ptr content;  // null: there is none that can be read; `found` says why
    bool too_large = false;      // content is over limits.json_bytes; nothing more was read
    problems found;
};
json_push read_json_push(const crypto::source& body, const limit_settings& limits,
                         const std::filesystem::path& spool_folder);

// The largest body that can hold content of limits.json_bytes, with room for line ends in it.
std::uint64_t largest_json_body(const limit_settings& limits);

// What it says of the certificate that the certificate does not say of itself.
problems misstated(const asserted& said, const sps::certificate& read);

}  // namespace ecert::hub
