// Ids are derived, never drawn: what agencies push again after a restore gets the same ids, and a
// delivery id is the wsa:MessageID of every attempt. UUID version 5 (RFC 9562, 5.5) in a namespace
// of the node's own; the name is the parts, each preceded by its length in bytes and a colon, so
// that no two lists of parts give one name.
#pragma once

#include "crypto/digest.hpp"

#include <boost/uuid/uuid.hpp>

#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>

namespace ecert::queue {

using uuid = boost::uuids::uuid;

uuid derive(std::initializer_list<std::string_view> parts);
std::string to_string(const uuid& id);               // lower case, with hyphens
bool parse_uuid(std::string_view text, uuid& into);  // also with a leading urn:uuid:
std::string urn(const uuid& id);                     // urn:uuid:...

uuid certificate_id(std::string_view node, std::string_view agency, std::string_view number,
                    int type, int status, std::uint32_t occurrence, const crypto::sha256& content);
uuid delivery_id(const uuid& certificate, std::string_view partner);
uuid respond_id(std::string_view node, const uuid& inbound, int status);
uuid task_id(const uuid& subject, std::string_view verb);

}  // namespace ecert::queue
