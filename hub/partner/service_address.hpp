// Where a caller reached a service of ours, as its description says it: from the Host field, which
// the caller wrote. What is no host and port is refused, so that nothing else of the caller's is
// written anywhere. Pure.
#pragma once

#include "adapters/http/message.hpp"

#include <optional>
#include <string>

namespace ecert::hub {

// "https://" host "/" path; nullopt: the Host field is no host. `path` is ours, without the first
// slash.
std::optional<std::string> service_address(const http::request_head& head, std::string_view path);

// GET with ?wsdl and nothing else.
bool asks_for_description(const http::request_head& head);

}  // namespace ecert::hub
