// How messages of partners are read, in requests and replies alike.
#pragma once

#include "adapters/engine/engine.hpp"
#include "crypto/xml/reader.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace ecert::engine {

// The largest message that brings a certificate: as base64, in lines, it is 1.37 times as large.
std::uint64_t message_bytes(const limit_settings& limits);

// Of a certificate that a message brought; empty: it is none too many.
std::string too_large(const crypto::source& certificate, const limit_settings& limits);

// Options for a message whose certificates stand in elements of these names; `typed` ones are
// certificates themselves.
crypto::xml::message_options message_options(const tools& with,
                                             std::vector<crypto::xml::name> content,
                                             std::vector<crypto::xml::name> typed = {});

}  // namespace ecert::engine
