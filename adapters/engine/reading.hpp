// How messages of partners are read, in requests and replies alike.
#pragma once

#include "adapters/engine/engine.hpp"
#include "crypto/xml/reader.hpp"

namespace ecert::engine {

// Options for a message whose certificates stand in elements of these names; `typed` ones are
// certificates themselves.
crypto::xml::message_options message_options(const tools& with,
                                             std::vector<crypto::xml::name> content,
                                             std::vector<crypto::xml::name> typed = {});

}  // namespace ecert::engine
