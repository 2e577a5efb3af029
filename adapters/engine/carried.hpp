// How content travels inside a message: as text where XML text can carry it unchanged, else as
// base64.
//
// Guarantee: what unpack() gives for a content that was sent as encoding_for() says is the same
// bytes. Thread rule: both read whole sources: pool work.
#pragma once

#include "config/result.hpp"
#include "crypto/source.hpp"

#include <filesystem>
#include <string_view>

namespace ecert::engine {

// "text", or "base64" for a byte order mark, NUL and other characters outside XML 1.0, and bytes
// that are no UTF-8.
std::string_view encoding_for(const crypto::source& content);

// The bytes of an element's text that came with this encoding ("" is text). "either", where a
// contract does not say: text when it begins with "<" (after a byte order mark and white space),
// else base64 if it is that, else text. Failure (invalid): unknown encoding, no base64.
result<crypto::source_ptr> unpack(crypto::source_ptr text, std::string_view encoding,
                                  const std::filesystem::path& spool_folder,
                                  std::uint64_t spool_threshold);

// A document that was indented inside its element: white space before an XML declaration, which
// nothing may precede, is not the document's. Anything else is given as it is.
crypto::source_ptr from_declaration_on(crypto::source_ptr text);

}  // namespace ecert::engine
